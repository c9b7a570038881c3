package io.github.cameldeliverability.shaping;

import java.util.regex.Pattern;

/** What names MX hosts: a domain, which means all hosts below it, too, or a pattern with {@code *} and {@code ?}. */
final class HostPattern {

    private static final Pattern LABELS = Pattern.compile("[a-z0-9_*?]([a-z0-9_*?.-]*[a-z0-9_*?])?");

    private HostPattern() {}

    /** Whether some host can match. */
    static boolean isValid(String stated) {
        String p = ProviderDefinition.canonical(stated);
        return LABELS.matcher(p).matches() && !p.contains("..") && !p.matches("[*?.]+");
    }

    /** Whether it is more than a domain and the hosts below. */
    static boolean isGlob(String canonical) {
        return canonical.indexOf('*') >= 0 || canonical.indexOf('?') >= 0;
    }

    /** {@code *} is any number of characters of one label, {@code ?} is one. */
    static Pattern compile(String canonical) {
        StringBuilder b = new StringBuilder();
        for (int i = 0; i < canonical.length(); i++) {
            char c = canonical.charAt(i);
            switch (c) {
                case '*' -> b.append("[^.]*");
                case '?' -> b.append("[^.]");
                default -> b.append(Pattern.quote(String.valueOf(c)));
            }
        }
        return Pattern.compile(b.toString());
    }
}
