package io.github.cameldeliverability.dkim;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes a DKIM-Signature field, folded so that no line passes 78 characters where a tag allows it (RFC 5322 2.1.1). */
final class SignatureText {

    private static final int WIDTH = 78;
    private static final String FOLD = "\r\n\t";

    private final StringBuilder text = new StringBuilder(1200).append("DKIM-Signature:");
    private int column = text.length();

    /** Appends {@code name=value;}, on a new line if it does not fit. */
    SignatureText tag(String name, String value) {
        String pair = name + "=" + value + ";";
        if (column + 1 + pair.length() > WIDTH) {
            fold();
        } else {
            text.append(' ');
            column++;
        }
        text.append(pair);
        column += pair.length();
        return this;
    }

    /** Appends the {@code h=} tag; RFC 6376 3.5 lets white space stand around its colons. */
    SignatureText fieldNames(List<String> names) {
        fold();
        text.append("h=");
        column += 2;
        for (int i = 0; i < names.size(); i++) {
            String item = names.get(i) + (i + 1 < names.size() ? ":" : ";");
            if (column + item.length() > WIDTH) {
                fold();
            }
            text.append(item);
            column += item.length();
        }
        return this;
    }

    /** The field up to and with {@code b=}, which is what gets signed (RFC 6376 3.7). */
    byte[] unsigned() {
        fold();
        text.append("b=");
        column += 2;
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    /** The whole field with its CRLF, after {@link #unsigned()}. */
    byte[] signed(String base64) {
        int at = 0;
        while (at < base64.length()) {
            if (column >= WIDTH) {
                fold();
            }
            int end = Math.min(base64.length(), at + WIDTH - column);
            text.append(base64, at, end);
            column += end - at;
            at = end;
        }
        return text.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
    }

    private void fold() {
        text.append(FOLD);
        column = 1;
    }
}
