package io.github.cameldeliverability.compose;

import io.github.cameldeliverability.mail.EmailAddress;
import jakarta.mail.internet.MimeUtility;
import java.io.UnsupportedEncodingException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads address fields (RFC 5322 3.4): display names, quoted strings, comments, groups, encoded-words. Members of a group
 * come out as ordinary mailboxes. As in camel-mail, a semicolon separates like a comma does. Stateless.
 */
public final class AddressList {

    // A field of more than this is an attack or a mistake; one message has no such audience.
    private static final int MAX_LENGTH = 4_000_000;

    private AddressList() {}

    /**
     * @param header the field's name, for error texts
     * @param text the field's value, unfolded
     * @return in the order given; empty for a blank text or an empty group
     * @throws IllegalArgumentException naming the header and the address that cannot be read
     */
    public static List<Mailbox> parse(String header, String text) {
        HeaderText.check(header, text);
        if (text.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("Header " + header + " is longer than " + MAX_LENGTH + " characters");
        }
        return new Reader(header, text).read();
    }

    /** Parses a field that must hold one mailbox. */
    public static Mailbox parseOne(String header, String text) {
        List<Mailbox> all = parse(header, text);
        if (all.size() != 1) {
            throw new IllegalArgumentException(
                    "Header " + header + " holds " + all.size() + " addresses, want 1: " + HeaderText.printable(text));
        }
        return all.get(0);
    }

    /** The addresses without names and without duplicates by {@link EmailAddress#key()}, in order. */
    public static List<EmailAddress> addresses(List<Mailbox> mailboxes) {
        Map<String, EmailAddress> byKey = new LinkedHashMap<>();
        mailboxes.forEach(m -> byKey.putIfAbsent(m.address().key(), m.address()));
        return List.copyOf(byKey.values());
    }

    private static final class Reader {
        private final String header;
        private final String text;
        private final List<Mailbox> found = new ArrayList<>();
        /** What stands before the angle bracket, or the bare address; comments left out. */
        private final StringBuilder words = new StringBuilder();

        private Optional<String> angle = Optional.empty();
        private int at;

        Reader(String header, String text) {
            this.header = header;
            this.text = text;
        }

        List<Mailbox> read() {
            while (at < text.length()) {
                char c = text.charAt(at);
                switch (c) {
                    case '"' -> words.append(quotedString());
                    case '(' -> comment();
                    case '<' -> angleAddress();
                    case '[' -> words.append(literal());
                    case ',', ';' -> {
                        finish();
                        at++;
                    }
                    case ':' -> {
                        // RFC 5322 3.4: the name of a group; its members follow, its end is a semicolon.
                        words.setLength(0);
                        at++;
                    }
                    default -> {
                        words.append(c);
                        at++;
                    }
                }
            }
            finish();
            return List.copyOf(found);
        }

        private void finish() {
            String before = words.toString().strip();
            words.setLength(0);
            if (angle.isPresent()) {
                String address = angle.get();
                angle = Optional.empty();
                String name = displayName(before);
                found.add(new Mailbox(name.isEmpty() ? Optional.empty() : Optional.of(name), address(address)));
            } else if (!before.isEmpty()) {
                found.add(Mailbox.of(address(before)));
            }
        }

        private EmailAddress address(String s) {
            try {
                return EmailAddress.parse(s);
            } catch (IllegalArgumentException e) {
                throw bad(e.getMessage());
            }
        }

        private String displayName(String raw) {
            String s = raw;
            if (s.indexOf('"') >= 0) {
                s = unquote(s);
            } else if (s.contains("=?")) {
                try {
                    s = MimeUtility.decodeText(s);
                } catch (UnsupportedEncodingException e) {
                    // A charset that this JVM lacks: the name stays as it is, the address is what matters.
                    s = raw;
                }
            }
            // What the encoded-word hides must not inject either.
            HeaderText.check(header, s);
            return s.strip();
        }

        private static String unquote(String s) {
            StringBuilder b = new StringBuilder();
            for (int i = 0; i < s.length(); i++) {
                char c = s.charAt(i);
                if (c == '\\' && i + 1 < s.length()) {
                    i++;
                    b.append(s.charAt(i));
                } else if (c != '"') {
                    b.append(c);
                }
            }
            return b.toString();
        }

        private String quotedString() {
            int start = at;
            at++;
            while (at < text.length() && text.charAt(at) != '"') {
                at += text.charAt(at) == '\\' ? 2 : 1;
            }
            if (at >= text.length()) {
                throw bad("a quotation mark is not closed");
            }
            at++;
            return text.substring(start, at);
        }

        private void comment() {
            int depth = 0;
            while (at < text.length()) {
                char c = text.charAt(at);
                if (c == '\\') {
                    at++;
                } else if (c == '(') {
                    depth++;
                } else if (c == ')') {
                    depth--;
                    if (depth == 0) {
                        at++;
                        return;
                    }
                }
                at++;
            }
            throw bad("a comment is not closed");
        }

        private String literal() {
            int end = text.indexOf(']', at);
            if (end < 0) {
                throw bad("an address literal is not closed");
            }
            String s = text.substring(at, end + 1);
            at = end + 1;
            return s;
        }

        private void angleAddress() {
            if (angle.isPresent()) {
                throw bad("two addresses without a comma between them");
            }
            at++;
            StringBuilder b = new StringBuilder();
            while (at < text.length() && text.charAt(at) != '>') {
                char c = text.charAt(at);
                if (c == '"') {
                    b.append(quotedString());
                } else if (c == '(') {
                    comment();
                } else {
                    b.append(c);
                    at++;
                }
            }
            if (at >= text.length()) {
                throw bad("an angle bracket is not closed");
            }
            at++;
            String address = b.toString().strip();
            // RFC 5322 4.4: an obsolete route is read and ignored.
            if (address.startsWith("@") && address.indexOf(':') > 0) {
                address = address.substring(address.indexOf(':') + 1);
            }
            angle = Optional.of(address);
        }

        private IllegalArgumentException bad(String what) {
            return new IllegalArgumentException(
                    "Header " + header + " cannot be read: " + what + " in '" + HeaderText.printable(text) + "'");
        }
    }
}
