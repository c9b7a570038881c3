package io.github.cameldeliverability.crm;

import io.github.cameldeliverability.crm.format.Outcome;
import io.github.cameldeliverability.crm.format.SystemDescription;
import io.github.cameldeliverability.crm.format.SystemDescription.Throttle;
import io.github.cameldeliverability.crm.format.SystemReader;
import io.github.cameldeliverability.crm.http.Mask;
import io.github.cameldeliverability.crm.http.Sleeper;
import io.github.cameldeliverability.crm.http.Transport;
import io.github.cameldeliverability.crm.push.Connection;
import io.github.cameldeliverability.crm.push.Connection.World;
import io.github.cameldeliverability.crm.push.Ledger;
import io.github.cameldeliverability.crm.push.PushEngine;
import io.github.cameldeliverability.crm.push.PushReport;
import io.github.cameldeliverability.crm.push.Result;
import io.github.cameldeliverability.suppression.SuppressionConstants;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.support.service.ServiceSupport;
import org.apache.camel.util.TimeUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells one CRM or mail service of changes of a suppression list: the body is a {@code SuppressionChange}, a list of them, or
 * their JSON as the change feed makes it. It fails when something is to be tried again, so that the feed stands and comes
 * back; what it did until then it knows. Headers of the result: {@link #DONE} and the others.
 *
 * <p>Made by the kamelets {@code suppression-SYSTEM-sink}; options are bean properties. Blocking; one exchange at a time.
 */
public class CrmSink extends ServiceSupport implements Processor, CamelContextAware {

    /** How many addresses were written. */
    public static final String DONE = "CamelCrmDone";

    /** How many needed nothing: it was so already, the system does not know them, or they are not told. */
    public static final String UNCHANGED = "CamelCrmUnchanged";

    /** How many went to the dead letters. */
    public static final String DEAD = "CamelCrmDead";

    /** In a dry run: the list of the requests that would have been made, without secrets. */
    public static final String CALLS = "CamelCrmCalls";

    private static final Logger LOG = LoggerFactory.getLogger(CrmSink.class);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Clock clock;
    private final Sleeper sleeper;
    private final CrmSinkOptions options = new CrmSinkOptions();

    private CamelContext context;
    private Map<String, Object> settings = new LinkedHashMap<>();
    private ExecutorService pool;
    private Connection connection;
    private PushEngine engine;
    private boolean probed;

    public CrmSink() {
        this(Clock.systemUTC(), Sleeper.SYSTEM);
    }

    public CrmSink(Clock clock, Sleeper sleeper) {
        this.clock = clock;
        this.sleeper = sleeper;
    }

    @Override
    protected void doStart() throws Exception {
        SystemDescription system = SystemReader.read(options.getSystem());
        String name = options.getName().isEmpty() ? system.system() : options.getName();
        World world = new World(
                clock,
                sleeper,
                Transport.newClient(Duration.ofMillis(millis(options.getTimeout()))),
                Duration.ofMillis(millis(options.getTimeout())),
                PATIENCE);
        Throttle throttle = options.throttle(system.throttle());
        Ledger ledger = CrmSettings.ledger(context, options.getState(), name, clock);
        connection = Connection.of(system, CrmSettings.given(context, system, settings), throttle, ledger, world);
        pool = context.getExecutorServiceManager().newFixedThreadPool(this, "crm-" + name, throttle.concurrency());
        engine = connection.push(
                ledger, options.push(), new DeadLetterEndpoint(context, name, options.getDeadLetters()), pool, world);
        probed = system.probe().isEmpty() || !options.isProbe() || tryProbe().isPresent();
        if (options.isDryRun()) {
            LOG.warn("The sink {} makes a dry run: nothing is written", name);
        }
    }

    @Override
    protected void doStop() {
        if (pool != null) {
            context.getExecutorServiceManager().shutdownNow(pool);
        }
    }

    /** Empty if the system could not be asked yet. */
    private Optional<Result> tryProbe() throws InterruptedException {
        Result r = connection.probe(engine);
        if (r.outcome() == Outcome.STOP) {
            throw new IllegalStateException(connection.system().title() + " will not let us write: " + r.reason());
        }
        if (r.outcome() != Outcome.DONE) {
            LOG.warn(
                    "{} cannot be asked now, it will be before the first write: {}",
                    connection.system().title(),
                    r.reason());
            return Optional.empty();
        }
        return Optional.of(r);
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        Message m = exchange.getMessage();
        List<CrmEvent> events = CrmEvents.of(m.getBody());
        if (!probed) {
            probed = tryProbe().isPresent();
            if (!probed) {
                throw new RuntimeCamelException(connection.system().title() + " does not answer");
            }
        }
        PushReport report = engine.push(events, options.isDryRun());
        Map<Outcome, Integer> counts = report.counts();
        m.setHeader(DONE, counts.getOrDefault(Outcome.DONE, 0));
        m.setHeader(DEAD, counts.getOrDefault(Outcome.TERMINAL, 0));
        m.setHeader(
                UNCHANGED,
                counts.getOrDefault(Outcome.ALREADY, 0)
                        + counts.getOrDefault(Outcome.NOT_FOUND, 0)
                        + counts.getOrDefault(Outcome.SKIPPED, 0));
        if (options.isDryRun()) {
            m.setHeader(CALLS, report.calls());
            report.calls().forEach(c -> LOG.info("Would call {}", c));
        }
        LOG.debug("{}: {}", connection.system().title(), counts);
        Optional<Result> hold = report.hold();
        if (hold.isPresent()) {
            report.after().ifPresent(d -> m.setHeader(SuppressionConstants.RETRY_DELAY, d.toMillis()));
            throw new RuntimeCamelException(connection.system().title()
                    + (hold.get().outcome() == Outcome.STOP ? " refuses everything: " : " refuses for now: ")
                    + Mask.localParts(hold.get().reason()) + " " + counts);
        }
    }

    static long millis(String duration) {
        return TimeUtils.toMilliSeconds(duration);
    }

    @Override
    public CamelContext getCamelContext() {
        return context;
    }

    @Override
    public void setCamelContext(CamelContext camelContext) {
        this.context = camelContext;
    }

    public Map<String, Object> getSettings() {
        return settings;
    }

    /** The settings of the system, by name. */
    public void setSettings(Map<String, Object> settings) {
        this.settings = settings;
    }

    public CrmSinkOptions getOptions() {
        return options;
    }
}
