package io.github.cameldeliverability.feedback;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** The Date field of a mail (RFC 5322 3.3); what is no date is empty. */
final class MailDate {

    private MailDate() {}

    static Optional<Instant> parse(String value) {
        int comment = value.indexOf('(');
        String s = (comment > 0 ? value.substring(0, comment) : value).strip();
        if (s.length() < 12 || s.length() > 60) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    ZonedDateTime.parse(s, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
