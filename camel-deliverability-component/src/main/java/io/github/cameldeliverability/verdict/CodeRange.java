package io.github.cameldeliverability.verdict;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reply codes that a rule takes: {@code 550}, {@code 5xx}, {@code 550-554}.
 *
 * @param lowest the lowest code
 * @param highest the highest code
 */
record CodeRange(int lowest, int highest) {

    private static final Pattern FORM = Pattern.compile("([2-5]\\d\\d)(?:-([2-5]\\d\\d))?|([2-5])xx");

    static Optional<CodeRange> parse(String text) {
        Matcher m = FORM.matcher(text);
        if (!m.matches()) {
            return Optional.empty();
        }
        if (m.group(3) != null) {
            int hundreds = Integer.parseInt(m.group(3)) * 100;
            return Optional.of(new CodeRange(hundreds, hundreds + 99));
        }
        int lowest = Integer.parseInt(m.group(1));
        int highest = m.group(2) == null ? lowest : Integer.parseInt(m.group(2));
        return highest < lowest ? Optional.empty() : Optional.of(new CodeRange(lowest, highest));
    }

    boolean contains(int code) {
        return code >= lowest && code <= highest;
    }
}
