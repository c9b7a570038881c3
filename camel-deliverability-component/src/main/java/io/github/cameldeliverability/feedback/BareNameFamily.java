package io.github.cameldeliverability.feedback;

import io.github.cameldeliverability.mail.EmailAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A user's name without domain, alone on an indented line (AOL, local mailers), or an alias without an address (Exim's
 * "an undisclosed address (generated from user@example.com)"). A bare name belongs to the domain that reports.
 */
final class BareNameFamily implements TextFamily {

    private static final PhraseSet INTRODUCTION =
            new PhraseSet("following recipient", "following address", "following user");

    @Override
    public String name() {
        return "bare-name";
    }

    @Override
    public List<Finding> read(ReportText text, Mail mail) {
        List<String> lines = text.lines();
        Findings out = new Findings();
        String words = String.join(" ", lines).strip();
        Optional<EmailAddress> reporter = Addresses.first(mail.header().text("from"));
        boolean introduced = false;
        for (String line : lines) {
            String lower = line.toLowerCase(Locale.ROOT);
            if (lower.contains("generated from ") && line.indexOf('@') > 0) {
                Addresses.first(line).ifPresent(a -> out.add(a, words));
            } else if (introduced && isName(line) && reporter.isPresent()) {
                Addresses.parse(line.strip(), reporter.get().domain()).ifPresent(a -> out.add(a, words));
            } else if (!line.isBlank()) {
                introduced = INTRODUCTION.in(lower) && lower.endsWith(":");
            }
        }
        return out.list();
    }

    private static boolean isName(String line) {
        String s = line.strip();
        return s.length() >= 2
                && s.length() <= 40
                && (line.charAt(0) == ' ' || line.charAt(0) == '\t')
                && s.chars()
                        .allMatch(c -> c < 128 && (Character.isLetterOrDigit(c) || c == '.' || c == '_' || c == '-'));
    }
}
