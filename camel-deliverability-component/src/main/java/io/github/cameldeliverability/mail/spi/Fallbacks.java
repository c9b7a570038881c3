package io.github.cameldeliverability.mail.spi;

import io.github.cameldeliverability.mail.DeliveryEvent;
import io.github.cameldeliverability.mail.RecipientKey;
import io.github.cameldeliverability.mail.SpooledMessage;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Messages whose delivery to a recipient failed for good and that wait to be handed to the fallback of their stream. They
 * come in with the final outcome ({@link Spool#settle}) and go with what the fallback says. Thread-safe; failures complete
 * the stages with {@code java.io.IOException}.
 */
public interface Fallbacks {

    /** What is due, oldest due time first. What is read stays due until it is postponed or over. */
    CompletionStage<List<HandOver>> due(String stream, Instant now, int limit);

    /** Not now: due again at the event's {@code nextAttempt}. The event enters the event log in the same transaction. */
    CompletionStage<Void> postpone(HandOver handOver, DeliveryEvent event);

    /** It was taken, or was given up. The event enters the event log in the transaction that forgets the message. */
    CompletionStage<Void> over(HandOver handOver, DeliveryEvent event);

    CompletionStage<Waiting> waiting(String stream);

    /**
     * @param message with its whole original recipient list
     * @param event the final outcome
     * @param attempts how often it was offered before
     */
    record HandOver(RecipientKey key, SpooledMessage message, DeliveryEvent event, int attempts) {}

    /** @param oldest when the oldest of them failed */
    record Waiting(long count, Optional<Instant> oldest) {}
}
