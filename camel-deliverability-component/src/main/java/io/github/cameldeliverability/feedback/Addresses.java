package io.github.cameldeliverability.feedback;

import io.github.cameldeliverability.mail.EmailAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Finds addresses in header values, report fields and running text. Linear in the length of the text. */
final class Addresses {

    /** An address and where it stands, brackets and quotes included. */
    record Found(EmailAddress address, int start, int end) {}

    private static final int MAX_LINE = 4_000;

    private Addresses() {}

    /** The addresses of a line, left to right. */
    static List<Found> find(String line) {
        List<Found> found = new ArrayList<>(2);
        String s = line.length() > MAX_LINE ? line.substring(0, MAX_LINE) : line;
        int done = 0;
        for (int at = s.indexOf('@'); at >= 0; at = s.indexOf('@', at + 1)) {
            if (at < done) {
                continue;
            }
            Found f = around(s, at, done);
            if (f != null) {
                found.add(f);
                done = f.end();
            }
        }
        return found;
    }

    static Optional<EmailAddress> first(String text) {
        List<Found> all = find(text);
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(0).address());
    }

    /** All addresses of a header value such as To. */
    static List<EmailAddress> all(String text) {
        return find(text).stream().map(Found::address).toList();
    }

    private static Found around(String s, int at, int notBefore) {
        int start = localStart(s, at, notBefore);
        int end = domainEnd(s, at + 1);
        if (start == at || end == at + 1) {
            return null;
        }
        boolean bracket = start > notBefore && s.charAt(start - 1) == '<';
        String domain = s.substring(at + 1, end);
        if (!bracket && domain.indexOf('.') < 0 && !domain.startsWith("[")) {
            return null;
        }
        Optional<EmailAddress> a = parse(s.substring(start, at), domain);
        if (a.isEmpty()) {
            return null;
        }
        int from = start;
        int to = end;
        if (from > notBefore && to < s.length() && closes(s.charAt(from - 1), s.charAt(to))) {
            from--;
            to++;
        }
        return new Found(a.get(), from, to);
    }

    private static boolean closes(char open, char close) {
        return (open == '<' && close == '>')
                || (open == '"' && close == '"')
                || (open == '\'' && close == '\'')
                || (open == '[' && close == ']')
                || (open == '(' && close == ')')
                || (open == '`' && close == '\'');
    }

    private static int localStart(String s, int at, int notBefore) {
        if (at > notBefore && s.charAt(at - 1) == '"') {
            int quote = s.lastIndexOf('"', at - 2);
            return quote >= notBefore && at - quote <= 66 ? quote : at;
        }
        int i = at;
        while (i > notBefore && isLocal(s.charAt(i - 1))) {
            i--;
        }
        // "SMTP=user@..." and "rfc822=user@..." name the address type (X.400 and gateways); "a=b@c" is a VERP address.
        int eq = s.indexOf('=', i);
        if (eq > i && eq < at) {
            String label = s.substring(i, eq).toLowerCase(Locale.ROOT);
            if (label.equals("smtp")
                    || label.equals("rfc822")
                    || label.equals("to")
                    || label.equals("rcpt")
                    || label.equals("for")
                    || label.equals("address")
                    || label.equals("account")
                    || label.equals("recipient")
                    || label.equals("email")
                    || label.equals("rfc-822")) {
                i = eq + 1;
            }
        }
        while (i < at
                && (s.charAt(i) == '\''
                        || s.charAt(i) == '`'
                        || s.charAt(i) == '.'
                        || s.charAt(i) == '*'
                        || s.charAt(i) == '|'
                        || s.charAt(i) == '/'
                        || s.charAt(i) == '{')) {
            i++;
        }
        return i;
    }

    private static boolean isLocal(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || "!#$%&'*+-/=?^_`{|}~.".indexOf(c) >= 0
                // RFC 6531: a local part may hold letters of any script, but not the ideographic punctuation around it.
                || (c > 0xbf && Character.isLetterOrDigit(c) && !Character.isIdeographic(c) && !isKana(c));
    }

    /** Japanese text runs into an address without a blank; no mailbox with such letters is known to us. */
    private static boolean isKana(char c) {
        return c >= 0x3040 && c <= 0x30ff;
    }

    private static int domainEnd(String s, int from) {
        int i = from;
        if (i < s.length() && s.charAt(i) == '[') {
            int close = s.indexOf(']', i);
            return close > 0 && close - i < 60 ? close + 1 : from;
        }
        while (i < s.length() && isDomain(s.charAt(i))) {
            i++;
        }
        while (i > from && (s.charAt(i - 1) == '.' || s.charAt(i - 1) == '-' || s.charAt(i - 1) == '_')) {
            i--;
        }
        return i;
    }

    private static boolean isDomain(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '.'
                || c == '-'
                || c == '_'
                || (c > 0xbf && Character.isLetter(c) && !isKana(c) && !Character.isIdeographic(c));
    }

    static Optional<EmailAddress> parse(String local, String domain) {
        try {
            return Optional.of(new EmailAddress(local, domain));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /**
     * The address of a report field, {@code rfc822; user@example.com} (RFC 3464 2.3.1), and the forms that break it: no
     * type, angle brackets, {@code [SMTP:...]}, X.400 with an RFC 822 part, IMCEA encapsulation, a display name in front.
     */
    static Optional<EmailAddress> ofField(String value) {
        String v = value.strip();
        int semicolon = v.indexOf(';');
        if (semicolon > 0 && semicolon < 20 && v.indexOf('@') > semicolon) {
            String type = v.substring(0, semicolon).strip().toLowerCase(Locale.ROOT);
            v = v.substring(semicolon + 1).strip();
            if (type.equals("utf-8")) {
                v = utf8Xtext(v);
            }
        }
        Optional<EmailAddress> whole = whole(v);
        return whole.isPresent() ? whole : first(v);
    }

    private static Optional<EmailAddress> whole(String v) {
        String s = v;
        if (s.length() > 2 && s.charAt(0) == '<' && s.charAt(s.length() - 1) == '>') {
            s = s.substring(1, s.length() - 1);
        }
        if (s.regionMatches(true, 0, "IMCEASMTP-", 0, 10)) {
            return imceaSmtp(s);
        }
        int at = s.lastIndexOf('@');
        if (at <= 0 || s.indexOf(' ') >= 0 || (s.indexOf('=') >= 0 && s.regionMatches(true, 0, "smtp=", 0, 5))) {
            return Optional.empty();
        }
        return parse(s.substring(0, at), s.substring(at + 1));
    }

    /** Exchange wraps foreign addresses: {@code IMCEASMTP-user+40example+2Ecom@gateway}. */
    private static Optional<EmailAddress> imceaSmtp(String s) {
        int at = s.lastIndexOf('@');
        String inner = at > 10 ? s.substring(10, at) : s.substring(10);
        return first(xtext(inner));
    }

    /** Decodes xtext (RFC 3461 4): {@code +} and two hexadecimal digits. */
    static String xtext(String s) {
        if (s.indexOf('+') < 0) {
            return s;
        }
        StringBuilder b = new StringBuilder(s.length());
        for (int i = 0; i < s.length(); i++) {
            char c = s.charAt(i);
            if (c == '+'
                    && i + 2 < s.length()
                    && Character.digit(s.charAt(i + 1), 16) >= 0
                    && Character.digit(s.charAt(i + 2), 16) >= 0) {
                b.append((char) Integer.parseInt(s.substring(i + 1, i + 3), 16));
                i += 2;
            } else {
                b.append(c);
            }
        }
        return b.toString();
    }

    /** Decodes utf-8-addr-xtext (RFC 6533 3): {@code \x{HEX}}. */
    private static String utf8Xtext(String s) {
        StringBuilder b = new StringBuilder(s.length());
        for (int i = 0; i < s.length(); i++) {
            int close = s.startsWith("\\x{", i) ? s.indexOf('}', i) : -1;
            if (close > i + 3 && close - i <= 9) {
                try {
                    b.appendCodePoint(Integer.parseInt(s.substring(i + 3, close), 16));
                    i = close;
                    continue;
                } catch (IllegalArgumentException e) {
                    b.append(s.charAt(i));
                    continue;
                }
            }
            b.append(s.charAt(i));
        }
        return b.toString();
    }
}
