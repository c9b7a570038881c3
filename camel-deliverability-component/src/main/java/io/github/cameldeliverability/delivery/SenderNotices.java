package io.github.cameldeliverability.delivery;

import io.github.cameldeliverability.mail.DeliveryEvent;
import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.Envelope;
import io.github.cameldeliverability.mail.NotifySender;
import io.github.cameldeliverability.mail.Outcome;
import io.github.cameldeliverability.mail.ReversePath;
import io.github.cameldeliverability.mail.SpooledMessage;
import io.github.cameldeliverability.mail.Submission;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Mails senders what became of their messages, where the stream wants that. A notice is queued before the outcome that it
 * tells of is recorded, under a name of its own, so that a crash between the two neither loses nor doubles it. Belongs to
 * the serial executor, but for {@link #afterFallback}.
 */
final class SenderNotices {

    /** The tag of all notices. */
    static final String TAG = "notice";

    /** How long a message waits before its sender is told. */
    static final Duration DELAY = Duration.ofHours(4);

    private static final Logger LOG = LoggerFactory.getLogger(SenderNotices.class);

    private final Core core;
    private final BiFunction<Submission, StreamState, CompletionStage<String>> queue;

    /** @param queue queues a submission of the stream, also while the engine stops */
    SenderNotices(Core core, BiFunction<Submission, StreamState, CompletionStage<String>> queue) {
        this.core = core;
        this.queue = queue;
    }

    /** Sees to the notice, if there is to be one, and then runs what records the event. */
    void before(Item item, DeliveryEvent event, Runnable then) {
        // What goes to a fallback may still get there: the sender is told if it does not.
        if (event.fallback().isPresent() || !isWanted(item.job.message, item.job.stream, event)) {
            then.run();
            return;
        }
        core.actor()
                .when(
                        queue.apply(notice(item.job.message, item.job.stream, event, item.ordinal), item.job.stream),
                        (id, error) -> {
                            if (error != null) {
                                LOG.warn(
                                        "event=notice-failed stream={} id={} reason=\"{}\"",
                                        item.job.stream.name(),
                                        item.key().queueId(),
                                        error.toString());
                            }
                            then.run();
                        });
    }

    /** Tells the sender of a failure that the fallback could not mend, if he wants to be told; on any thread. */
    CompletionStage<Void> afterFallback(SpooledMessage message, StreamState stream, DeliveryEvent event, int ordinal) {
        return isWanted(message, stream, event)
                ? queue.apply(notice(message, stream, event, ordinal), stream).thenApply(id -> null)
                : CompletableFuture.completedFuture(null);
    }

    private Submission notice(SpooledMessage message, StreamState stream, DeliveryEvent event, int ordinal) {
        EmailAddress sender = message.sender().address().orElseThrow();
        byte[] content = StatusNotice.write(message, event, sender, stream.config.ehloName(), core.now());
        String kind = event.outcome().isFinal() ? "failed" : "delayed";
        return new Submission(
                        stream.name(),
                        new Envelope(ReversePath.NULL, List.of(sender)),
                        content,
                        Optional.empty(),
                        Set.of(TAG))
                .withIdempotencyKey(kind + "/" + message.queueId() + "/" + ordinal);
    }

    private boolean isWanted(SpooledMessage message, StreamState stream, DeliveryEvent event) {
        // RFC 3464 2 and RFC 5321 4.5.5: nobody is told of what has a null reverse-path, which notices have.
        if (message.sender().isNull()) {
            return false;
        }
        NotifySender wanted = stream.config.notifySender();
        boolean failed = event.outcome() == Outcome.BOUNCED || event.outcome() == Outcome.EXPIRED;
        boolean delayed = event.outcome() == Outcome.DEFERRED
                && !core.now().isBefore(message.acceptedAt().plus(DELAY));
        return (failed && wanted != NotifySender.NEVER) || (delayed && wanted == NotifySender.DELAY_AND_FAILURE);
    }
}
