package io.github.cameldeliverability.delivery;

import io.github.cameldeliverability.mail.RecipientKey;
import io.github.cameldeliverability.mail.spi.EventLog;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Lets a submission with an idempotency key into the queue once, over crashes and restarts. Thread-safe. */
final class OnceByKey {

    private final EventLog events;

    OnceByKey(EventLog events) {
        this.events = events;
    }

    /**
     * @param queueId the id that the key stands for
     * @param enqueue puts the message into the queue under that id
     * @return the id, whether it was queued now or earlier
     */
    CompletionStage<String> submit(String queueId, Supplier<CompletionStage<String>> enqueue) {
        return isKnown(queueId)
                .thenCompose(known -> known
                        ? done(queueId)
                        : enqueue.get()
                                .handle((id, error) -> {
                                    if (error == null) {
                                        return done(id);
                                    }
                                    // Two with the same key at the same time: the store let one in, which answers for
                                    // both.
                                    return isKnown(queueId)
                                            .thenCompose(nowKnown -> nowKnown
                                                    ? done(queueId)
                                                    : CompletableFuture.<String>failedStage(error));
                                })
                                .thenCompose(stage -> stage));
    }

    private CompletionStage<Boolean> isKnown(String queueId) {
        return events.recipientOf(new RecipientKey(queueId, 0)).thenApply(recipient -> recipient.isPresent());
    }

    private static CompletionStage<String> done(String queueId) {
        return CompletableFuture.completedStage(queueId);
    }
}
