package io.github.cameldeliverability.feedback.report;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Pattern;

/** Counts and times as reporters write them. */
final class StatedValue {

    private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9]{1,19}(\\.[0-9]{0,19})?");

    /** Later than any report: a number beyond it counts milliseconds. */
    private static final long LAST_SECOND = 100_000_000_000L;

    private StatedValue() {}

    /** A count; 0 for what is none, such as a negative number. */
    static long count(String text) {
        return NUMBER.matcher(text).matches() ? Math.max(0, whole(text)) : 0;
    }

    /** Seconds since 1970, with or without a fraction, or a date and time (RFC 3339 5.6), UTC where it names no zone. */
    static Optional<Instant> instant(String text) {
        if (NUMBER.matcher(text).matches()) {
            long n = whole(text);
            if (Math.abs(n) >= LAST_SECOND) {
                n /= 1_000;
            }
            return Math.abs(n) < LAST_SECOND ? Optional.of(Instant.ofEpochSecond(n)) : Optional.empty();
        }
        String iso = text.strip()
                .replaceFirst("^([0-9]{4}-[0-9]{2}-[0-9]{2}) +", "$1T")
                .replace(" ", "");
        try {
            if (iso.length() == 10) {
                return Optional.of(LocalDate.parse(iso).atStartOfDay().toInstant(ZoneOffset.UTC));
            }
            return Optional.of(
                    iso.matches(".*(Z|z|[+-][0-9]{2}:[0-9]{2})$")
                            ? OffsetDateTime.parse(iso).toInstant()
                            : LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static long whole(String number) {
        BigDecimal d = new BigDecimal(number.endsWith(".") ? number + "0" : number);
        return d.min(BigDecimal.valueOf(Long.MAX_VALUE))
                .max(BigDecimal.valueOf(-Long.MAX_VALUE))
                .longValue();
    }
}
