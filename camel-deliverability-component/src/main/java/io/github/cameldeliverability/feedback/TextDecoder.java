package io.github.cameldeliverability.feedback;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Octets to text: content-transfer-encoding (RFC 2045 6) and charset, both of which reports get wrong: declared base64 that
 * is none, a charset nobody knows, none at all.
 */
public final class TextDecoder {

    /** The least that is taken for base64 where nothing declares it, in characters: two lines and a bit. */
    private static final int MIN_BASE64 = 160;

    /** Names come from strangers: no more than this many are remembered. */
    private static final int MAX_CHARSETS = 200;

    private static final Map<String, Optional<Charset>> CHARSETS = new ConcurrentHashMap<>();

    private static final Charset FALLBACK = charset("windows-1252", StandardCharsets.ISO_8859_1);

    private TextDecoder() {}

    static String decode(byte[] raw, String transferEncoding, String declaredCharset) {
        return text(octets(raw, transferEncoding), declaredCharset);
    }

    static byte[] octets(byte[] raw, String transferEncoding) {
        return switch (transferEncoding.toLowerCase(Locale.ROOT)) {
            case "base64" -> base64(raw);
            case "quoted-printable" -> quotedPrintable(raw);
            default -> undeclared(raw);
        };
    }

    /** Text that says 7bit and is encoded all the same: a gateway lost the field. */
    private static byte[] undeclared(byte[] raw) {
        int equals = 0;
        int soft = 0;
        int letters = 0;
        boolean quoted = true;
        boolean base64 = true;
        for (int i = 0; i < raw.length && (quoted || base64); i++) {
            byte b = raw[i];
            if (b == '=') {
                equals++;
                boolean end = i + 1 < raw.length && (raw[i + 1] == '\n' || raw[i + 1] == '\r');
                soft += end ? 1 : 0;
                quoted &= end || (i + 2 < raw.length && hex(raw[i + 1]) >= 0 && hex(raw[i + 2]) >= 0);
            } else if (b > ' ') {
                letters++;
                base64 &= (b >= '0' && b <= '9')
                        || (b >= 'a' && b <= 'z')
                        || (b >= 'A' && b <= 'Z')
                        || b == '+'
                        || b == '/';
            } else {
                base64 &= b == '\r' || b == '\n';
            }
        }
        if (quoted && soft > 0 && equals > soft) {
            return quotedPrintable(raw);
        }
        // Words have blanks between them; three lines full of letters without any are no text.
        return base64 && letters >= MIN_BASE64 && (letters + equals) % 4 == 0 ? base64(raw) : raw;
    }

    static String text(byte[] octets, String declared) {
        String name = declared.toLowerCase(Locale.ROOT);
        if (!name.startsWith("iso-2022") && hasEscape(octets)) {
            // Japanese mails switch character sets by ESC even where the header says us-ascii.
            return new String(octets, charset("ISO-2022-JP", FALLBACK));
        }
        boolean ascii = true;
        for (byte b : octets) {
            if (b < 0) {
                ascii = false;
                break;
            }
        }
        if (ascii
                && (name.isEmpty()
                        || (!name.startsWith("iso-2022") && !name.startsWith("utf-") && !name.equals("hz")))) {
            return new String(octets, StandardCharsets.US_ASCII);
        }
        if (name.isEmpty() || name.equals("us-ascii") || name.equals("ascii") || name.startsWith("unknown")) {
            return guess(octets);
        }
        Charset c = charset(name, null);
        return c == null ? guess(octets) : new String(octets, c);
    }

    private static String guess(byte[] octets) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(octets))
                    .toString();
        } catch (CharacterCodingException e) {
            return new String(octets, FALLBACK);
        }
    }

    /** Looking a name up costs a search through all providers if the JVM does not know it: what was asked is remembered. */
    private static Charset charset(String name, Charset otherwise) {
        Optional<Charset> known = CHARSETS.get(name);
        if (known == null) {
            known = lookUp(name);
            if (CHARSETS.size() < MAX_CHARSETS && name.length() < 40) {
                CHARSETS.put(name, known);
            }
        }
        return known.orElse(otherwise);
    }

    private static Optional<Charset> lookUp(String name) {
        try {
            return Optional.of(Charset.forName(name));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static boolean hasEscape(byte[] octets) {
        for (int i = 0; i + 2 < octets.length; i++) {
            if (octets[i] == 0x1b && octets[i + 1] == '$' && (octets[i + 2] == 'B' || octets[i + 2] == '@')) {
                return true;
            }
        }
        return false;
    }

    private static byte[] base64(byte[] raw) {
        // Sentences, blanks inside a line or a colon prove that the declared encoding is a lie.
        for (byte b : raw) {
            boolean ok = (b >= 'a' && b <= 'z')
                    || (b >= 'A' && b <= 'Z')
                    || (b >= '0' && b <= '9')
                    || b == '+'
                    || b == '/'
                    || b == '='
                    || b == '\r'
                    || b == '\n'
                    || b == ' '
                    || b == '\t';
            if (!ok) {
                return raw;
            }
        }
        try {
            return Base64.getMimeDecoder().decode(wholeQuads(raw));
        } catch (IllegalArgumentException e) {
            return raw;
        }
    }

    /** The text without what follows the last whole group of four, which a cut part may end in. */
    private static byte[] wholeQuads(byte[] raw) {
        byte[] out = new byte[raw.length];
        int n = 0;
        for (byte b : raw) {
            if (b > ' ') {
                out[n++] = b;
                if (b == '=' && n % 4 == 0) {
                    break;
                }
            }
        }
        return Arrays.copyOf(out, n - n % 4);
    }

    public static byte[] quotedPrintable(byte[] raw) {
        byte[] out = new byte[raw.length];
        int n = 0;
        for (int i = 0; i < raw.length; i++) {
            if (raw[i] != '=') {
                out[n++] = raw[i];
                continue;
            }
            if (i + 2 < raw.length && hex(raw[i + 1]) >= 0 && hex(raw[i + 2]) >= 0) {
                out[n++] = (byte) (hex(raw[i + 1]) << 4 | hex(raw[i + 2]));
                i += 2;
            } else if (i + 1 < raw.length && raw[i + 1] == '\n') {
                i += 1;
            } else if (i + 2 < raw.length && raw[i + 1] == '\r' && raw[i + 2] == '\n') {
                i += 2;
            } else {
                // RFC 2045 6.7: a robust reader leaves what is no encoding as it stands.
                out[n++] = '=';
            }
        }
        return Arrays.copyOf(out, n);
    }

    private static int hex(byte b) {
        return Character.digit(b, 16);
    }
}
