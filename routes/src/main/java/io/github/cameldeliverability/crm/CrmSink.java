package io.github.cameldeliverability.crm;

import io.github.cameldeliverability.crm.format.Outcome;
import io.github.cameldeliverability.crm.format.SystemDescription;
import io.github.cameldeliverability.crm.format.SystemReader;
import io.github.cameldeliverability.crm.http.Mask;
import io.github.cameldeliverability.crm.http.Sleeper;
import io.github.cameldeliverability.crm.push.Connection;
import io.github.cameldeliverability.crm.push.Connection.World;
import io.github.cameldeliverability.crm.push.Ledger;
import io.github.cameldeliverability.crm.push.PushEngine;
import io.github.cameldeliverability.crm.push.PushReport;
import io.github.cameldeliverability.crm.push.Result;
import io.github.cameldeliverability.suppression.SuppressionConstants;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.RuntimeCamelException;
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
public class CrmSink extends CrmStep {

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

    private ExecutorService pool;
    private Connection connection;
    private PushEngine engine;
    private boolean probed;

    public CrmSink() {
        this(Clock.systemUTC(), Sleeper.SYSTEM);
    }

    public CrmSink(Clock clock, Sleeper sleeper) {
        super(clock, sleeper);
    }

    @Override
    protected void doStart() throws Exception {
        CrmSinkOptions options = getOptions();
        SystemDescription system = SystemReader.read(options.getSystem());
        String name = name(system);
        World world = world(PATIENCE);
        Ledger ledger = ledger(system);
        connection = connect(system, ledger, world);
        pool = getCamelContext()
                .getExecutorServiceManager()
                .newFixedThreadPool(this, "crm-" + name, throttle(system).concurrency());
        DeadLetterEndpoint dead = new DeadLetterEndpoint(getCamelContext(), name, options.getDeadLetters());
        engine = connection.push(ledger, options.push(), dead, pool, world);
        probed = system.probe().isEmpty() || !options.isProbe() || tryProbe().isPresent();
        if (options.isDryRun()) {
            LOG.warn("The sink {} makes a dry run: nothing is written", name);
        }
    }

    @Override
    protected void doStop() {
        if (pool != null) {
            getCamelContext().getExecutorServiceManager().shutdownNow(pool);
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
        PushReport report = engine.push(events, getOptions().isDryRun());
        Map<Outcome, Integer> counts = report.counts();
        m.setHeader(DONE, counts.getOrDefault(Outcome.DONE, 0));
        m.setHeader(DEAD, counts.getOrDefault(Outcome.TERMINAL, 0));
        m.setHeader(
                UNCHANGED,
                counts.getOrDefault(Outcome.ALREADY, 0)
                        + counts.getOrDefault(Outcome.NOT_FOUND, 0)
                        + counts.getOrDefault(Outcome.SKIPPED, 0));
        if (getOptions().isDryRun()) {
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
}
