package io.github.cameldeliverability.suppression;

import io.github.cameldeliverability.mail.CanonicalForm;
import io.github.cameldeliverability.mail.Suppression;
import io.github.cameldeliverability.mail.SuppressionChecks;
import io.github.cameldeliverability.mail.SuppressionKind;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Options that are lists of names, or times, and what is wrong with them. */
public final class SuppressionOptions {

    private SuppressionOptions() {}

    /** @throws IllegalArgumentException for what is no scope */
    public static Set<String> scopes(String text) {
        Set<String> scopes = new LinkedHashSet<>();
        names(text).forEach(n -> scopes.add(Suppression.checkScope(n)));
        return scopes;
    }

    /** @throws IllegalArgumentException that names the option and what it allows */
    public static SuppressionChecks checks(String exempt, String canonical) {
        return new SuppressionChecks(
                all(SuppressionKind.class, "exempt", exempt), all(CanonicalForm.class, "canonical", canonical));
    }

    static Set<CanonicalForm> canonical(String text) {
        return all(CanonicalForm.class, "canonical", text);
    }

    /** @throws IllegalArgumentException that shows how a time is written */
    public static Instant instant(String option, String text) {
        try {
            return Instant.parse(text.strip());
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    option + ": no ISO-8601 instant such as 2026-12-31T00:00:00Z: " + text, e);
        }
    }

    private static <E extends Enum<E>> Set<E> all(Class<E> type, String option, String text) {
        Set<E> found = EnumSet.noneOf(type);
        for (String name : names(text)) {
            found.add(Arrays.stream(type.getEnumConstants())
                    .filter(e -> e.name().equalsIgnoreCase(name))
                    .findFirst()
                    .orElseThrow(
                            () -> new IllegalArgumentException(option + "=" + text + ": no " + name + ", want some of "
                                    + Arrays.toString(type.getEnumConstants()).toLowerCase(Locale.ROOT))));
        }
        return found;
    }

    private static List<String> names(String text) {
        return text == null
                ? List.of()
                : Arrays.stream(text.split(","))
                        .map(String::strip)
                        .filter(n -> !n.isEmpty())
                        .toList();
    }
}
