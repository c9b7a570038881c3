package io.github.cameldeliverability.feedback;

import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.Feedback;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A returned mail as read, with the raw material for tying it to a message of ours. Immutable.
 *
 * @param feedback what it says; its correlation is always {@code NONE}, since only the intake knows our tokens and queue
 * @param returnedTo addresses that may carry our token, most trusted first: where this mail was delivered
 *     (Delivered-To, X-Original-To, Envelope-To, To), then the return path and sender of the mail it reports on
 * @param envelopeId the Original-Envelope-Id (RFC 3464 2.2.1), xtext decoded
 * @param originalRecipients To, Cc and delivery addresses of the mail it reports on
 * @param listUnsubscribe the address of the List-Unsubscribe mailto link of the mail it reports on
 */
public record ReadMail(
        Feedback feedback,
        List<EmailAddress> returnedTo,
        Optional<String> envelopeId,
        List<EmailAddress> originalRecipients,
        Optional<EmailAddress> listUnsubscribe) {

    public ReadMail {
        Objects.requireNonNull(feedback, "feedback");
        Objects.requireNonNull(envelopeId, "envelopeId");
        Objects.requireNonNull(listUnsubscribe, "listUnsubscribe");
        returnedTo = List.copyOf(returnedTo);
        originalRecipients = List.copyOf(originalRecipients);
    }
}
