package io.github.cameldeliverability.delivery;

import java.time.Duration;
import java.time.Instant;

/** Wakes its owner once, on the serial executor, at the earliest of the moments that were asked for. */
final class Alarm {

    private final Core core;
    private final Runnable ring;
    private Instant at;
    private DelayTimer.Cancellation pending = () -> {};

    Alarm(Core core, Runnable ring) {
        this.core = core;
        this.ring = ring;
    }

    void notLaterThan(Instant moment) {
        if (at != null && !moment.isBefore(at)) {
            return;
        }
        pending.cancel();
        at = moment;
        // Clocks tell milliseconds: one more, so that the moment has come when it rings.
        Duration delay = Duration.between(core.now(), moment);
        Duration wait = delay.isNegative()
                ? Duration.ZERO
                : delay.plusNanos(delay.toNanosPart() % 1_000_000 == 0 ? 0 : 1_000_000);
        pending = core.timer().after(wait, () -> core.actor().execute(() -> fire(moment)));
    }

    void stop() {
        pending.cancel();
        at = null;
    }

    private void fire(Instant moment) {
        if (moment.equals(at)) {
            at = null;
            ring.run();
        }
    }
}
