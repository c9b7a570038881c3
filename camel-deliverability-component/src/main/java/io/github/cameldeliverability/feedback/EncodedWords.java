package io.github.cameldeliverability.feedback;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Encoded words in header values (RFC 2047): {@code =?utf-8?B?...?=}. Neighbours of one charset are joined before their
 * octets become text, since many senders cut a character in two; what is no encoded word stays as it stands.
 */
final class EncodedWords {

    private final String value;
    private final StringBuilder out = new StringBuilder();
    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
    private String pendingCharset = "";

    private EncodedWords(String value) {
        this.value = value;
    }

    static String decode(String value) {
        return value.contains("=?") ? new EncodedWords(value).run() : value;
    }

    private String run() {
        int i = 0;
        while (i < value.length()) {
            int start = value.indexOf("=?", i);
            int end = start < 0 ? -1 : word(start, i);
            if (end < 0) {
                int to = start < 0 ? value.length() : start + 2;
                flush();
                out.append(value, i, to);
                i = to;
            } else {
                i = end;
            }
        }
        flush();
        return out.toString();
    }

    /** Decodes the word that begins here into the pending octets; the position after it, or -1 if it is none. */
    private int word(int start, int from) {
        int charsetEnd = value.indexOf('?', start + 2);
        if (charsetEnd < 0 || charsetEnd + 2 >= value.length() || value.charAt(charsetEnd + 2) != '?') {
            return -1;
        }
        char encoding = Character.toLowerCase(value.charAt(charsetEnd + 1));
        int end = value.indexOf("?=", charsetEnd + 3);
        if (end < 0 || (encoding != 'b' && encoding != 'q')) {
            return -1;
        }
        // RFC 2231 5: a language may follow the charset.
        int star = value.indexOf('*', start + 2);
        String charset = value.substring(start + 2, star > 0 && star < charsetEnd ? star : charsetEnd)
                .toLowerCase(Locale.ROOT);
        String between = value.substring(from, start);
        // RFC 2047 6.2: blanks between two encoded words are not part of the text.
        if (pending.size() == 0 || !between.isBlank()) {
            flush();
            out.append(between);
        }
        if (!charset.equals(pendingCharset)) {
            flush();
            pendingCharset = charset;
        }
        String text = value.substring(charsetEnd + 3, end);
        byte[] octets = (encoding == 'q' ? text.replace('_', ' ') : text).getBytes(StandardCharsets.ISO_8859_1);
        pending.writeBytes(TextDecoder.octets(octets, encoding == 'q' ? "quoted-printable" : "base64"));
        return end + 2;
    }

    private void flush() {
        if (pending.size() > 0) {
            out.append(TextDecoder.text(pending.toByteArray(), pendingCharset));
            pending.reset();
        }
    }
}
