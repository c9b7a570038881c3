package io.github.cameldeliverability.token;

/** Base32 with the "extended hex" alphabet of RFC 4648 7 in lower case: it sorts like the number it stands for. */
final class Base32 {

    private static final String ALPHABET = "0123456789abcdefghijklmnopqrstuv";

    private Base32() {}

    /** @param octets a multiple of five */
    static String encode(byte[] octets) {
        StringBuilder text = new StringBuilder(octets.length * 8 / 5);
        int buffer = 0;
        int bits = 0;
        for (byte octet : octets) {
            buffer = (buffer << 8) | (octet & 0xff);
            bits += 8;
            while (bits >= 5) {
                bits -= 5;
                text.append(ALPHABET.charAt((buffer >> bits) & 31));
            }
        }
        return text.toString();
    }

    /** The digits of a number that is not negative, without leading zeros. */
    static String encode(int number) {
        StringBuilder text = new StringBuilder(7);
        int rest = number;
        do {
            text.append(ALPHABET.charAt(rest & 31));
            rest >>>= 5;
        } while (rest != 0);
        return text.reverse().toString();
    }

    /** The value of a digit, or -1. */
    static int value(char digit) {
        return ALPHABET.indexOf(digit);
    }
}
