package io.github.cameldeliverability.mail;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A whole message in the form in which it goes over the wire before dot stuffing: every line ends in CRLF, the last one
 * too, there is no NUL, and no white space stands between the name of a header field and its colon.
 *
 * <p>Immutable and thread-safe as long as nobody writes into {@link #content()}.
 */
public final class WireMessage {

    private static final byte CR = '\r';
    private static final byte LF = '\n';

    private final byte[] content;
    private final int bodyStart;
    private final boolean utf8Header;
    private final boolean eightBit;
    private final int longestLine;

    private WireMessage(byte[] content, int bodyStart, boolean utf8Header, boolean eightBit, int longestLine) {
        this.content = content;
        this.bodyStart = bodyStart;
        this.utf8Header = utf8Header;
        this.eightBit = eightBit;
        this.longestLine = longestLine;
    }

    /**
     * Brings a message into wire form. A lone LF or CR becomes CRLF; several CR before one LF (text converted twice) are
     * one line end. White space before the colon of a header field goes away: RFC 5322 4.5 lets us read it, not send it. A
     * message that is in wire form already is kept, not copied.
     *
     * @param raw header section and body with any line ends; must not be changed afterwards
     * @throws IllegalArgumentException if there is a NUL (RFC 5322 4.1: it must not be sent)
     */
    public static WireMessage of(byte[] raw) {
        Objects.requireNonNull(raw, "raw");
        WireMessage m = scan(raw);
        // RFC 5321 2.3.8: bare CR and LF must not be sent; they are what SMTP smuggling is made of.
        return m != null ? m : Objects.requireNonNull(scan(tighten(withCrlf(raw))));
    }

    /** The message; lines end in CRLF. Not a copy: do not write into it. */
    public byte[] content() {
        return content;
    }

    /** Where the body begins, behind the empty line; the length of the content if there is no empty line. */
    public int bodyStart() {
        return bodyStart;
    }

    /** Whether the body holds octets above 127, so that the next host must know 8BITMIME (RFC 6152). */
    public boolean eightBit() {
        return eightBit;
    }

    /** Whether the header section holds octets above 127, so that the next host must know SMTPUTF8 (RFC 6531). */
    public boolean utf8Header() {
        return utf8Header;
    }

    /** Octets of the longest line without its CRLF; RFC 5321 4.5.3.1.6 allows 998. */
    public int longestLine() {
        return longestLine;
    }

    /** Whether the header section has a field of this name, in any case of letters. */
    public boolean hasField(String name) {
        return find(name, 0) >= 0;
    }

    /** The value of the topmost field of this name: unfolded, stripped, encoded words as they are. */
    public Optional<String> header(String name) {
        int at = find(name, 0);
        return at < 0 ? Optional.empty() : Optional.of(value(at));
    }

    /** The values of all fields of this name from top to bottom, as by {@link #header}. */
    public List<String> headers(String name) {
        List<String> values = new ArrayList<>();
        for (int at = find(name, 0); at >= 0; at = find(name, fieldEnd(at))) {
            values.add(value(at));
        }
        return values;
    }

    /**
     * This message with header fields put in front of it.
     *
     * @param fields whole fields, each ended by CRLF
     * @throws IllegalArgumentException if they are not in wire form or hold an empty line
     */
    public WireMessage prepend(byte[] fields) {
        if (fields.length == 0) {
            return this;
        }
        WireMessage head = scan(fields);
        if (head == null || head.headerEnd() != fields.length) {
            throw new IllegalArgumentException("header fields to prepend must end in CRLF, without an empty line");
        }
        byte[] joined = Arrays.copyOf(fields, fields.length + content.length);
        System.arraycopy(content, 0, joined, fields.length, content.length);
        return new WireMessage(
                joined,
                fields.length + bodyStart,
                utf8Header || head.utf8Header,
                eightBit,
                Math.max(longestLine, head.longestLine));
    }

    /** This message without any field of these names; itself if it has none of them. */
    public WireMessage without(String... names) {
        byte[] kept = null;
        int length = 0;
        int keepFrom = 0;
        int end = headerEnd();
        for (int at = 0; at < end; at = fieldEnd(at)) {
            if (isNamed(at, names)) {
                kept = kept == null ? new byte[content.length] : kept;
                System.arraycopy(content, keepFrom, kept, length, at - keepFrom);
                length += at - keepFrom;
                keepFrom = fieldEnd(at);
            }
        }
        if (kept == null) {
            return this;
        }
        System.arraycopy(content, keepFrom, kept, length, content.length - keepFrom);
        return of(Arrays.copyOf(kept, length + content.length - keepFrom));
    }

    /** This message without the fields of this name that stand at its very top, before any other. */
    public WireMessage withoutLeading(String name) {
        int end = headerEnd();
        int at = 0;
        while (at < end && nameMatches(at, name)) {
            at = fieldEnd(at);
        }
        return at == 0 ? this : of(Arrays.copyOfRange(content, at, content.length));
    }

    /** Two are equal if their octets are. */
    @Override
    public boolean equals(Object o) {
        return o instanceof WireMessage m && Arrays.equals(content, m.content);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(content);
    }

    /** Sizes and flags only; messages do not belong into logs. */
    @Override
    public String toString() {
        return "WireMessage[" + content.length + " octets, body at " + bodyStart + ", eightBit=" + eightBit
                + ", utf8Header=" + utf8Header + "]";
    }

    /** Null if the octets are not in wire form. */
    private static WireMessage scan(byte[] b) {
        int n = b.length;
        if (n < 2 || b[n - 1] != LF || b[n - 2] != CR) {
            return null;
        }
        int bodyStart = -1;
        int lineStart = 0;
        int longest = 0;
        boolean utf8Header = false;
        boolean high = false;
        if (spaceBeforeColon(b, 0) >= 0) {
            return null;
        }
        for (int i = 0; i < n; i++) {
            byte c = b[i];
            if (c > CR) {
                continue;
            }
            if (c < 0) {
                high = true;
            } else if (c == CR) {
                if (b[i + 1] != LF) {
                    return null;
                }
                int length = i - lineStart;
                longest = Math.max(longest, length);
                i++;
                lineStart = i + 1;
                if (length == 0 && bodyStart < 0) {
                    bodyStart = lineStart;
                    utf8Header = high;
                    high = false;
                } else if (bodyStart < 0 && spaceBeforeColon(b, lineStart) >= 0) {
                    return null;
                }
            } else if (c == LF) {
                return null;
            } else if (c == 0) {
                throw new IllegalArgumentException("the message holds a NUL at octet " + i);
            }
        }
        return bodyStart < 0
                ? new WireMessage(b, n, high, false, longest)
                : new WireMessage(b, bodyStart, utf8Header, high, longest);
    }

    private static byte[] withCrlf(byte[] b) {
        byte[] out = new byte[b.length + 2 + lineEnds(b)];
        int o = 0;
        int n = b.length;
        for (int i = 0; i < n; i++) {
            byte c = b[i];
            if (c == CR || c == LF) {
                int lf = i;
                while (lf < n && b[lf] == CR) {
                    lf++;
                }
                if (lf < n && b[lf] == LF) {
                    i = lf;
                }
                out[o++] = CR;
                out[o++] = LF;
            } else {
                out[o++] = c;
            }
        }
        if (o == 0 || out[o - 1] != LF) {
            out[o++] = CR;
            out[o++] = LF;
        }
        return Arrays.copyOf(out, o);
    }

    /** Takes out the white space between names and colons; the lines end in CRLF already. */
    private static byte[] tighten(byte[] b) {
        byte[] out = new byte[b.length];
        int o = 0;
        int at = 0;
        while (at < b.length && b[at] != CR) {
            int space = spaceBeforeColon(b, at);
            if (space >= 0) {
                System.arraycopy(b, at, out, o, space - at);
                o += space - at;
                at = space;
                while (b[at] != ':') {
                    at++;
                }
            }
            do {
                out[o++] = b[at];
            } while (b[at++] != LF);
        }
        System.arraycopy(b, at, out, o, b.length - at);
        return Arrays.copyOf(out, o + b.length - at);
    }

    /** Where white space stands between a field name that begins here and its colon, or -1. */
    private static int spaceBeforeColon(byte[] b, int lineStart) {
        int i = lineStart;
        while (i < b.length && b[i] > ' ' && b[i] != ':') {
            i++;
        }
        int space = i;
        while (i < b.length && (b[i] == ' ' || b[i] == '\t')) {
            i++;
        }
        return space > lineStart && i > space && i < b.length && b[i] == ':' ? space : -1;
    }

    private static int lineEnds(byte[] b) {
        int n = 0;
        for (byte c : b) {
            if (c == CR || c == LF) {
                n++;
            }
        }
        return n;
    }

    /** End of the last field, before the empty line. */
    private int headerEnd() {
        boolean emptyLine = bodyStart >= 2
                && content[bodyStart - 2] == CR
                && (bodyStart == 2 || (bodyStart >= 4 && content[bodyStart - 3] == LF));
        return emptyLine ? bodyStart - 2 : bodyStart;
    }

    private int find(String name, int from) {
        int end = headerEnd();
        for (int at = from; at < end; at = fieldEnd(at)) {
            if (isNamed(at, name)) {
                return at;
            }
        }
        return -1;
    }

    private boolean isNamed(int at, String... names) {
        for (String name : names) {
            if (nameMatches(at, name)) {
                return true;
            }
        }
        return false;
    }

    private boolean nameMatches(int at, String name) {
        int length = name.length();
        if (at + length >= content.length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (lower(content[at + i]) != lower((byte) name.charAt(i))) {
                return false;
            }
        }
        int i = at + length;
        // RFC 5322 4.5: obsolete syntax allows white space before the colon.
        while (content[i] == ' ' || content[i] == '\t') {
            i++;
        }
        return content[i] == ':';
    }

    /** Where the next field begins: behind the first CRLF that is not followed by white space (RFC 5322 2.2.3). */
    private int fieldEnd(int at) {
        int end = headerEnd();
        int i = at;
        while (i < end) {
            if (content[i++] == LF && (i >= end || (content[i] != ' ' && content[i] != '\t'))) {
                return i;
            }
        }
        return end;
    }

    private String value(int at) {
        int end = fieldEnd(at);
        int colon = at;
        while (content[colon] != ':') {
            colon++;
        }
        String folded = new String(content, colon + 1, end - colon - 1, StandardCharsets.UTF_8);
        return folded.replace("\r\n", "").strip();
    }

    private static int lower(byte c) {
        return c >= 'A' && c <= 'Z' ? c + 32 : c;
    }
}
