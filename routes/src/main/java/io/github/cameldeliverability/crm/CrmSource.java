package io.github.cameldeliverability.crm;

import io.github.cameldeliverability.crm.format.SystemDescription;
import io.github.cameldeliverability.crm.format.SystemReader;
import io.github.cameldeliverability.crm.http.Sleeper;
import io.github.cameldeliverability.crm.pull.PullEngine;
import io.github.cameldeliverability.crm.pull.Reconciliation;
import io.github.cameldeliverability.crm.push.Connection;
import io.github.cameldeliverability.crm.push.Ledger;
import io.github.cameldeliverability.mail.Suppression;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.support.SynchronizationAdapter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads from a system whom it does not mail: the body becomes a list of {@code Suppression}, for {@code
 * suppression:LIST?operation=ADD}. The first time it reads all, later what is new where the system can tell; how far it was
 * read is kept when the exchange has succeeded. Made by the kamelets {@code suppression-SYSTEM-source}. Blocking.
 */
public class CrmSource extends CrmStep {

    private static final Logger LOG = LoggerFactory.getLogger(CrmSource.class);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** Clocks differ, and systems show what happened with a delay. */
    private static final Duration OVERLAP = Duration.ofHours(1);

    private Ledger ledger;
    private Connection connection;

    public CrmSource() {
        this(Clock.systemUTC(), Sleeper.SYSTEM);
    }

    public CrmSource(Clock clock, Sleeper sleeper) {
        super(clock, sleeper);
    }

    @Override
    protected void doStart() throws Exception {
        SystemDescription system = SystemReader.read(getOptions().getSystem());
        if (system.pull().isEmpty()) {
            throw new IllegalArgumentException(system.title() + " has no list that can be read (pull)");
        }
        ledger = ledger(system);
        connection = connect(system, ledger, world(PATIENCE));
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
}
