package io.github.cameldeliverability.compose;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The header fields of a message, with their places in its octets. Line ends may be CRLF, LF or CR. Immutable. */
final class HeaderSection {

    /**
     * @param start of the field's first octet
     * @param end behind the field's last line end
     * @param value unfolded, trimmed, decoded as UTF-8
     */
    record Located(String name, String value, int start, int end) {}

    private final byte[] message;
    private final List<Located> fields;

    private HeaderSection(byte[] message, List<Located> fields) {
        this.message = message;
        this.fields = fields;
    }

    /** @throws IllegalArgumentException naming the first line that is no header field */
    static HeaderSection of(byte[] message) {
        List<Located> fields = new ArrayList<>();
        int at = 0;
        int line = 0;
        while (at < message.length) {
            int end = lineEnd(message, at);
            line++;
            if (isLineEnd(message[at])) {
                break;
            }
            int fieldEnd = end;
            // RFC 5322 2.2.3: a line that begins with white space goes on with the field before it.
            while (fieldEnd < message.length && (message[fieldEnd] == ' ' || message[fieldEnd] == '\t')) {
                fieldEnd = lineEnd(message, fieldEnd);
            }
            String text = new String(message, at, fieldEnd - at, StandardCharsets.UTF_8);
            int colon = text.indexOf(':');
            String name = colon < 0 ? "" : text.substring(0, colon).stripTrailing();
            if (name.isEmpty() || !name.chars().allMatch(c -> c > ' ' && c < 127)) {
                throw new IllegalArgumentException("Not a ready RFC 5322 message: line " + line
                        + " is no header field: '" + HeaderText.printable(text.stripTrailing()) + "'");
            }
            String value = text.substring(colon + 1).replaceAll("[\r\n]+", "").strip();
            fields.add(new Located(name, value, at, fieldEnd));
            at = fieldEnd;
        }
        return new HeaderSection(message, List.copyOf(fields));
    }

    List<Located> all(String name) {
        return fields.stream().filter(f -> f.name().equalsIgnoreCase(name)).toList();
    }

    Optional<String> first(String name) {
        return fields.stream()
                .filter(f -> f.name().equalsIgnoreCase(name))
                .map(Located::value)
                .findFirst();
    }

    /**
     * The message with fields in front and without others.
     *
     * @param front whole fields with their CRLFs
     * @param without names in lower case
     */
    byte[] rewritten(String front, Set<String> without) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(message.length + front.length());
        out.writeBytes(front.getBytes(StandardCharsets.UTF_8));
        int at = 0;
        for (Located f : fields) {
            if (without.contains(f.name().toLowerCase(Locale.ROOT))) {
                out.write(message, at, f.start() - at);
                at = f.end();
            }
        }
        out.write(message, at, message.length - at);
        return out.toByteArray();
    }

    private static boolean isLineEnd(byte b) {
        return b == '\r' || b == '\n';
    }

    /** The place behind the line end of the line that begins at {@code from}. */
    private static int lineEnd(byte[] b, int from) {
        int i = from;
        while (i < b.length && !isLineEnd(b[i])) {
            i++;
        }
        if (i < b.length && b[i] == '\r' && i + 1 < b.length && b[i + 1] == '\n') {
            i++;
        }
        return Math.min(i + 1, b.length);
    }
}
