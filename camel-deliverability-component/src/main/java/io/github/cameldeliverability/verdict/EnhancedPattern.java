package io.github.cameldeliverability.verdict;

import io.github.cameldeliverability.mail.EnhancedStatus;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Enhanced status codes that a rule takes: {@code 5.1.1}, {@code x.2.2}, {@code 5.7.*}, {@code 5.7.606-649}.
 *
 * @param statusClass 4, 5, or 0 for any
 * @param subject the subject, or -1 for any
 * @param lowest the lowest detail
 * @param highest the highest detail
 */
record EnhancedPattern(int statusClass, int subject, int lowest, int highest) {

    private static final Pattern FORM =
            Pattern.compile("([245x])\\.(?:(\\d{1,3})\\.(?:(\\d{1,3})(?:-(\\d{1,3}))?|\\*)|\\*)");

    static Optional<EnhancedPattern> parse(String text) {
        Matcher m = FORM.matcher(text);
        if (!m.matches()) {
            return Optional.empty();
        }
        int statusClass = m.group(1).equals("x") ? 0 : Integer.parseInt(m.group(1));
        int subject = m.group(2) == null ? -1 : Integer.parseInt(m.group(2));
        int lowest = m.group(3) == null ? 0 : Integer.parseInt(m.group(3));
        int highest = m.group(4) != null ? Integer.parseInt(m.group(4)) : m.group(3) == null ? 999 : lowest;
        return highest < lowest
                ? Optional.empty()
                : Optional.of(new EnhancedPattern(statusClass, subject, lowest, highest));
    }

    boolean matches(EnhancedStatus e) {
        return (statusClass == 0 || statusClass == e.statusClass())
                && (subject < 0 || subject == e.subject())
                && e.detail() >= lowest
                && e.detail() <= highest;
    }
}
