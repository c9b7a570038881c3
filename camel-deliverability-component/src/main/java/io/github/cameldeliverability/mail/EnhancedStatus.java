package io.github.cameldeliverability.mail;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An enhanced mail system status code, {@code class.subject.detail} (RFC 3463 2).
 *
 * @param statusClass 2, 4 or 5
 * @param subject 0 to 999
 * @param detail 0 to 999
 */
public record EnhancedStatus(int statusClass, int subject, int detail) {

    private static final Pattern FORM = Pattern.compile("([245])\\.(\\d{1,3})\\.(\\d{1,3})");

    public EnhancedStatus {
        if ((statusClass != 2 && statusClass != 4 && statusClass != 5)
                || subject < 0
                || subject > 999
                || detail < 0
                || detail > 999) {
            throw new IllegalArgumentException(
                    "no enhanced status code: " + statusClass + "." + subject + "." + detail);
        }
    }

    /** Parses text that is a status code and nothing else; anything else is empty. */
    public static Optional<EnhancedStatus> parse(String text) {
        Matcher m = FORM.matcher(text.strip());
        return m.matches()
                ? Optional.of(new EnhancedStatus(
                        Integer.parseInt(m.group(1)), Integer.parseInt(m.group(2)), Integer.parseInt(m.group(3))))
                : Optional.empty();
    }

    /** Subject and detail without the class, {@code "1.1"}: what RFC 3463 3 tabulates. */
    public String subjectDetail() {
        return subject + "." + detail;
    }

    @Override
    public String toString() {
        return statusClass + "." + subject + "." + detail;
    }
}
