package io.github.cameldeliverability.verdict;

import java.util.Locale;

/**
 * What the linter says of a pack.
 *
 * @param severity how bad it is
 * @param place {@code file: rule id}, or the file
 * @param message what is wrong, for the pack's author
 */
public record LintFinding(Severity severity, String place, String message) {

    /** How bad a finding is. */
    public enum Severity {
        /** The pack is refused by an engine. */
        ERROR,
        /** The pack works, but not as its author will have meant it. */
        WARNING,
        /** Worth knowing. */
        NOTE
    }

    @Override
    public String toString() {
        return severity.name().toLowerCase(Locale.ROOT) + ": " + place + ": " + message;
    }
}
