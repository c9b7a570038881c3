package io.github.cameldeliverability.bounce;

import io.github.cameldeliverability.intake.ReturnedMail;
import io.github.cameldeliverability.mail.spi.VerdictEngine;
import java.time.Instant;
import java.util.Objects;

/**
 * What one set of rules understands: returned mails and SMTP replies. Thread-safe.
 *
 * @param mails reads a mail
 * @param verdicts judges a reply
 */
record ReturnReader(MailReader mails, VerdictEngine verdicts) {

    /** Reads a whole mail or its beginning; any bytes give a result, ordinary mail one of kind NONE. */
    @FunctionalInterface
    interface MailReader {
        ReturnedMail read(byte[] mail, Instant now);
    }

    ReturnReader {
        Objects.requireNonNull(mails, "mails");
        Objects.requireNonNull(verdicts, "verdicts");
    }
}
