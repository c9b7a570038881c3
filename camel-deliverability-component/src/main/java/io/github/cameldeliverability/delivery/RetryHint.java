package io.github.cameldeliverability.delivery;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The wait that a server asks for in the text of its reply, "please try again in 5 minutes". */
final class RetryHint {

    private static final int LONGEST_TEXT = 1000;
    private static final Pattern AMOUNT = Pattern.compile(
            "\\b(?:in|after|for|within|wait|least|next|another)\\s+(\\d{1,5})\\s?(s|secs?|seconds?|m|mins?|minutes?|h|hours?)\\b");
    private static final Pattern CLOCK =
            Pattern.compile("\\b(?:in|after|for|wait|least)\\s+(\\d{1,2}):(\\d{2})(?::(\\d{2}))?\\b");

    private RetryHint() {}

    /** Zero where the text asks for nothing. */
    static Duration in(String text) {
        String t = (text.length() > LONGEST_TEXT ? text.substring(0, LONGEST_TEXT) : text).toLowerCase(Locale.ROOT);
        Matcher m = AMOUNT.matcher(t);
        if (m.find()) {
            long n = Long.parseLong(m.group(1));
            return switch (m.group(2).charAt(0)) {
                case 's' -> Duration.ofSeconds(n);
                case 'm' -> Duration.ofMinutes(n);
                default -> Duration.ofHours(n);
            };
        }
        m = CLOCK.matcher(t);
        if (m.find()) {
            long a = Long.parseLong(m.group(1));
            long b = Long.parseLong(m.group(2));
            // Greylisting milters count mm:ss; with three groups it is hh:mm:ss.
            return m.group(3) == null
                    ? Duration.ofSeconds(a * 60 + b)
                    : Duration.ofSeconds(a * 3600 + b * 60 + Long.parseLong(m.group(3)));
        }
        return Duration.ZERO;
    }
}
