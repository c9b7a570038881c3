package io.github.cameldeliverability.dkim;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Where the header fields of a message begin and end, top to bottom. */
final class HeaderSection {

    /** @param name in lower case; empty if the lines are no header field at all
     *  @param end behind the CRLF */
    record Field(String name, int start, int end) {}

    private final byte[] message;
    private final List<Field> fields;
    private final int bodyStart;

    private HeaderSection(byte[] message, List<Field> fields, int bodyStart) {
        this.message = message;
        this.fields = fields;
        this.bodyStart = bodyStart;
    }

    static HeaderSection scan(byte[] m) {
        List<Field> fields = new ArrayList<>(32);
        int at = 0;
        while (at < m.length) {
            if (m[at] == '\r' && at + 1 < m.length && m[at + 1] == '\n') {
                return new HeaderSection(m, fields, at + 2);
            }
            int end = fieldEnd(m, at);
            fields.add(new Field(name(m, at, end), at, end));
            at = end;
        }
        return new HeaderSection(m, fields, m.length);
    }

    List<Field> fields() {
        return fields;
    }

    int bodyStart() {
        return bodyStart;
    }

    /** The fields of each name, the bottom one first, which is the order in which they are signed. */
    Map<String, List<Field>> byNameFromBottom() {
        Map<String, List<Field>> byName = new HashMap<>();
        for (int i = fields.size() - 1; i >= 0; i--) {
            byName.computeIfAbsent(fields.get(i).name(), n -> new ArrayList<>(2))
                    .add(fields.get(i));
        }
        return byName;
    }

    /** The value as text, folded as it is, without the final CRLF. */
    String value(Field f) {
        int colon = f.start();
        while (message[colon] != ':') {
            colon++;
        }
        int end = f.end();
        while (end > colon + 1 && (message[end - 1] == '\n' || message[end - 1] == '\r')) {
            end--;
        }
        return new String(message, colon + 1, end - colon - 1, StandardCharsets.UTF_8);
    }

    private static int fieldEnd(byte[] m, int at) {
        int i = at;
        while (i < m.length) {
            if (m[i++] == '\n' && i >= 2 && m[i - 2] == '\r' && (i == m.length || (m[i] != ' ' && m[i] != '\t'))) {
                return i;
            }
        }
        return i;
    }

    /** RFC 5322 2.2: printable ASCII up to the colon; RFC 5322 4.5 lets white space stand before the colon. */
    private static String name(byte[] m, int start, int end) {
        int i = start;
        while (i < end && m[i] > ' ' && m[i] != ':' && m[i] != 0x7f) {
            i++;
        }
        int nameEnd = i;
        while (i < end && (m[i] == ' ' || m[i] == '\t')) {
            i++;
        }
        if (i == end || m[i] != ':') {
            return "";
        }
        return new String(m, start, nameEnd - start, StandardCharsets.US_ASCII).toLowerCase(Locale.ROOT);
    }
}
