package io.github.cameldeliverability.dkim;

import java.nio.charset.StandardCharsets;

/** What is signed in the benchmarks. */
final class Bodies {

    static final String HEADER =
            """
            From: Shop <shop@example.com>
            To: Ann <ann@example.net>
            Subject: The news of this week, with a subject of usual length
            Date: Sun, 01 Mar 2026 12:00:00 +0000
            Message-ID: <0123456789abcdef@mail.example.com>
            MIME-Version: 1.0
            Content-Type: text/plain; charset=us-ascii

            """
                    .replace("\n", "\r\n");

    private static final int SIZE = 11 * 1024;

    private Bodies() {}

    /** 11 KB as mail is: lines of words, some indented, some empty, some with white space at the end or a dot in front. */
    static byte[] text() {
        StringBuilder b = new StringBuilder(SIZE + 80);
        for (int line = 0; b.length() < SIZE; line++) {
            b.append(line % 40 == 7 ? ".hidden " : line % 5 == 0 ? "    " : "");
            b.append(line % 9 == 3 ? "" : "The quick brown fox jumps over the lazy dog, line " + line);
            b.append(line % 11 == 4 ? "  \t" : "").append("\r\n");
        }
        return b.toString().getBytes(StandardCharsets.US_ASCII);
    }
}
