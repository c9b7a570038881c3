package io.github.cameldeliverability.mail;

import java.util.Objects;
import java.util.Optional;

/**
 * What a returned mail says of one recipient.
 *
 * @param address the address as we mailed it, where the mail tells (original before final recipient)
 * @param finalAddress where the mail went after forwarding, if stated and different
 * @param action the DSN action (RFC 3464 2.3.3): failed, delayed, delivered, relayed, expanded; for other mails what it
 *     amounts to
 * @param status the enhanced status code, stated or derived
 * @param diagnostic the remote server's words, lines joined
 * @param feedbackType of a complaint: abuse, fraud, not-spam ... (RFC 5965 7.3)
 * @param verdict what it means
 */
public record RecipientFeedback(
        EmailAddress address,
        Optional<String> finalAddress,
        String action,
        Optional<EnhancedStatus> status,
        String diagnostic,
        Optional<String> feedbackType,
        Verdict verdict) {

    public RecipientFeedback {
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(action, "action");
        Objects.requireNonNull(diagnostic, "diagnostic");
        Objects.requireNonNull(verdict, "verdict");
    }
}
