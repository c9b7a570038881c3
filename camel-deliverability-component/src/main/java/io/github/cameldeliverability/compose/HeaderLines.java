package io.github.cameldeliverability.compose;

import io.github.cameldeliverability.mail.WireMessage;
import java.nio.charset.StandardCharsets;

/** Checks that what should be a header section is one, so that a text is not taken for a message. */
final class HeaderLines {

    private HeaderLines() {}

    /** @throws IllegalArgumentException naming the first line that is no header field */
    static void check(WireMessage message) {
        byte[] content = message.content();
        int line = 0;
        int at = 0;
        while (at < content.length && content[at] != '\r') {
            int end = at;
            while (end < content.length && content[end] != '\r') {
                end++;
            }
            line++;
            String text = new String(content, at, end - at, StandardCharsets.UTF_8);
            // RFC 5322 2.2.3: a line that begins with white space goes on with the field before it.
            boolean continues = line > 1 && (content[at] == ' ' || content[at] == '\t');
            if (!continues && !isField(text)) {
                throw new IllegalArgumentException("Not a ready RFC 5322 message: line " + line
                        + " is no header field: '" + HeaderText.printable(text) + "'");
            }
            at = end + 2;
        }
    }

    private static boolean isField(String line) {
        int colon = line.indexOf(':');
        return colon > 0 && line.substring(0, colon).stripTrailing().chars().allMatch(c -> c > ' ' && c < 127);
    }
}
