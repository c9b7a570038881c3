package io.github.cameldeliverability.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class OwnStallsAreNotTheServersTest {

    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    private final StallWatch watch = new StallWatch();

    @Test
    void regularBeatsAreNoStall() {
        beats(0, 10_000);

        assertThat(watch.within(at(0), at(10_000))).isZero();
    }

    @Test
    void whatPassedInAStallIsTakenOff() {
        beats(0, 2_000);
        beats(5_000, 8_000);

        assertThat(watch.within(at(1_900), at(5_100))).isEqualTo(Duration.ofMillis(2_750));
        assertThat(watch.within(at(4_000), at(5_100))).isEqualTo(Duration.ofSeconds(1));
        assertThat(watch.within(at(5_000), at(8_000))).isZero();
    }

    @Test
    void aStallIsKnownBeforeTheBeatThatItHeldUp() {
        beats(0, 2_000);

        assertThat(watch.within(at(1_900), at(5_000))).isEqualTo(Duration.ofMillis(2_750));
    }

    @Test
    void whoIsNeverToldKnowsOfNone() {
        assertThat(watch.within(at(0), at(60_000))).isZero();
    }

    private void beats(long from, long to) {
        for (long ms = from; ms <= to; ms += StallWatch.BEAT.toMillis()) {
            watch.beat(at(ms));
        }
    }

    private static Instant at(long millis) {
        return START.plusMillis(millis);
    }
}
