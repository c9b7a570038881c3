package io.github.cameldeliverability.mail;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A returned mail, understood: its kind, one entry per recipient it speaks of, and what ties it to our mail.
 *
 * @param kind what it is
 * @param recipients whom it speaks of; may be empty even for a bounce that names nobody
 * @param correlation what ties it to a message of ours, and whether that is proven
 * @param originalMessageId Message-ID of the mail that is reported on, with angle brackets
 * @param reportingMta who reports, as stated
 * @param subject the subject of the returned mail, for people
 * @param receivedAt its Date, or when it was read
 * @param format the detector that recognised it, {@code rfc3464}, {@code qmail}, {@code arf}
 */
public record Feedback(
        FeedbackKind kind,
        List<RecipientFeedback> recipients,
        Correlation correlation,
        Optional<String> originalMessageId,
        Optional<String> reportingMta,
        Optional<String> subject,
        Instant receivedAt,
        String format) {

    public Feedback {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(correlation, "correlation");
        recipients = List.copyOf(recipients);
    }

    public Feedback withCorrelation(Correlation c) {
        return new Feedback(kind, recipients, c, originalMessageId, reportingMta, subject, receivedAt, format);
    }
}
