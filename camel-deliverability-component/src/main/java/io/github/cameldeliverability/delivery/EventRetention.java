package io.github.cameldeliverability.delivery;

import io.github.cameldeliverability.mail.spi.EventLog;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forgets old events a few at a time, so that the log of a stream that nobody consumes does not grow for ever and the
 * deletions do not stand in the way of the mail. Belongs to the serial executor.
 */
final class EventRetention {

    private static final Logger LOG = LoggerFactory.getLogger(EventRetention.class);
    private static final int BATCH = 1_000;
    private static final Duration BETWEEN_BATCHES = Duration.ofSeconds(1);
    private static final Duration LOOK_EVERY = Duration.ofMinutes(1);
    /** How much longer an event waits for its consumer than for nobody. */
    private static final int PATIENCE = 3;

    private final EventLog events;
    private final Core core;
    private final Alarm alarm;
    private boolean running;

    EventRetention(EventLog events, Core core) {
        this.events = events;
        this.core = core;
        this.alarm = new Alarm(core, this::purge);
    }

    void start() {
        running = true;
        alarm.notLaterThan(core.now().plus(LOOK_EVERY));
    }

    void stop() {
        running = false;
        alarm.stop();
    }

    private void purge() {
        Duration keep = core.options().eventRetention();
        Instant now = core.now();
        core.actor()
                .when(events.purge(now.minus(keep), now.minus(keep.multipliedBy(PATIENCE)), BATCH), (count, error) -> {
                    if (error != null) {
                        LOG.warn("event=purge-failed reason=\"{}\"", error.toString());
                    }
                    if (running) {
                        boolean more = error == null && count > 0;
                        alarm.notLaterThan(core.now().plus(more ? BETWEEN_BATCHES : LOOK_EVERY));
                    }
                });
    }
}
