package io.github.cameldeliverability.cli.replay;

import io.github.cameldeliverability.mail.DeliveryEvent;
import io.github.cameldeliverability.mail.SmtpPhase;
import io.github.cameldeliverability.mail.SmtpReply;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A delivery event as it was written down.
 *
 * @param at when it happened
 * @param stream the stream
 * @param queueId the message
 * @param recipient the address
 * @param outcome {@code delivered}, {@code deferred}, {@code bounced} and so on
 * @param reason of the verdict, {@code ratelimited}; empty where there was none
 * @param reply code, enhanced code and text; empty when nothing was tried
 * @param phase what the reply answers
 * @param provider whose hosts were asked, once known
 * @param host that answered, its name alone
 * @param attempt from 1; 0 when nothing was tried
 * @param elapsed how long the attempt took
 * @param nextAttempt when a deferred recipient was to be due again
 */
public record RecordedEvent(
        Instant at,
        String stream,
        String queueId,
        String recipient,
        String outcome,
        Optional<String> reason,
        Optional<String> reply,
        Optional<SmtpPhase> phase,
        Optional<String> provider,
        Optional<String> host,
        int attempt,
        Duration elapsed,
        Optional<Instant> nextAttempt) {

    /** What a store has recorded. */
    public static RecordedEvent of(DeliveryEvent e) {
        return new RecordedEvent(
                e.at(),
                e.stream(),
                e.queueId(),
                e.recipient().toString(),
                e.outcome().id(),
                e.verdict().map(v -> v.reason().id()),
                e.reply().map(SmtpReply::format),
                e.phase(),
                e.provider(),
                e.host().map(h -> h.split(" ", 2)[0]),
                e.attempt(),
                e.elapsed(),
                e.nextAttempt());
    }

    /** Whether a server was asked, or the attempt to reach one failed. */
    public boolean isAttempt() {
        return attempt > 0 && reply.isPresent() && provider.isPresent();
    }

    /** When the attempt began. */
    public Instant begun() {
        return at.minus(elapsed);
    }
}
