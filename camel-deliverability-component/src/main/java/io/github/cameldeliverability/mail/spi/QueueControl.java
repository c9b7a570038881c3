package io.github.cameldeliverability.mail.spi;

import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.RecipientKey;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What operators do to a queue: withdraw, hurry, hold back. Orders are durable and may be given from another process than
 * the engine's; the engine follows within a second. Thread-safe.
 *
 * <p>Orders for many rows are carried out in steps, so that the engine goes on beside them; a row that is added meanwhile
 * may be met or not.
 */
public interface QueueControl {

    /**
     * Withdraws open recipients. A free row gets its final event CANCELLED at once. A row that the engine holds is marked:
     * it is never tried again, but a transaction that is under way for it may still end as delivered or bounced.
     *
     * @param dryRun only counts
     */
    CompletionStage<Affected> cancel(Selection selection, boolean dryRun);

    /**
     * Makes free rows that wait for a later attempt due now. Attempt counts and deadlines stay. {@link Affected#held} counts
     * those that the engine has in work already and that are not touched.
     *
     * @param dryRun only counts
     */
    CompletionStage<Affected> retry(Selection selection, boolean dryRun);

    /**
     * Holds back a stream, or one recipient domain of it, until {@link #resume}: nothing new of it is begun, everything is
     * still taken in. Completes with whether that is new; the first reason stays.
     *
     * @param why for people
     */
    CompletionStage<Boolean> suspend(String stream, Optional<String> domain, String why);

    /**
     * Ends the suspension that was made with the same stream and domain. Completes with whether there was one. Recipients
     * whose deadline passed meanwhile expire then.
     */
    CompletionStage<Boolean> resume(String stream, Optional<String> domain);

    /** What is held back, by stream and domain. */
    CompletionStage<List<Suspension>> suspensions();

    /**
     * Gives free rows that wait for the end of a wait another due time: those due at exactly {@code from}, and those that
     * were put off to their deadline because it comes before that. Completes with how many.
     *
     * @param stream only of this stream
     */
    default CompletionStage<Long> moveDue(Optional<String> stream, Instant from, Instant to) {
        return CompletableFuture.completedFuture(0L);
    }

    /** Rows that the engine holds and should give up, if it has not begun with them; at most {@code limit}. */
    CompletionStage<List<RecipientKey>> withdrawn(int limit);

    /** Is called, on any thread and without blocking, soon after somebody gave an order, in this process or another. */
    AutoCloseable onOrders(Runnable listener);

    /** For stores that take no orders: nothing is ever suspended, and orders fail. */
    QueueControl NONE = new QueueControl() {
        @Override
        public CompletionStage<Affected> cancel(Selection selection, boolean dryRun) {
            return refused();
        }

        @Override
        public CompletionStage<Affected> retry(Selection selection, boolean dryRun) {
            return refused();
        }

        @Override
        public CompletionStage<Boolean> suspend(String stream, Optional<String> domain, String why) {
            return refused();
        }

        @Override
        public CompletionStage<Boolean> resume(String stream, Optional<String> domain) {
            return refused();
        }

        @Override
        public CompletionStage<List<Suspension>> suspensions() {
            return CompletableFuture.completedFuture(List.of());
        }

        @Override
        public CompletionStage<List<RecipientKey>> withdrawn(int limit) {
            return CompletableFuture.completedFuture(List.of());
        }

        @Override
        public AutoCloseable onOrders(Runnable listener) {
            return () -> {};
        }

        private <T> CompletionStage<T> refused() {
            return CompletableFuture.failedFuture(new UnsupportedOperationException("this store takes no orders"));
        }
    };

    /**
     * Open recipients that all of the given conditions hold for; at least one must be given.
     *
     * @param queueId of one message
     * @param stream its stream
     * @param domain of the recipient
     * @param tag one of the message's tags
     */
    record Selection(Optional<String> queueId, Optional<String> stream, Optional<String> domain, Optional<String> tag) {
        public Selection {
            Objects.requireNonNull(queueId, "queueId");
            Objects.requireNonNull(stream, "stream");
            Objects.requireNonNull(domain, "domain");
            Objects.requireNonNull(tag, "tag");
            if (queueId.isEmpty() && stream.isEmpty() && domain.isEmpty() && tag.isEmpty()) {
                throw new IllegalArgumentException("an order needs a queue id, a stream, a domain or a tag");
            }
        }
    }

    /**
     * @param free rows that wait in the store
     * @param held rows that the engine has in work
     */
    record Affected(long free, long held) {
        public long total() {
            return free + held;
        }
    }

    /** @param domain lower case, A-labels; empty holds back the whole stream */
    record Suspension(String stream, Optional<String> domain, Instant since, String why) {
        public Suspension {
            domain = domain.map(
                    d -> new EmailAddress("postmaster", d).asciiDomain().toLowerCase(Locale.ROOT));
        }

        /** Whether mail of the stream to the domain is held back. */
        public boolean covers(String ofStream, String asciiDomain) {
            return stream.equals(ofStream) && (domain.isEmpty() || domain.get().equals(asciiDomain));
        }
    }
}
