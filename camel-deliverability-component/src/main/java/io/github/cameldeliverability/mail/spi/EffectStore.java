package io.github.cameldeliverability.mail.spi;

import io.github.cameldeliverability.mail.Effect;
import io.github.cameldeliverability.mail.EffectEvent;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The durable memory of shaping: effects, what was counted and learnt, and what came back later. Operators give their
 * orders here, from any process; the engine follows within a second. Thread-safe.
 */
public interface EffectStore {

    /**
     * Effects, newest first.
     *
     * @param endedToo whether those that are over are wanted as well, as far as they are remembered
     */
    CompletionStage<List<Effect>> effects(boolean endedToo);

    /** What was counted and learnt, by name; see {@link Batch#notes}. */
    CompletionStage<Map<String, String>> notes();

    /**
     * Writes what an engine has found out, in one transaction. A state of an effect that knows of fewer orders than the
     * stored one is dropped: the operator's word stands.
     */
    CompletionStage<Void> write(Batch batch);

    /** Begins an effect by hand; completes with whether its id was free. */
    CompletionStage<Boolean> impose(Effect effect);

    /**
     * Ends an effect: one in force begins to recover, one that recovers is over at once. Completes with whether there was
     * one that was not over.
     *
     * @param who for the record
     */
    CompletionStage<Boolean> cancel(String id, String who);

    /**
     * Sets another end for an effect in force. Completes with whether there was one; with an {@code
     * IllegalArgumentException} if it has no end, such as a kill, for it would get one that nobody expects.
     */
    CompletionStage<Boolean> extend(String id, Instant until, String who);

    /** What happened to effects that cover the stream's mail, oldest first, after a place in the feed. */
    CompletionStage<List<EffectEvent>> feed(String stream, long after, int limit);

    /** How far a consumer of a stream's feed is; 0 at the beginning. */
    CompletionStage<Long> position(String stream, String consumer);

    CompletionStage<Void> setPosition(String stream, String consumer, long sequence);

    /** Tells of something that came back about delivered mail, in this process or another. */
    CompletionStage<Void> report(Report report);

    /** The reports that nobody has taken yet, oldest first. */
    CompletionStage<List<Report>> reports(int limit);

    /** Is called, on any thread and without blocking, soon after an order or a report, in this process or another. */
    AutoCloseable onNews(Runnable listener);

    /**
     * @param effects new states
     * @param events what to tell the feeds
     * @param notes what to remember, by name; an empty text forgets
     * @param taken ids of reports that are in the notes now
     */
    record Batch(
            Collection<Effect> effects,
            Collection<EffectEvent> events,
            Map<String, String> notes,
            Collection<Long> taken) {
        public Batch {
            effects = List.copyOf(effects);
            events = List.copyOf(events);
            notes = Map.copyOf(notes);
            taken = List.copyOf(taken);
        }

        public boolean isEmpty() {
            return effects.isEmpty() && events.isEmpty() && notes.isEmpty() && taken.isEmpty();
        }
    }

    /** What a report is about. */
    enum ReportKind {
        /** A person called the mail spam. */
        COMPLAINT,
        /** A returned mail says that the address is dead. */
        HARD_BOUNCE
    }

    /**
     * @param id given by the store; 0 before
     * @param deliveredAt when the mail had been delivered, as far as known; otherwise when it came back
     * @param evidence for people, without the address
     */
    record Report(
            long id,
            ReportKind kind,
            String stream,
            String provider,
            Instant deliveredAt,
            Instant at,
            String evidence) {
        public Report {
            Objects.requireNonNull(kind, "kind");
            Objects.requireNonNull(stream, "stream");
            Objects.requireNonNull(provider, "provider");
            Objects.requireNonNull(deliveredAt, "deliveredAt");
            Objects.requireNonNull(at, "at");
            Objects.requireNonNull(evidence, "evidence");
        }
    }

    /** For stores that keep no effects: nothing is remembered, and orders fail. */
    EffectStore NONE = new EffectStore() {
        @Override
        public CompletionStage<List<Effect>> effects(boolean endedToo) {
            return CompletableFuture.completedFuture(List.of());
        }

        @Override
        public CompletionStage<Map<String, String>> notes() {
            return CompletableFuture.completedFuture(Map.of());
        }

        @Override
        public CompletionStage<Void> write(Batch batch) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<Boolean> impose(Effect effect) {
            return refused();
        }

        @Override
        public CompletionStage<Boolean> cancel(String id, String who) {
            return refused();
        }

        @Override
        public CompletionStage<Boolean> extend(String id, Instant until, String who) {
            return refused();
        }

        @Override
        public CompletionStage<List<EffectEvent>> feed(String stream, long after, int limit) {
            return CompletableFuture.completedFuture(List.of());
        }

        @Override
        public CompletionStage<Long> position(String stream, String consumer) {
            return CompletableFuture.completedFuture(0L);
        }

        @Override
        public CompletionStage<Void> setPosition(String stream, String consumer, long sequence) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<Void> report(Report report) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<List<Report>> reports(int limit) {
            return CompletableFuture.completedFuture(List.of());
        }

        @Override
        public AutoCloseable onNews(Runnable listener) {
            return () -> {};
        }

        private <T> CompletionStage<T> refused() {
            return CompletableFuture.failedFuture(new UnsupportedOperationException("this store keeps no effects"));
        }
    };
}
