package io.github.cameldeliverability.smtp;

import io.github.cameldeliverability.mail.SmtpReply;
import io.github.cameldeliverability.mail.spi.SmtpSession.Features;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What an EHLO reply names (RFC 5321 4.1.1.1).
 *
 * @param parameters keyword in upper case to its parameters, as sent
 */
record Extensions(Map<String, List<String>> parameters) {

    /** After HELO. */
    static final Extensions NONE = new Extensions(Map.of());

    static final String PIPELINING = "PIPELINING";
    static final String SIZE = "SIZE";
    static final String EIGHTBITMIME = "8BITMIME";
    static final String SMTPUTF8 = "SMTPUTF8";
    static final String CHUNKING = "CHUNKING";
    static final String DSN = "DSN";
    static final String STARTTLS = "STARTTLS";
    static final String REQUIRETLS = "REQUIRETLS";
    static final String AUTH = "AUTH";
    static final String LIMITS = "LIMITS";
    static final String X_RCPTLIMIT = "X-RCPTLIMIT";

    Extensions {
        parameters = Map.copyOf(parameters);
    }

    /** Reads the reply's lines after the first, which holds the server's name. Lines that are no keyword are ignored. */
    static Extensions of(SmtpReply reply) {
        Map<String, List<String>> found = new HashMap<>();
        reply.lines().stream().skip(1).forEach(line -> {
            String[] words = line.strip().split("[ \t]+");
            String keyword = words[0].toUpperCase(Locale.ROOT);
            if (isKeyword(keyword)) {
                found.put(keyword, List.copyOf(Arrays.asList(words).subList(1, words.length)));
            }
        });
        return new Extensions(found);
    }

    boolean has(String keyword) {
        return parameters.containsKey(keyword);
    }

    /** RFC 1870 3: 0, or no parameter, means no fixed limit. Nonsense is read the same way. */
    OptionalLong maxSize() {
        OptionalLong size = number(
                parameters.getOrDefault(SIZE, List.of()).stream().findFirst().orElse(""));
        return size.isPresent() && size.getAsLong() == 0 ? OptionalLong.empty() : size;
    }

    /** How many recipients one transaction may have: of LIMITS, or as servers said it before there was LIMITS. */
    OptionalLong maxRecipients() {
        OptionalLong limit = limit("RCPTMAX");
        if (limit.isPresent()) {
            return limit;
        }
        OptionalLong older = number(parameters.getOrDefault(X_RCPTLIMIT, List.of()).stream()
                .findFirst()
                .orElse(""));
        return older.isPresent() && older.getAsLong() > 0 ? older : OptionalLong.empty();
    }

    /** RFC 9422 3: the value of {@code RCPTMAX}, {@code MAILMAX} or {@code RCPTDOMAINMAX}. */
    OptionalLong limit(String name) {
        for (String parameter : parameters.getOrDefault(LIMITS, List.of())) {
            int equals = parameter.indexOf('=');
            if (equals > 0 && parameter.substring(0, equals).equalsIgnoreCase(name)) {
                OptionalLong value = number(parameter.substring(equals + 1));
                // RFC 9422 4: a limit is at least 1; a server that names 0 would never get mail.
                return value.isPresent() && value.getAsLong() > 0 ? value : OptionalLong.empty();
            }
        }
        return OptionalLong.empty();
    }

    /** RFC 4954 3: the SASL mechanisms behind AUTH, upper case. */
    List<String> mechanisms() {
        return parameters.getOrDefault(AUTH, List.of()).stream()
                .map(m -> m.toUpperCase(Locale.ROOT))
                .toList();
    }

    Features features() {
        return new Features(parameters.keySet(), maxSize());
    }

    /** RFC 1870 3 allows 20 digits; what does not fit in a long is no limit that matters. */
    private static OptionalLong number(String digits) {
        if (digits.isEmpty() || digits.length() > 18 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(Long.parseLong(digits));
    }

    private static boolean isKeyword(String word) {
        return !word.isEmpty()
                && word.chars().allMatch(c -> (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-');
    }
}
