package io.github.cameldeliverability.compose;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The transfer encodings of RFC 2045 6, and which one fits a body. */
enum TransferEncoding {
    SEVEN_BIT("7bit"),
    EIGHT_BIT("8bit"),
    QUOTED_PRINTABLE("quoted-printable"),
    BASE64("base64");

    // RFC 2045 2.7 and 6.7 (5)
    private static final int MAX_LINE = 998;
    private static final int QP_LINE = 76;
    private static final char[] HEX = "0123456789ABCDEF".toCharArray();

    final String token;

    TransferEncoding(String token) {
        this.token = token;
    }

    /** For text whose lines end in CRLF: as it is where that is safe, else the shorter of the two encodings. */
    static TransferEncoding forText(byte[] text) {
        if (fitsLines(text, false)) {
            return SEVEN_BIT;
        }
        int escaped = 0;
        for (byte b : text) {
            if (!isLiteralInQp(b) && b != '\r' && b != '\n') {
                escaped++;
            }
        }
        // Quoted-printable spends 3 octets on an escaped one, base64 4 on every 3; below the balance, stay readable.
        return escaped * 6L <= text.length ? QUOTED_PRINTABLE : BASE64;
    }

    /**
     * Whether every line ends in CRLF and is short enough, and nothing but text is in it.
     *
     * @param eightBit whether octets above 127 are allowed
     */
    static boolean fitsLines(byte[] text, boolean eightBit) {
        int column = 0;
        for (int i = 0; i < text.length; i++) {
            int c = text[i] & 0xff;
            if (c == '\r') {
                if (i + 1 >= text.length || text[i + 1] != '\n') {
                    return false;
                }
                i++;
                column = 0;
            } else if (c == '\n' || c == 0 || c == 0x7f || (c < ' ' && c != '\t') || (c > 127 && !eightBit)) {
                return false;
            } else {
                column++;
                if (column > MAX_LINE) {
                    return false;
                }
            }
        }
        return true;
    }

    byte[] encode(byte[] content) {
        return switch (this) {
            case SEVEN_BIT, EIGHT_BIT -> content;
            case QUOTED_PRINTABLE -> quotedPrintable(content);
            case BASE64 ->
                Base64.getMimeEncoder(QP_LINE, "\r\n".getBytes(StandardCharsets.US_ASCII))
                        .encode(content);
        };
    }

    private static byte[] quotedPrintable(byte[] text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(text.length + text.length / 4);
        int column = 0;
        for (int i = 0; i < text.length; i++) {
            int c = text[i] & 0xff;
            if (c == '\r' && i + 1 < text.length && text[i + 1] == '\n') {
                out.write('\r');
                out.write('\n');
                column = 0;
                i++;
                continue;
            }
            // RFC 2045 6.7 (3): white space at the end of a line would get lost on the way.
            boolean endOfLine = i + 1 >= text.length || text[i + 1] == '\r';
            boolean literal = isLiteralInQp(text[i]) && !((c == ' ' || c == '\t') && endOfLine);
            int width = literal ? 1 : 3;
            if (column + width > QP_LINE - 1) {
                out.write('=');
                out.write('\r');
                out.write('\n');
                column = 0;
            }
            if (literal) {
                out.write(c);
            } else {
                out.write('=');
                out.write(HEX[c >> 4]);
                out.write(HEX[c & 15]);
            }
            column += width;
        }
        return out.toByteArray();
    }

    private static boolean isLiteralInQp(byte b) {
        return b == '\t' || (b >= ' ' && b < 127 && b != '=');
    }
}
