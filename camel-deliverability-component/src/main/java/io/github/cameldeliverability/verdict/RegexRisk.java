package io.github.cameldeliverability.verdict;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Finds expressions that may take exponential or high polynomial time on a text made for it. A heuristic on the safe
 * side: what it lets pass is linear or nearly so on the bounded texts that the engine sees.
 */
final class RegexRisk {

    private static final int MAX_LENGTH = 300;
    private static final Pattern BACK_REFERENCE = Pattern.compile("\\\\[1-9]|\\\\k<");

    private RegexRisk() {}

    static Optional<String> of(String regex) {
        if (regex.length() > MAX_LENGTH) {
            return Optional.of("the expression is longer than " + MAX_LENGTH + " characters");
        }
        if (BACK_REFERENCE.matcher(regex).find()) {
            return Optional.of("the expression has a back reference");
        }
        return nestedRepetition(regex);
    }

    /** Looks for a repeated group in which something is repeated without an upper bound, or alternatives are. */
    private static Optional<String> nestedRepetition(String regex) {
        ArrayDeque<boolean[]> groups = new ArrayDeque<>();
        boolean[] current = {false};
        int unbounded = 0;
        for (int i = 0; i < regex.length(); i++) {
            char c = regex.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '[') {
                i = endOfClass(regex, i);
            } else if (c == '(') {
                groups.push(current);
                current = new boolean[] {false};
            } else if (c == ')' && !groups.isEmpty()) {
                boolean inner = current[0];
                current = groups.pop();
                if (inner && i + 1 < regex.length() && isUnbounded(regex, i + 1)) {
                    return Optional.of("the expression repeats a group that holds a repetition or alternatives");
                }
                current[0] |= inner;
            } else if (c == '|' && !groups.isEmpty()) {
                current[0] = true;
            } else if (isUnbounded(regex, i)) {
                current[0] = true;
                unbounded++;
            }
        }
        return unbounded > 3
                ? Optional.of("the expression has " + unbounded + " unbounded repetitions")
                : Optional.empty();
    }

    private static int endOfClass(String regex, int open) {
        for (int i = open + 1; i < regex.length(); i++) {
            if (regex.charAt(i) == '\\') {
                i++;
            } else if (regex.charAt(i) == ']' && i > open + 1) {
                return i;
            }
        }
        return regex.length();
    }

    private static boolean isUnbounded(String regex, int i) {
        char c = regex.charAt(i);
        if (c == '*' || c == '+') {
            return true;
        }
        int close = c == '{' ? regex.indexOf('}', i) : -1;
        return close > 0 && regex.charAt(close - 1) == ',';
    }
}
