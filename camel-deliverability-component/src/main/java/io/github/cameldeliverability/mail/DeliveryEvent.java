package io.github.cameldeliverability.mail;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * Something that became of one recipient: what {@code from("mx:stream")} yields and the event log keeps.
 *
 * @param stream the stream
 * @param queueId the message
 * @param messageId the Message-ID header field with its angle brackets
 * @param recipient the address as the route gave it
 * @param outcome what became of it
 * @param reply the last reply, synthetic or not; empty when nothing was tried (suppressed, cancelled)
 * @param phase what the reply answers
 * @param verdict what the reply means
 * @param provider the provider, once known
 * @param host the MX host that answered, {@code name [address]}, once known
 * @param attempt 1 for the first try; 0 when nothing was tried
 * @param at when it happened
 * @param nextAttempt when a deferred recipient is due again
 * @param elapsed how long the attempt took
 * @param tls the protocol and cipher of the session, empty in clear
 * @param fallback where the hand-over to the stream's fallback is; empty where there is none
 */
public record DeliveryEvent(
        String stream,
        String queueId,
        String messageId,
        EmailAddress recipient,
        Outcome outcome,
        Optional<SmtpReply> reply,
        Optional<SmtpPhase> phase,
        Optional<Verdict> verdict,
        Optional<String> provider,
        Optional<String> host,
        int attempt,
        Instant at,
        Optional<Instant> nextAttempt,
        Duration elapsed,
        Optional<String> tls,
        Optional<FallbackStep> fallback) {

    public DeliveryEvent {
        Objects.requireNonNull(stream, "stream");
        Objects.requireNonNull(queueId, "queueId");
        Objects.requireNonNull(messageId, "messageId");
        Objects.requireNonNull(recipient, "recipient");
        Objects.requireNonNull(outcome, "outcome");
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(elapsed, "elapsed");
        Objects.requireNonNull(fallback, "fallback");
    }

    /** An event that has nothing to do with a fallback. */
    public DeliveryEvent(
            String stream,
            String queueId,
            String messageId,
            EmailAddress recipient,
            Outcome outcome,
            Optional<SmtpReply> reply,
            Optional<SmtpPhase> phase,
            Optional<Verdict> verdict,
            Optional<String> provider,
            Optional<String> host,
            int attempt,
            Instant at,
            Optional<Instant> nextAttempt,
            Duration elapsed,
            Optional<String> tls) {
        this(
                stream,
                queueId,
                messageId,
                recipient,
                outcome,
                reply,
                phase,
                verdict,
                provider,
                host,
                attempt,
                at,
                nextAttempt,
                elapsed,
                tls,
                Optional.empty());
    }

    /** This event, saying where the hand-over is. */
    public DeliveryEvent withFallback(FallbackStep step) {
        return with(Optional.of(step));
    }

    /** This event, saying nothing of a fallback. */
    public DeliveryEvent withoutFallback() {
        return with(Optional.empty());
    }

    private DeliveryEvent with(Optional<FallbackStep> step) {
        return new DeliveryEvent(
                stream,
                queueId,
                messageId,
                recipient,
                outcome,
                reply,
                phase,
                verdict,
                provider,
                host,
                attempt,
                at,
                nextAttempt,
                elapsed,
                tls,
                step);
    }
}
