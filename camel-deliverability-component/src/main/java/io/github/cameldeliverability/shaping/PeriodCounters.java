package io.github.cameldeliverability.shaping;

import io.github.cameldeliverability.mail.spi.Counters;
import io.github.cameldeliverability.shaping.PeriodCounter.Period;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** The period counters of this process by name; lanes that name the same counter share it. Thread-safe. */
final class PeriodCounters {

    private static final int SWEEP_AT = 10_000;

    private final Counters counters;
    private final Clock clock;
    private final Map<String, PeriodCounter> byName = new ConcurrentHashMap<>();

    PeriodCounters(Counters counters, Clock clock) {
        this.counters = counters;
        this.clock = clock;
    }

    PeriodCounter get(String name, Period period) {
        if (byName.size() > SWEEP_AT) {
            Instant old = clock.instant().minus(Duration.ofDays(2));
            byName.values().removeIf(c -> c.isForgettable(old));
        }
        return byName.computeIfAbsent(
                name + (period == Period.HOUR ? " hour" : " day"), n -> new PeriodCounter(counters, n, period));
    }

    /** Reads what was used before this process began. */
    CompletionStage<Void> seed() {
        return counters.read("", clock.instant())
                .thenAccept(readings -> readings.forEach(r -> {
                    String name = r.key().name();
                    Period period = name.endsWith(" hour") ? Period.HOUR : Period.DAY;
                    byName.computeIfAbsent(name, n -> new PeriodCounter(counters, n, period))
                            .seed(r);
                }));
    }

    /** Gives back what is reserved and not used. */
    CompletionStage<Void> close() {
        List<CompletableFuture<Void>> all = new ArrayList<>();
        byName.values().forEach(c -> all.add(c.close().toCompletableFuture()));
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new));
    }
}
