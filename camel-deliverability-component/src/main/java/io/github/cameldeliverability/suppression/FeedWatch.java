package io.github.cameldeliverability.suppression;

import io.github.cameldeliverability.mail.FeedLag;
import io.github.cameldeliverability.mail.spi.SuppressionList;
import java.time.Clock;
import java.time.Duration;
import org.apache.camel.CamelContext;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.health.HealthCheckRepository;
import org.apache.camel.health.WritableHealthCheckRepository;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps an eye on how far a consumer is behind, and shows it: as metrics where the registry has a Micrometer {@code
 * MeterRegistry}, as a health check where {@code maxLag} is set. Thread-safe.
 */
final class FeedWatch {

    private static final Logger LOG = LoggerFactory.getLogger(FeedWatch.class);

    /** Counting is a query: not with each change. */
    private static final long LOOK_MILLIS = 5_000;

    private final String list;
    private final String consumer;
    private final long maxLag;
    private final Clock clock;

    private volatile FeedLag lag = FeedLag.NONE;
    private volatile long looked;
    private AutoCloseable meters;
    private Object check;

    FeedWatch(String list, String consumer, long maxLag, Clock clock) {
        this.list = list;
        this.consumer = consumer;
        this.maxLag = maxLag;
        this.clock = clock;
    }

    void none() {
        lag = FeedLag.NONE;
    }

    /** Asks the store now and then; the answer comes when it comes. */
    void look(SuppressionList feed, boolean now) {
        long millis = clock.millis();
        if (now || millis - looked >= LOOK_MILLIS) {
            looked = millis;
            var unused = feed.lag(list, consumer).whenComplete((found, error) -> {
                if (error == null) {
                    lag = found;
                }
            });
        }
    }

    long changes() {
        return lag.changes();
    }

    /** How long the first change that is not handled has been waiting, in seconds. */
    double seconds() {
        return lag.oldest()
                .map(at -> Math.max(0, Duration.between(at, clock.instant()).toMillis() / 1000.0))
                .orElse(0.0);
    }

    synchronized void register(CamelContext context, String routeId) {
        try {
            meters = FeedMeters.register(context, list, consumer, this);
        } catch (NoClassDefFoundError e) {
            LOG.debug("Micrometer is not there: no metrics of the feed of list {}", list, e);
        }
        HealthCheckRepository checks =
                maxLag > 0 ? HealthCheckHelper.getHealthCheckRepository(context, "consumers") : null;
        if (checks instanceof WritableHealthCheckRepository writable) {
            FeedLagCheck added = new FeedLagCheck("consumer:suppression-lag-" + routeId, list, consumer, maxLag, this);
            added.setCamelContext(context);
            writable.addHealthCheck(added);
            check = added;
        }
    }

    synchronized void unregister(CamelContext context) {
        if (meters != null) {
            try {
                meters.close();
            } catch (Exception e) {
                LOG.debug("The metrics of the feed of list {} could not be removed", list, e);
            }
            meters = null;
        }
        if (check instanceof FeedLagCheck added
                && HealthCheckHelper.getHealthCheckRepository(context, "consumers")
                        instanceof WritableHealthCheckRepository writable) {
            writable.removeHealthCheck(added);
            check = null;
        }
    }
}
