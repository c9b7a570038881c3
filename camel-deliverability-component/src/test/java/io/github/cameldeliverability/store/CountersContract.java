package io.github.cameldeliverability.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.cameldeliverability.mail.spi.Counters;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Counters and notes as every database must keep them. */
abstract class CountersContract extends StoreContract {

    private static final Instant DAY = Instant.parse("2026-11-22T00:00:00Z");
    private static final Counters.Key TODAY = day("lane a", 0);

    private static Counters.Key day(String name, int offset) {
        Instant from = DAY.plus(Duration.ofDays(offset));
        return new Counters.Key(name, from, from.plus(Duration.ofDays(1)));
    }

    @Test
    void neverGrantsMoreThanTheLimitLeaves() {
        assertThat(get(store.counters().reserve(TODAY, 60, 100))).isEqualTo(new Counters.Grant(60, 60));
        assertThat(get(store.counters().reserve(TODAY, 60, 100))).isEqualTo(new Counters.Grant(40, 100));
        assertThat(get(store.counters().reserve(TODAY, 1, 100))).isEqualTo(new Counters.Grant(0, 100));
        assertThat(get(store.counters().reserve(TODAY, 10, 50)))
                .as("a limit that was lowered")
                .isEqualTo(new Counters.Grant(0, 100));
        assertThat(get(store.counters().reserve(day("lane a", 1), 60, 100)))
                .as("the next day")
                .isEqualTo(new Counters.Grant(60, 60));
        assertThat(get(store.counters().reserve(day("lane b", 0), 5, 100)))
                .as("another name")
                .isEqualTo(new Counters.Grant(5, 5));
    }

    @Test
    void concurrentReservationsSumUpToTheLimit() {
        List<CompletionStage<Counters.Grant>> grants = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            grants.add(store.counters().reserve(TODAY, 7, 500));
        }
        assertThat(grants.stream().mapToLong(g -> get(g).granted()).sum()).isEqualTo(500);
    }

    @Test
    void whatIsReservedSurvivesARestartAndWhatIsGivenBackIsFree() {
        get(store.counters().reserve(TODAY, 80, 100));
        store = reopen(store);
        get(store.counters().giveBack(TODAY, 30));
        assertThat(get(store.counters().reserve(TODAY, 90, 100))).isEqualTo(new Counters.Grant(50, 100));
        get(store.counters().giveBack(TODAY, 1000));
        assertThat(get(store.counters().read("lane", DAY))).singleElement().satisfies(r -> assertThat(r.reserved())
                .isZero());
    }

    @Test
    void readsWhatHoldsAtAMoment() {
        get(store.counters().reserve(TODAY, 1, 10));
        get(store.counters().reserve(day("lane a", 1), 2, 10));
        get(store.counters().reserve(day("other", 0), 3, 10));
        assertThat(get(store.counters().read("lane", DAY.plusSeconds(5))))
                .singleElement()
                .satisfies(r -> {
                    assertThat(r.key()).isEqualTo(TODAY);
                    assertThat(r.reserved()).isEqualTo(1);
                });
        assertThat(get(store.counters().read("", DAY))).hasSize(2);
        assertThat(get(store.counters().read("la%", DAY))).isEmpty();
    }

    @Test
    void notesAreKeptReplacedAndForgotten() {
        get(store.counters().remember("warmup a", "one"));
        get(store.counters().remember("warmup a", "two"));
        get(store.counters().remember("warmup b", "three"));
        get(store.counters().remember("other", "four"));
        store = reopen(store);
        assertThat(get(store.counters().remembered("warmup ")))
                .isEqualTo(Map.of("warmup a", "two", "warmup b", "three"));
        get(store.counters().remember("warmup a", ""));
        assertThat(get(store.counters().remembered("warmup "))).containsOnlyKeys("warmup b");
    }

    @Test
    void aPeriodEndsAfterItBegins() {
        assertThatThrownBy(() -> new Counters.Key("x", DAY, DAY)).hasMessageContaining("must end after it begins");
    }
}
