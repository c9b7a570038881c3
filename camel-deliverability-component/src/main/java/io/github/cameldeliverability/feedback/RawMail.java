package io.github.cameldeliverability.feedback;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;

/** The octets of a mail as found in files and mailboxes, made fit for a MIME parser without copying them. */
public final class RawMail {

    /** Enough lines to tell which line end a file has. */
    private static final int SAMPLE = 16 << 10;

    /** How many lines may stand before the first field of a header that is one all the same. */
    private static final int FIRST_LINES = 5;

    private RawMail() {}

    /** The mail from its first header field on, with LF or CRLF line ends, at most {@code limit} octets. */
    public static InputStream open(byte[] raw, int limit) {
        int start = start(raw);
        int length = Math.min(raw.length - start, limit);
        InputStream in = new ByteArrayInputStream(raw, start, length);
        if (!beginsWithField(raw, start)) {
            // A text without any header: an empty one in front makes it the body.
            in = new SequenceInputStream(new ByteArrayInputStream(new byte[] {'\n'}), in);
        }
        return endsWithBareCr(raw, start) ? new BareCrInput(in) : in;
    }

    /** Whether one of the first lines has the form of a header field; the very first may be damaged. */
    private static boolean beginsWithField(byte[] raw, int start) {
        int i = start;
        for (int lines = 0; lines < FIRST_LINES && i < raw.length; lines++) {
            int end = i;
            while (end < raw.length && raw[end] != '\n' && raw[end] != '\r') {
                end++;
            }
            if (end == i) {
                return false;
            }
            if (HeaderBlock.nameEnd(new String(raw, i, Math.min(end - i, 100), StandardCharsets.ISO_8859_1)) > 0) {
                return true;
            }
            i = end;
            while (i < raw.length && (raw[i] == '\n' || raw[i] == '\r') && i < end + (raw[end] == '\r' ? 2 : 1)) {
                i++;
            }
        }
        return false;
    }

    /** Skips blank lines, a byte-order mark and an mbox separator ("From " without a colon) before the header. */
    private static int start(byte[] raw) {
        int i = 0;
        if (raw.length >= 3 && (raw[0] & 0xff) == 0xef && (raw[1] & 0xff) == 0xbb && (raw[2] & 0xff) == 0xbf) {
            i = 3;
        }
        i = skipBlankLines(raw, i);
        if (startsWith(raw, i, "From ") || startsWith(raw, i, ">From ")) {
            while (i < raw.length && raw[i] != '\n' && raw[i] != '\r') {
                i++;
            }
            i = skipBlankLines(raw, i);
        }
        return i;
    }

    /** The first octet of the first line that is not blank; a line's own leading blanks are not skipped. */
    private static int skipBlankLines(byte[] raw, int from) {
        int lineStart = from;
        int i = from;
        while (i < raw.length && (raw[i] == ' ' || raw[i] == '\t' || raw[i] == '\r' || raw[i] == '\n')) {
            if (raw[i] == '\r' || raw[i] == '\n') {
                lineStart = i + 1;
            }
            i++;
        }
        return i == raw.length ? i : lineStart;
    }

    private static boolean startsWith(byte[] raw, int at, String ascii) {
        if (raw.length - at < ascii.length()) {
            return false;
        }
        for (int i = 0; i < ascii.length(); i++) {
            if (raw[at + i] != ascii.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static boolean endsWithBareCr(byte[] raw, int start) {
        int crs = 0;
        int end = Math.min(raw.length, start + SAMPLE);
        for (int i = start; i < end; i++) {
            if (raw[i] == '\n') {
                return false;
            }
            if (raw[i] == '\r') {
                crs++;
            }
        }
        return crs > 0;
    }
}
