package io.github.cameldeliverability.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.cameldeliverability.testkit.MutableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueueIdsSortByTimeTest {

    private final MutableClock clock = new MutableClock(Instant.parse("2026-03-01T10:00:00.123Z"));
    private final QueueIds ids = new QueueIds(clock, new Random(1));

    @Test
    void idsAreGreaterEachTimeThoughTheClockStandsOrStepsBack() {
        List<String> made = new ArrayList<>();
        for (int i = 0; i < 200_000; i++) {
            made.add(ids.next());
            if (i == 100_000) {
                clock.advance(Duration.ofSeconds(-5));
            } else if (i == 150_000) {
                clock.advance(Duration.ofHours(1));
            }
        }
        assertThat(made).isSorted().doesNotHaveDuplicates();
        assertThat(made).allMatch(id -> id.matches("[0-9a-v]{16}"));
    }

    @Test
    void theTimeCanBeReadBack() {
        assertThat(QueueIds.timeOf(ids.next())).isEqualTo(clock.instant());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "0123456789abcdew", "0123456789ABCDEF", "0123456789abcdef0"})
    void whatIsNoQueueIdHasNoTime(String text) {
        assertThatThrownBy(() -> QueueIds.timeOf(text)).hasMessageContaining("not a queue id");
    }
}
