package io.github.cameldeliverability.feedback;

import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.SmtpPhase;
import java.util.Optional;

/**
 * What a report says of one recipient, before anybody judged it.
 *
 * @param address whom we mailed, as far as the report tells
 * @param finalAddress where it went after forwarding, if stated
 * @param action the DSN action in lower case, or the empty text where the report has none
 * @param status the Status field as stated, or the empty text
 * @param text the diagnostic: codes and words
 * @param phase what the reply answered, where only the rest of the report tells
 * @param context the report's words for people in lower case, where it speaks of this recipient only
 */
record Finding(
        EmailAddress address,
        Optional<String> finalAddress,
        String action,
        String status,
        String text,
        Optional<SmtpPhase> phase,
        String context) {

    Finding(EmailAddress address, Optional<String> finalAddress, String action, String status, String text) {
        this(address, finalAddress, action, status, text, Optional.empty(), "");
    }

    static Finding of(EmailAddress address, String text) {
        return new Finding(address, Optional.empty(), "", "", text);
    }

    Finding withText(String newText) {
        return new Finding(address, finalAddress, action, status, newText, phase, context);
    }

    /** With what only the whole report tells; for reports on one recipient. */
    Finding within(Optional<SmtpPhase> newPhase, String newContext) {
        return new Finding(address, finalAddress, action, status, text, newPhase, newContext);
    }

    /** Two reports on one recipient: what the first leaves open, the second fills in. */
    Finding merge(Finding other) {
        return new Finding(
                address,
                finalAddress.isPresent() ? finalAddress : other.finalAddress,
                action.isEmpty() ? other.action : action,
                status.isEmpty() ? other.status : status,
                text.contains(other.text) ? text : text.isBlank() ? other.text : text + " " + other.text,
                phase.or(() -> other.phase),
                context.isEmpty() ? other.context : context);
    }
}
