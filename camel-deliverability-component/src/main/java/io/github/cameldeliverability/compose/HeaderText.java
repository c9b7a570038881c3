package io.github.cameldeliverability.compose;

import io.github.cameldeliverability.mail.EmailAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/** Writes header fields: checked against injection, encoded to ASCII where that is possible, folded. Stateless. */
final class HeaderText {

    // RFC 5322 2.1.1: lines should be of 78 characters, and must be of at most 998.
    private static final int WANTED_LINE = 78;
    private static final int LONGEST_WORD = 900;
    // RFC 2047 2: an encoded-word has at most 75 characters.
    private static final int ENCODED_WORD = 75;
    private static final String WORD_START = "=?UTF-8?";

    private HeaderText() {}

    /**
     * Refuses what would end the line and begin a field of the sender's choosing.
     *
     * @throws IllegalArgumentException naming the field
     */
    static void check(String name, String value) {
        if (name.isEmpty() || !name.chars().allMatch(c -> c > ' ' && c < 127 && c != ':')) {
            // RFC 5322 2.2: a field name is made of printable ASCII without the colon.
            throw new IllegalArgumentException(
                    "Header name '" + printable(name) + "' is no RFC 5322 field name (printable ASCII without ':')");
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\r' || c == '\n' || c == 0) {
                throw new IllegalArgumentException("Header " + name + " holds a " + controlName(c) + " at position " + i
                        + ", which could inject header fields; remove it from the value");
            }
        }
    }

    /** A field of free text (RFC 5322 3.6.5), with its CRLF; RFC 2047 where the text is not ASCII. */
    static String unstructured(String name, String value) {
        check(name, value);
        String text = value.strip();
        boolean plain =
                text.chars().allMatch(c -> c == '\t' || (c >= ' ' && c < 127)) && longestWord(text) <= LONGEST_WORD;
        return fold(name, plain ? splitBeforeBlanks(text) : encodedWords(text));
    }

    /** A field that lists mailboxes (RFC 5322 3.4), with its CRLF. */
    static String mailboxes(String name, List<Mailbox> mailboxes) {
        List<String> tokens = new ArrayList<>();
        for (int i = 0; i < mailboxes.size(); i++) {
            Mailbox m = mailboxes.get(i);
            String comma = i < mailboxes.size() - 1 ? "," : "";
            String address = address(m.address());
            check(name, address);
            if (m.displayName().filter(d -> !d.isBlank()).isPresent()) {
                String display = m.displayName().get().strip();
                check(name, display);
                for (String word : phrase(display)) {
                    tokens.add((tokens.isEmpty() ? "" : " ") + word.strip());
                }
                tokens.add(" <" + address + ">" + comma);
            } else {
                tokens.add((tokens.isEmpty() ? "" : " ") + address + comma);
            }
        }
        return fold(name, tokens);
    }

    /** An address as it stands in a field: A-labels where the local part is ASCII, so that no SMTPUTF8 is needed. */
    static String address(EmailAddress a) {
        // RFC 6532 3.2: only an address whose local part is not ASCII must go out in UTF-8.
        return a.localPart() + "@" + (a.needsSmtpUtf8() ? a.domain() : a.asciiDomain());
    }

    /** A field whose value has parameters (RFC 2045 5.1), with its CRLF; RFC 2231 where a value is not ASCII or long. */
    static String withParameters(String name, String value, List<String[]> parameters) {
        check(name, value);
        List<String> tokens = new ArrayList<>();
        tokens.add(value);
        for (String[] p : parameters) {
            check(name, p[1]);
            for (String section : parameter(p[0], p[1])) {
                tokens.set(tokens.size() - 1, tokens.get(tokens.size() - 1) + ";");
                tokens.add(" " + section);
            }
        }
        return fold(name, tokens);
    }

    private static List<String> parameter(String name, String value) {
        boolean ascii = value.chars().allMatch(c -> c >= ' ' && c < 127);
        if (ascii && value.length() <= 60) {
            boolean token =
                    !value.isEmpty() && value.chars().allMatch(c -> c > ' ' && "()<>@,;:\\\"/[]?=".indexOf(c) < 0);
            return List.of(name + "=" + (token ? value : quoted(value)));
        }
        // RFC 2231 3 and 4: sections of one value, the first of which names the charset.
        List<String> sections = new ArrayList<>();
        StringBuilder section = new StringBuilder("UTF-8''");
        for (int cp : value.codePoints().toArray()) {
            String encoded = percent(cp);
            if (section.length() + encoded.length() > 50) {
                sections.add(section.toString());
                section.setLength(0);
            }
            section.append(encoded);
        }
        sections.add(section.toString());
        if (sections.size() == 1) {
            return List.of(name + "*=" + sections.get(0));
        }
        List<String> numbered = new ArrayList<>();
        for (int i = 0; i < sections.size(); i++) {
            numbered.add(name + "*" + i + "*=" + sections.get(i));
        }
        return numbered;
    }

    private static String percent(int codePoint) {
        StringBuilder b = new StringBuilder();
        for (byte x : Character.toString(codePoint).getBytes(StandardCharsets.UTF_8)) {
            if (isAlphanumeric(x) || x == '.' || x == '-' || x == '_') {
                b.append((char) x);
            } else {
                b.append(String.format(Locale.ROOT, "%%%02X", x & 0xff));
            }
        }
        return b.toString();
    }

    private static List<String> phrase(String display) {
        if (!display.chars().allMatch(c -> c >= ' ' && c < 127) || longestWord(display) > LONGEST_WORD) {
            return encodedWords(display);
        }
        // RFC 5322 3.2.3: what is made of atoms needs no quotes.
        boolean atoms =
                display.chars().allMatch(c -> c == ' ' || isAlphanumeric(c) || "!#$%&'*+-/^_`{|}~".indexOf(c) >= 0);
        // What looks like an encoded-word must not be decoded by the reader: quotes keep it literal (RFC 2047 5).
        return splitBeforeBlanks(atoms ? display : quoted(display));
    }

    private static String quoted(String s) {
        return '"' + s.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    /** Encoded-words of whole characters (RFC 2047 5: no character is split), each after the first with a space. */
    private static List<String> encodedWords(String text) {
        byte[] all = text.getBytes(StandardCharsets.UTF_8);
        int special = 0;
        for (byte b : all) {
            if (!isPlainInQ(b)) {
                special++;
            }
        }
        boolean q = special * 3 <= all.length;
        int room = ENCODED_WORD - WORD_START.length() - "Q?".length() - "?=".length();
        List<String> words = new ArrayList<>();
        StringBuilder chunk = new StringBuilder();
        int size = 0;
        for (int cp : text.codePoints().toArray()) {
            byte[] bytes = Character.toString(cp).getBytes(StandardCharsets.UTF_8);
            int cost = q ? q(bytes).length() : bytes.length;
            if (size + cost > (q ? room : room / 4 * 3)) {
                words.add(encodedWord(chunk.toString(), q, words.isEmpty()));
                chunk.setLength(0);
                size = 0;
            }
            chunk.appendCodePoint(cp);
            size += cost;
        }
        words.add(encodedWord(chunk.toString(), q, words.isEmpty()));
        return words;
    }

    private static String encodedWord(String chunk, boolean q, boolean first) {
        byte[] bytes = chunk.getBytes(StandardCharsets.UTF_8);
        String body = q ? "Q?" + q(bytes) : "B?" + Base64.getEncoder().encodeToString(bytes);
        return (first ? "" : " ") + WORD_START + body + "?=";
    }

    private static String q(byte[] bytes) {
        StringBuilder b = new StringBuilder();
        for (byte x : bytes) {
            if (x == ' ') {
                b.append('_');
            } else if (isPlainInQ(x)) {
                b.append((char) x);
            } else {
                b.append(String.format(Locale.ROOT, "=%02X", x & 0xff));
            }
        }
        return b.toString();
    }

    /** RFC 2047 5 (3): the characters that are safe in a phrase too. */
    private static boolean isPlainInQ(int c) {
        return c == ' ' || isAlphanumeric(c) || (c > 0 && "!*+-/".indexOf(c) >= 0);
    }

    private static boolean isAlphanumeric(int c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    private static List<String> splitBeforeBlanks(String text) {
        List<String> tokens = new ArrayList<>();
        int start = 0;
        for (int i = 1; i < text.length(); i++) {
            if (isBlank(text.charAt(i)) && !isBlank(text.charAt(i - 1))) {
                tokens.add(text.substring(start, i));
                start = i;
            }
        }
        tokens.add(text.substring(start));
        return tokens;
    }

    /** RFC 5322 2.2.3: a line may be broken where white space stands, which then begins the next line. */
    private static String fold(String name, List<String> tokens) {
        StringBuilder b = new StringBuilder(name).append(": ");
        int column = b.length();
        boolean first = true;
        for (String t : tokens) {
            if (!first && column + t.length() > WANTED_LINE && isBlank(t.charAt(0))) {
                b.append("\r\n");
                column = 0;
            }
            b.append(t);
            column += t.length();
            first = false;
        }
        return b.append("\r\n").toString();
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private static int longestWord(String s) {
        int longest = 0;
        for (String t : s.split("[ \t]+")) {
            longest = Math.max(longest, t.length());
        }
        return longest;
    }

    private static String controlName(char c) {
        return switch (c) {
            case '\r' -> "CR";
            case '\n' -> "LF";
            default -> "NUL";
        };
    }

    static String printable(String s) {
        StringBuilder b = new StringBuilder();
        s.chars().limit(80).forEach(c -> {
            if (c < ' ' || c == 0x7f) {
                b.append(String.format(Locale.ROOT, "\\x%02x", c));
            } else {
                b.append((char) c);
            }
        });
        return b.toString();
    }
}
