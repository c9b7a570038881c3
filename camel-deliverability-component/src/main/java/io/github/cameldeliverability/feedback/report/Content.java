package io.github.cameldeliverability.feedback.report;

import java.nio.charset.StandardCharsets;

/** Octets to be read, and the name they came under. */
record Content(String name, byte[] octets) {

    /** What the octets are by their own witness; names and media types are wrong too often. */
    enum Shape {
        GZIP,
        ZIP,
        XML,
        JSON,
        MAIL,
        EMPTY
    }

    private static final int SAMPLE = 4096;

    Shape shape() {
        if (startsWith(0x1f, 0x8b)) {
            return Shape.GZIP;
        }
        if (startsWith('P', 'K', 3, 4) || startsWith('P', 'K', 5, 6)) {
            return Shape.ZIP;
        }
        if (startsWith(0xff, 0xfe) || startsWith(0xfe, 0xff)) {
            return Shape.XML;
        }
        String begin = begin();
        if (begin.isEmpty()) {
            return Shape.EMPTY;
        }
        return switch (begin.charAt(0)) {
            case '<' -> Shape.XML;
            case '{', '[' -> Shape.JSON;
            // Text that somebody put before the XML; a mail with a report in its text begins with a header field.
            default -> begin.contains("<report_metadata") && !hasHeader(begin) ? Shape.XML : Shape.MAIL;
        };
    }

    /** Whether text that is meant for people holds a report all the same. */
    boolean looksLikeReport() {
        return switch (shape()) {
            case GZIP, ZIP -> true;
            case JSON -> begin().contains("\"policies\"") || begin().contains("\"report-id\"");
            default -> begin().contains("report_metadata>");
        };
    }

    /** The first characters, without byte-order mark, NUL octets (UTF-16) and leading blanks. */
    private String begin() {
        String s = new String(octets, 0, Math.min(octets.length, SAMPLE), StandardCharsets.ISO_8859_1);
        if (s.startsWith("\u00ef\u00bb\u00bf")) {
            s = s.substring(3);
        }
        return s.replace("\0", "").strip();
    }

    private static boolean hasHeader(String begin) {
        int colon = begin.indexOf(':');
        int lineEnd = begin.indexOf('\n');
        int blank = begin.indexOf(' ');
        return colon > 0 && (lineEnd < 0 || colon < lineEnd) && (blank < 0 || colon < blank);
    }

    private boolean startsWith(int... magic) {
        if (octets.length < magic.length) {
            return false;
        }
        for (int i = 0; i < magic.length; i++) {
            if ((octets[i] & 0xff) != magic[i]) {
                return false;
            }
        }
        return true;
    }
}
