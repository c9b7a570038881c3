package io.github.cameldeliverability.shaping;

import io.github.cameldeliverability.mail.Lane;
import io.github.cameldeliverability.mail.spi.Counters;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The limits of an engine as its store tells them, for tools in other processes: the file and the options that it last ran
 * with, what is used of caps, where warm-ups are. What the engine has learnt of servers and not written down is not in it.
 * Changes nothing in the store. Thread-safe.
 */
public final class StoredLimits {

    private final AdaptiveShaper shaper;
    private final Set<String> streams;

    private StoredLimits(AdaptiveShaper shaper, Set<String> streams) {
        this.shaper = shaper;
        this.streams = streams;
    }

    /**
     * Reads what a store knows. Fails with a {@link LimitFileException} if the file in it is of another release and cannot
     * be read.
     */
    public static CompletionStage<StoredLimits> read(Counters counters, Clock clock) {
        return counters.remembered("limits ").thenCompose(notes -> {
            String file = notes.getOrDefault(Limiter.FILE_NOTE, "");
            int end = file.indexOf('\n');
            LimitBook book = end < 0
                    ? LimitBook.builtInOnly()
                    : LimitBook.parse(file.substring(0, end), file.substring(end + 1));
            AdaptiveShaper shaper = new AdaptiveShaper(clock, book, new ReadOnly(counters), new LocalMeters());
            Set<String> streams = new TreeSet<>(book.file().streams().keySet());
            notes.forEach((name, note) -> {
                if (name.startsWith(Limiter.STREAM_NOTE)) {
                    String stream = name.substring(Limiter.STREAM_NOTE.length());
                    shaper.describeStream(stream, StreamFacts.parse(note));
                    streams.add(stream);
                }
            });
            return shaper.ready().thenApply(v -> new StoredLimits(shaper, streams));
        });
    }

    /** The streams that are known. */
    public Set<String> streams() {
        return Set.copyOf(streams);
    }

    /** The lane's name of a domain's provider. */
    public String provider(String domain, List<String> mxHosts) {
        return shaper.provider(domain, mxHosts);
    }

    public List<Explanation> explain(Lane lane) {
        return shaper.explain(lane);
    }

    public List<WarmupStatus> warmups() {
        return shaper.warmups();
    }

    /** Grants nothing and writes nothing. */
    private record ReadOnly(Counters counters) implements Counters {

        @Override
        public CompletionStage<Grant> reserve(Key key, long wanted, long limit) {
            return CompletableFuture.failedFuture(new UnsupportedOperationException("read only"));
        }

        @Override
        public CompletionStage<Void> giveBack(Key key, long unused) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<List<Reading>> read(String prefix, Instant at) {
            return counters.read(prefix, at);
        }

        @Override
        public CompletionStage<Void> remember(String name, String note) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<Map<String, String>> remembered(String prefix) {
            return counters.remembered(prefix);
        }
    }
}
