package io.github.cameldeliverability.crm;

import io.github.cameldeliverability.crm.format.SystemDescription;
import io.github.cameldeliverability.crm.format.SystemReader;
import io.github.cameldeliverability.crm.http.Sleeper;
import io.github.cameldeliverability.crm.http.Transport;
import io.github.cameldeliverability.crm.pull.PullEngine;
import io.github.cameldeliverability.crm.pull.Reconciliation;
import io.github.cameldeliverability.crm.push.Connection;
import io.github.cameldeliverability.crm.push.Connection.World;
import io.github.cameldeliverability.crm.push.Ledger;
import io.github.cameldeliverability.mail.Suppression;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.support.SynchronizationAdapter;
import org.apache.camel.support.service.ServiceSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads from a system whom it does not mail: the body becomes a list of {@code Suppression}, for {@code
 * suppression:LIST?operation=ADD}. The first time it reads all, later what is new where the system can tell; how far it was
 * read is kept when the exchange has succeeded. Made by the kamelets {@code suppression-SYSTEM-source}. Blocking.
 */
public class CrmSource extends ServiceSupport implements Processor, CamelContextAware {

    private static final Logger LOG = LoggerFactory.getLogger(CrmSource.class);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** Clocks differ, and systems show what happened with a delay. */
    private static final Duration OVERLAP = Duration.ofHours(1);

    private final Clock clock;
    private final Sleeper sleeper;
    private final CrmSinkOptions options = new CrmSinkOptions();

    private CamelContext context;
    private Map<String, Object> settings = new LinkedHashMap<>();
    private Ledger ledger;
    private Connection connection;

    public CrmSource() {
        this(Clock.systemUTC(), Sleeper.SYSTEM);
    }

    public CrmSource(Clock clock, Sleeper sleeper) {
        this.clock = clock;
        this.sleeper = sleeper;
    }

    @Override
    protected void doStart() throws Exception {
        SystemDescription system = SystemReader.read(options.getSystem());
        if (system.pull().isEmpty()) {
            throw new IllegalArgumentException(system.title() + " has no list that can be read (pull)");
        }
        String name = options.getName().isEmpty() ? system.system() : options.getName();
        Duration timeout = Duration.ofMillis(CrmSink.millis(options.getTimeout()));
        ledger = CrmSettings.ledger(context, options.getState(), name, clock);
        connection = Connection.of(
                system,
                CrmSettings.given(context, system, settings),
                options.throttle(system.throttle()),
                ledger,
                new World(clock, sleeper, Transport.newClient(timeout), timeout, PATIENCE));
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        Instant started = clock.instant();
        Optional<Instant> since = ledger.pulledUntil().map(t -> t.minus(OVERLAP));
        PullEngine engine = new PullEngine(connection, clock);
        List<Suppression> entries = engine.pull(since).stream()
                .map(p -> Reconciliation.entry(p, "default", connection.source()))
                .toList();
        LOG.debug("{}: {} read, {} unreadable", connection.system().title(), entries.size(), engine.unreadable());
        exchange.getMessage().setBody(entries);
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onComplete(Exchange done) {
                try {
                    ledger.pulled(started);
                } catch (SQLException e) {
                    throw new RuntimeCamelException(e);
                }
            }
        });
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
