package io.github.cameldeliverability.shaping;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A receiver that was out of order when a lane began is found to be fast within minutes, a slow one is not overrun. */
class RefusedFirstMessagesDoNotSlowALaneForLongTest {

    private final RateControl control = new RateControl(0, 0);
    private double now;

    @Test
    void afterAnOutageTheRateDoubles() {
        outage(120);

        sendUntil(now + 300, Double.POSITIVE_INFINITY);

        assertThat(control.rate()).isGreaterThan(100);
    }

    @Test
    void theFirstRefusalEndsTheDoubling() {
        outage(120);

        int refused = sendUntil(now + 3_600, 10);

        assertThat(control.rate()).isBetween(5.0, 10.5);
        assertThat(refused).isLessThan(20);
    }

    /** Refuses whatever asks for so long. */
    private void outage(double seconds) {
        double over = now + seconds;
        control.refused(now);
        while (now < over) {
            now = Math.max(now + 1, control.heldUntil());
            control.asks(now);
            if (now < over) {
                control.refused(now);
            } else {
                control.accepted(now);
            }
        }
    }

    /** Sends as fast as the rate allows; more than {@code limit} in a second are refused. Says how many were. */
    private int sendUntil(double end, double limit) {
        int refusals = 0;
        double second = 0;
        int inSecond = 0;
        while (now < end) {
            if (control.isHeld()) {
                now = Math.max(now, control.heldUntil());
                control.asks(now);
            } else {
                now += 1 / control.rate();
            }
            if (Math.floor(now) > second) {
                second = Math.floor(now);
                inSecond = 0;
            }
            if (++inSecond > limit) {
                refusals++;
                control.refused(now);
            } else {
                control.accepted(now);
            }
        }
        return refusals;
    }
}
