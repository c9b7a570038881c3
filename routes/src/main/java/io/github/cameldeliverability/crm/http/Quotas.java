package io.github.cameldeliverability.crm.http;

import io.github.cameldeliverability.crm.format.SystemDescription.Quota;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads from the header fields of an answer whether anything is left of a quota. */
final class Quotas {

    private static final Pattern USAGE = Pattern.compile("(\\d+)\\s*/\\s*(\\d+)");
    private static final Duration DAILY = Duration.ofHours(1);

    private Quotas() {}

    /** How long to be quiet, if what may be used is used up. */
    static Optional<Duration> look(Quota quota, Answer answer, Clock clock) {
        if (quota == null) {
            return Optional.empty();
        }
        if (quota.remaining() != null) {
            String left = header(answer, quota.remaining());
            if (left.matches("0+(\\.0+)?")) {
                String reset = quota.reset() == null ? "" : header(answer, quota.reset());
                return Optional.of(Waits.parse(reset, clock.instant()).orElse(Duration.ofSeconds(1)));
            }
        }
        if (quota.usage() != null) {
            Matcher m = USAGE.matcher(header(answer, quota.usage()));
            if (m.find()) {
                double used = Double.parseDouble(m.group(1));
                double all = Double.parseDouble(m.group(2));
                // The rest belongs to the other users of the account, who would be locked out by us.
                if (all > 0 && used >= all * (100 - quota.keep()) / 100) {
                    return Optional.of(DAILY);
                }
            }
        }
        return Optional.empty();
    }

    private static String header(Answer answer, String name) {
        return answer.headers().getOrDefault(name.toLowerCase(Locale.ROOT), "").strip();
    }
}
