package io.github.cameldeliverability.mail.spi;

import io.github.cameldeliverability.mail.DeliveryEvent;
import io.github.cameldeliverability.mail.RecipientKey;
import io.github.cameldeliverability.mail.SpooledMessage;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * The durable queue: content once a message, a row a recipient. Every completed call is on disk; concurrent calls share
 * commits (group commit).
 *
 * <p>A row is <em>held</em> by one node at a time (the node that this instance was opened for) or free. A free row whose
 * due time has passed can be claimed. Rows of a node that died become free by themselves.
 *
 * <p>Failures complete the stage with {@code java.io.IOException} (disk full, database gone); the caller may try again.
 */
public interface Spool {

    /**
     * Stores a message with all its recipients, unless its queue id was used before: one that is in the queue or in the
     * history completes the stage with an {@code IllegalArgumentException}, decided in the transaction that would have
     * stored it.
     *
     * @param held whether this node goes on with it from memory; otherwise its rows are free and due at {@code dueAt}
     */
    CompletionStage<Void> add(SpooledMessage message, boolean held);

    /** Claims free rows that are due, oldest due time first within a domain. */
    CompletionStage<List<Claim>> claim(ClaimRequest request);

    /** The message with its whole original recipient list; empty if it has no open recipient any more. */
    CompletionStage<Optional<SpooledMessage>> load(String queueId);

    /**
     * Records what became of a held row. A final outcome removes the row (and the message with its last row); {@code
     * DEFERRED} frees the row, due at the event's {@code nextAttempt}, with the event's attempt count. The event enters
     * the event log in the same transaction. If a final one says that the stream's fallback is to have the message, it is
     * in {@link Store#fallbacks()} with that transaction, too.
     */
    CompletionStage<Void> settle(RecipientKey key, DeliveryEvent event);

    /** Frees held rows that were not tried, due again at {@code dueAt}; attempt counts stay. */
    CompletionStage<Void> release(Collection<RecipientKey> keys, Instant dueAt);

    /**
     * The earliest due time after a moment of a free row of the stream, so that nobody has to poll; empty if there is none.
     * Rows that were due already are not counted: who left them unclaimed knows what they wait for.
     */
    CompletionStage<Optional<Instant>> nextDue(String stream, Instant after);

    /** Counts; answers in well under a second whatever the queue's length. */
    CompletionStage<Stats> stats();

    /** Open rows for people to look at, oldest first. */
    CompletionStage<List<Row>> list(ListRequest request);

    /**
     * @param stream whose rows
     * @param now rows due at or before
     * @param limit how many at most
     * @param perDomain how many of one domain at most, so that one large domain does not crowd out the others
     * @param exceptDomains recipient domains that cannot be served now
     */
    record ClaimRequest(String stream, Instant now, int limit, int perDomain, Set<String> exceptDomains) {
        public ClaimRequest {
            exceptDomains = Set.copyOf(exceptDomains);
        }
    }

    /** A row that this node now holds. */
    record Claim(RecipientKey key, String domain, int attempts, Instant dueAt, Instant expiresAt) {}

    /** One open row. {@code lastReply} is the reply of the last attempt in its one-line form. */
    record Row(
            RecipientKey key,
            String stream,
            String recipient,
            int attempts,
            Instant acceptedAt,
            Instant dueAt,
            Instant expiresAt,
            boolean held,
            Optional<String> lastReply) {}

    /** @param domain only this recipient domain, if given */
    record ListRequest(Optional<String> stream, Optional<String> domain, int limit) {}

    /** Counts of one stream. */
    record StreamStats(String stream, long open, long held, long due, long deferred, Optional<Instant> oldest) {}

    record Stats(List<StreamStats> streams, long messages, long openRecipients) {}
}
