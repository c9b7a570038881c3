package io.github.cameldeliverability.mail;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A reply of an SMTP server (RFC 5321 4.2), or a synthetic one that stands for a network or local fault.
 *
 * @param code 200 to 599; RFC 5321 4.2.1: the first digit decides
 * @param enhanced the code of RFC 2034 that began the text, if any; it is not repeated in {@code lines}
 * @param lines the text, a line each, without codes; at least one, possibly empty
 * @param synthetic whether we made it: no server said this
 */
public record SmtpReply(int code, Optional<EnhancedStatus> enhanced, List<String> lines, boolean synthetic) {

    public SmtpReply {
        if (code < 200 || code > 599) {
            throw new IllegalArgumentException("no SMTP reply code: " + code);
        }
        Objects.requireNonNull(enhanced, "enhanced");
        lines = lines.isEmpty() ? List.of("") : List.copyOf(lines);
    }

    /** A reply that a server sent. */
    public static SmtpReply of(int code, Optional<EnhancedStatus> enhanced, List<String> lines) {
        return new SmtpReply(code, enhanced, lines, false);
    }

    /** A reply that we make for a fault of the network, the resolver or our own, {@code 421 4.4.2 ...}. */
    public static SmtpReply synthetic(int code, String enhanced, String text) {
        return new SmtpReply(code, EnhancedStatus.parse(enhanced), List.of(text), true);
    }

    /**
     * Reads the one-line form, {@code "550 5.1.1 no such user"}, the code and the enhanced code being optional.
     *
     * @return empty where the text does not begin with a reply code
     */
    public static Optional<SmtpReply> parse(String text) {
        String s = text.strip();
        if (s.length() < 3 || !s.substring(0, 3).chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Optional.empty();
        }
        int code = Integer.parseInt(s.substring(0, 3));
        if (code < 200 || code > 599 || (s.length() > 3 && Character.isLetterOrDigit(s.charAt(3)))) {
            return Optional.empty();
        }
        String rest = s.length() > 3 ? s.substring(4).strip() : "";
        int space = rest.indexOf(' ');
        String first = space < 0 ? rest : rest.substring(0, space);
        Optional<EnhancedStatus> enhanced = EnhancedStatus.parse(first);
        String body = enhanced.isPresent() ? rest.substring(first.length()).strip() : rest;
        return Optional.of(of(code, enhanced, List.of(body)));
    }

    public boolean isPositive() {
        return code < 400;
    }

    public boolean isTransient() {
        return code >= 400 && code < 500;
    }

    public boolean isPermanent() {
        return code >= 500;
    }

    /** All lines as one, joined by single spaces. */
    public String text() {
        return String.join(" ", lines).strip();
    }

    /** The canonical one-line form {@code code [enhanced] text}, used for rules, logs and records alike. */
    public String format() {
        StringBuilder b = new StringBuilder().append(code);
        enhanced.ifPresent(e -> b.append(' ').append(e));
        String text = text();
        if (!text.isEmpty()) {
            b.append(' ').append(text);
        }
        return b.toString();
    }

    @Override
    public String toString() {
        return format();
    }
}
