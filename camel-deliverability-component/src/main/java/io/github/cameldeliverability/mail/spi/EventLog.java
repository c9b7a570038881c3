package io.github.cameldeliverability.mail.spi;

import io.github.cameldeliverability.mail.DeliveryEvent;
import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.RecipientKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The outbox of delivery events. At-least-once: a claimed event that is not acknowledged within its lease comes again.
 * Acknowledged events stay for a while as the history of a recipient.
 */
public interface EventLog {

    /** Claims the oldest unacknowledged events of a stream, in order. */
    CompletionStage<List<LoggedEvent>> claim(String stream, int limit, Duration lease);

    CompletionStage<Void> acknowledge(Collection<Long> ids);

    /** Makes claimed events available again at once. */
    CompletionStage<Void> giveBack(Collection<Long> ids);

    /**
     * Claims events that the caller has claimed for another lease from now on, because what it does with them takes longer.
     * An event that was acknowledged or given back meanwhile is passed over. A log without this, which is the default, lets
     * the lease end.
     */
    default CompletionStage<Void> renew(Collection<Long> ids, Duration lease) {
        return CompletableFuture.completedFuture(null);
    }

    /** Whom a message went to, from the queue or the history: how a returned token finds its recipient. */
    CompletionStage<Optional<EmailAddress>> recipientOf(RecipientKey key);

    /**
     * The message with this Message-ID header field, angle brackets included: how a returned mail without a token finds the
     * message that it is about. A log that keeps no index of them, which is the default, knows none.
     */
    default CompletionStage<Optional<String>> queueIdOf(String messageId) {
        return CompletableFuture.completedFuture(Optional.empty());
    }

    /** The events of one message, oldest first. */
    CompletionStage<List<LoggedEvent>> history(String queueId);

    /**
     * All events of all streams that are still kept, whether somebody has acknowledged them or not, page by page and in the
     * order of their ids. Claims nothing. A log that cannot be read as a whole, which is the default, says so.
     *
     * @param after the id of the last event of the page before; 0 at the beginning
     * @param limit how many at most; fewer mean that there are no more
     */
    default CompletionStage<List<LoggedEvent>> page(long after, int limit) {
        return CompletableFuture.failedFuture(
                new UnsupportedOperationException("this event log cannot be read as a whole"));
    }

    /** Deletes events older than {@code before}; at most {@code limit} a call. Completes with how many. */
    CompletionStage<Integer> purge(Instant before, int limit);

    /**
     * Deletes events: acknowledged ones older than {@code acknowledgedBefore}, and any older than {@code before}, which is
     * earlier. May look at a part of the log only and goes on with the next call. Completes with how many were deleted.
     *
     * @param limit at most so many a call
     */
    default CompletionStage<Integer> purge(Instant acknowledgedBefore, Instant before, int limit) {
        return purge(before, limit);
    }

    /** Is called, on any thread and without blocking, after new events of a stream were committed. */
    AutoCloseable onEvents(String stream, Runnable listener);

    /** @param id rises in commit order */
    record LoggedEvent(long id, RecipientKey key, DeliveryEvent event) {}
}
