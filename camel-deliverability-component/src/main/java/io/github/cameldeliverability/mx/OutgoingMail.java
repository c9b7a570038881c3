package io.github.cameldeliverability.mx;

import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.Submission;
import java.util.List;

/**
 * What an exchange amounts to.
 *
 * @param submission for the engine
 * @param messageId with angle brackets
 */
record OutgoingMail(Submission submission, String messageId) {

    List<EmailAddress> recipients() {
        return submission.envelope().recipients();
    }
}
