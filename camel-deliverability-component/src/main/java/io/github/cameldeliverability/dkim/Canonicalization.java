package io.github.cameldeliverability.dkim;

import java.io.ByteArrayOutputStream;
import java.util.Locale;

/**
 * The two canonicalisation algorithms of RFC 6376 3.4, each for header fields and for bodies. White space is space and
 * tab; a line ends in CRLF; every other octet, a lone CR or LF included, is ordinary.
 */
public enum Canonicalization {
    /** RFC 6376 3.4.1 and 3.4.3: hardly any change survives. */
    SIMPLE {
        @Override
        void header(byte[] b, int start, int end, OctetSink out) {
            out.write(b, start, end - start);
        }

        @Override
        void body(byte[] b, int start, int end, OctetSink out) {
            int last = end;
            while (last - start >= 2 && b[last - 2] == '\r' && b[last - 1] == '\n') {
                last -= 2;
            }
            // RFC 6376 3.4.3: an empty body is one CRLF; any other ends in exactly one.
            out.write(b, start, last - start);
            out.write(CRLF, 0, 2);
        }
    },
    /** RFC 6376 3.4.2 and 3.4.4: white space may be changed on the way. */
    RELAXED {
        @Override
        void header(byte[] b, int start, int end, OctetSink out) {
            int colon = start;
            while (colon < end && b[colon] != ':') {
                colon++;
            }
            byte[] line = new byte[end - start + 3];
            int n = 0;
            int nameEnd = colon;
            while (nameEnd > start && isSpace(b[nameEnd - 1])) {
                nameEnd--;
            }
            for (int i = start; i < nameEnd; i++) {
                byte c = b[i];
                line[n++] = c >= 'A' && c <= 'Z' ? (byte) (c + 32) : c;
            }
            line[n++] = ':';
            int valueStart = n;
            boolean space = false;
            for (int i = colon + 1; i < end; i++) {
                byte c = b[i];
                if (isSpace(c)) {
                    space = true;
                } else if (c == '\r' && i + 1 < end && b[i + 1] == '\n') {
                    // Unfolding: inside a field a CRLF always stands before white space.
                    i++;
                } else {
                    if (space && n > valueStart) {
                        line[n++] = ' ';
                    }
                    space = false;
                    line[n++] = c;
                }
            }
            line[n++] = '\r';
            line[n++] = '\n';
            out.write(line, 0, n);
        }

        @Override
        void body(byte[] b, int start, int end, OctetSink out) {
            int lineEnds = 0;
            boolean space = false;
            boolean any = false;
            int i = start;
            while (i < end) {
                byte c = b[i];
                if (isSpace(c)) {
                    space = true;
                    i++;
                } else if (c == '\r' && i + 1 < end && b[i + 1] == '\n') {
                    space = false;
                    lineEnds++;
                    i += 2;
                } else {
                    // RFC 6376 3.4.4: empty lines count only when text follows them.
                    for (; lineEnds > 0; lineEnds--) {
                        out.write(CRLF, 0, 2);
                    }
                    if (space) {
                        out.write(SPACE, 0, 1);
                        space = false;
                    }
                    int run = i;
                    i = endOfUnchanged(b, i + 1, end);
                    out.write(b, run, i - run);
                    any = true;
                }
            }
            if (any) {
                out.write(CRLF, 0, 2);
            }
        }
    };

    private static final byte[] CRLF = {'\r', '\n'};
    private static final byte[] SPACE = {' '};

    /**
     * @param field one header field with its CRLF
     * @return its canonical form, with the CRLF
     */
    public byte[] header(byte[] field) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(field.length + 2);
        header(field, 0, field.length, out::write);
        return out.toByteArray();
    }

    /** The canonical form of a body, which is what stands behind the empty line that ends the header section. */
    public byte[] body(byte[] body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(body.length + 2);
        body(body, 0, body.length, out::write);
        return out.toByteArray();
    }

    /** As in the {@code c=} tag. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    abstract void header(byte[] b, int start, int end, OctetSink out);

    abstract void body(byte[] b, int start, int end, OctetSink out);

    /**
     * Behind the octets that the relaxed form keeps as they are: words with single spaces between them, and lines that
     * follow each other without white space at their ends. Most bodies are one such run.
     */
    private static int endOfUnchanged(byte[] b, int from, int end) {
        int i = from;
        while (i < end) {
            byte c = b[i];
            if (c > ' ' || c < 0) {
                i++;
            } else if (c == '\t') {
                return i;
            } else if (c == ' ') {
                if (i + 1 >= end || isSpecial(b[i + 1])) {
                    return i;
                }
                i += 2;
            } else if (c == '\r' && i + 1 < end && b[i + 1] == '\n') {
                if (i + 2 >= end || isSpecial(b[i + 2])) {
                    return i;
                }
                i += 3;
            } else {
                i++;
            }
        }
        return i;
    }

    private static boolean isSpecial(byte c) {
        return isSpace(c) || c == '\r';
    }

    private static boolean isSpace(byte c) {
        return c == ' ' || c == '\t';
    }
}
