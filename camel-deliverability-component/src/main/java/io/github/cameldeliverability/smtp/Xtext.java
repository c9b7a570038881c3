package io.github.cameldeliverability.smtp;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Encodings of parameter values, so that no value can end its parameter or its command line. */
final class Xtext {

    private Xtext() {}

    /** RFC 3461 4: characters "!" to "~" except "+" and "=" stand for themselves, all others are "+" and two hex digits. */
    static String encode(String value) {
        StringBuilder b = new StringBuilder(value.length() + 8);
        for (byte octet : value.getBytes(StandardCharsets.UTF_8)) {
            int c = octet & 0xff;
            if (c >= '!' && c <= '~' && c != '+' && c != '=') {
                b.append((char) c);
            } else {
                b.append(String.format(Locale.ROOT, "+%02X", c));
            }
        }
        return b.toString();
    }

    /** RFC 6533 3, utf-8-addr-xtext: pure ASCII, code points that need it as {@code \x{HEX}}. */
    static String encodeUtf8Address(String value) {
        StringBuilder b = new StringBuilder(value.length() + 8);
        value.codePoints().forEach(c -> {
            if (c > '~' || c <= ' ' || c == '+' || c == '=' || c == '\\') {
                b.append(String.format(Locale.ROOT, "\\x{%02X}", c));
            } else {
                b.append((char) c);
            }
        });
        return b.toString();
    }
}
