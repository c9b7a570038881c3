package io.github.cameldeliverability.mail.spi;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Counts by name and period, and small notes, that survive the process: what is left of a daily cap, where a warm-up is.
 * Thread-safe.
 *
 * <p>Whoever counts reserves a block before it is used. After a crash the rest of a block is lost, so that the error is on
 * the safe side: never more is sent than the limit allows. Where several nodes share a database they share the counters.
 *
 * <p>Failures complete the stage with {@code java.io.IOException}; then nothing may be used.
 */
public interface Counters {

    /**
     * Takes up to {@code wanted} of what {@code limit} leaves in the period. The completed grant is on disk.
     *
     * @param limit the largest number that the counter may reach; it may differ from call to call
     */
    CompletionStage<Grant> reserve(Key key, long wanted, long limit);

    /** Returns what was reserved and will not be used. */
    CompletionStage<Void> giveBack(Key key, long unused);

    /** Counters whose name begins with a prefix and whose period holds at a moment, by name. */
    CompletionStage<List<Reading>> read(String prefix, Instant at);

    /** Keeps a note under a name instead of the one before; an empty note is forgotten. */
    CompletionStage<Void> remember(String name, String note);

    /** The notes whose names begin with a prefix, by name. */
    CompletionStage<Map<String, String>> remembered(String prefix);

    /**
     * One counter in one period.
     *
     * @param name for people, too: {@code lane tx/192.0.2.1/google dailyCap}
     * @param from when the period begins
     * @param until when the next one begins
     */
    record Key(String name, Instant from, Instant until) {
        public Key {
            Objects.requireNonNull(name, "name");
            if (!from.isBefore(until)) {
                throw new IllegalArgumentException("a period must end after it begins: " + from + " to " + until);
            }
        }
    }

    /**
     * @param granted from 0 to what was wanted
     * @param reserved all that is reserved of the counter now, this grant included
     */
    record Grant(long granted, long reserved) {}

    /** @param reserved used, or reserved to be used */
    record Reading(Key key, long reserved) {}

    /** Remembers nothing: everything that is wanted is granted within the limit of the one call. */
    Counters NONE = new Counters() {
        @Override
        public CompletionStage<Grant> reserve(Key key, long wanted, long limit) {
            long granted = Math.max(0, Math.min(wanted, limit));
            return CompletableFuture.completedFuture(new Grant(granted, granted));
        }

        @Override
        public CompletionStage<Void> giveBack(Key key, long unused) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<List<Reading>> read(String prefix, Instant at) {
            return CompletableFuture.completedFuture(List.of());
        }

        @Override
        public CompletionStage<Void> remember(String name, String note) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<Map<String, String>> remembered(String prefix) {
            return CompletableFuture.completedFuture(Map.of());
        }
    };
}
