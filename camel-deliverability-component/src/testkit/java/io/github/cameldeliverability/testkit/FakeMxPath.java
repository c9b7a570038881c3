package io.github.cameldeliverability.testkit;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The argument of MAIL or RCPT (RFC 5321 4.1.1.2, 4.1.1.3).
 *
 * @param path without its brackets; empty where the command has none
 * @param parameters as sent
 */
record FakeMxPath(Optional<String> path, List<String> parameters) {

    /** Parameter keyword to the extension that allows it. */
    private static final Map<String, String> PARAMETERS = Map.of(
            "SIZE", "SIZE",
            "BODY", "8BITMIME",
            "SMTPUTF8", "SMTPUTF8",
            "RET", "DSN",
            "ENVID", "DSN",
            "NOTIFY", "DSN",
            "ORCPT", "DSN",
            "REQUIRETLS", "REQUIRETLS");

    static FakeMxPath of(String line, String prefix) {
        int open = line.indexOf('<');
        int close = closing(line);
        if (!line.regionMatches(true, 0, prefix, 0, prefix.length()) || open < 0 || close < open) {
            return new FakeMxPath(Optional.empty(), List.of());
        }
        String rest = line.substring(close + 1).strip();
        return new FakeMxPath(
                Optional.of(line.substring(open + 1, close)), rest.isEmpty() ? List.of() : List.of(rest.split(" +")));
    }

    /** Whether the extension that a parameter belongs to is offered. */
    static boolean isAllowed(String parameter, Predicate<String> offered) {
        String extension = PARAMETERS.get(parameter.split("=", 2)[0].toUpperCase(Locale.ROOT));
        return extension != null && offered.test(extension);
    }

    /** The bracket that ends the path; a quoted local part may hold others. */
    private static int closing(String line) {
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (quoted && c == '\\') {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == '>' && !quoted) {
                return i;
            }
        }
        return -1;
    }
}
