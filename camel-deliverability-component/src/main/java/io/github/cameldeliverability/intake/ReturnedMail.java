package io.github.cameldeliverability.intake;

import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.Feedback;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A returned mail as the {@link Correlator} needs it: what it says, and what in it may lead back to a message of ours.
 *
 * @param feedback what the mail says; its correlation is not looked at
 * @param returnedTo the addresses that the mail was sent to, most trusted first; one of them may hold a token
 * @param envelopeId the original envelope id of a DSN (RFC 3464 2.2.1), decoded
 */
public record ReturnedMail(Feedback feedback, List<EmailAddress> returnedTo, Optional<String> envelopeId) {

    public ReturnedMail {
        Objects.requireNonNull(feedback, "feedback");
        returnedTo = List.copyOf(returnedTo);
        Objects.requireNonNull(envelopeId, "envelopeId");
    }
}
