package io.github.cameldeliverability.crm.http;

import io.github.cameldeliverability.crm.format.Scope;
import io.github.cameldeliverability.crm.format.Template;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** How long an answer asks us to stay away. */
final class Waits {

    private static final Duration LONGEST = Duration.ofDays(1);
    private static final long EPOCH_LIKE = 1_000_000_000L;

    private Waits() {}

    /** By the rule's template, else by Retry-After (RFC 9110 10.2.3). */
    static Optional<Duration> of(Answer answer, String template, Scope scope, Clock clock) {
        if (template != null) {
            Optional<Duration> told = parse(Template.render(template, scope), clock.instant());
            if (told.isPresent()) {
                return told;
            }
        }
        return parse(answer.headers().getOrDefault("retry-after", ""), clock.instant());
    }

    /** Seconds, seconds since 1970, or an HTTP date; what is not understood is the same as not given. */
    static Optional<Duration> parse(String value, Instant now) {
        try {
            Duration d;
            String s = value.strip();
            if (s.isEmpty()) {
                return Optional.empty();
            }
            if (s.matches("\\d+(\\.\\d+)?")) {
                double seconds = Double.parseDouble(s);
                d = seconds >= EPOCH_LIKE
                        ? Duration.between(now, Instant.ofEpochSecond((long) seconds))
                        : Duration.ofMillis((long) (seconds * 1000));
            } else {
                d = Duration.between(
                        now,
                        ZonedDateTime.parse(s, DateTimeFormatter.RFC_1123_DATE_TIME)
                                .toInstant());
            }
            return Optional.of(d.isNegative() ? Duration.ZERO : d.compareTo(LONGEST) > 0 ? LONGEST : d);
        } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
            return Optional.empty();
        }
    }
}
