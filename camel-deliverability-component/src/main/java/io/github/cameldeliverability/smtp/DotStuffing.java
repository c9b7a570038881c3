package io.github.cameldeliverability.smtp;

import io.netty.buffer.ByteBuf;

/** The transparency of DATA (RFC 5321 4.5.2): a dot that begins a line is doubled. */
final class DotStuffing {

    private DotStuffing() {}

    /**
     * Appends {@code content[from, to)} with the dots doubled, in runs between them. Whether {@code from} begins a line is
     * seen from the octet before it, so that a message may be taken in pieces.
     */
    static void append(byte[] content, int from, int to, ByteBuf out) {
        int run = from;
        for (int i = from; i < to; i++) {
            if (content[i] == '.' && (i == 0 || content[i - 1] == '\n')) {
                out.writeBytes(content, run, i - run);
                out.writeByte('.');
                run = i;
            }
        }
        out.writeBytes(content, run, to - run);
    }

    /**
     * The offset of the first CR without LF or LF without CR, -1 if there is none. RFC 5321 2.3.8 forbids them: servers
     * that take them for line ends can be made to see a second message in the first (SMTP smuggling).
     */
    static int bareLineEnd(byte[] content) {
        for (int i = 0; i < content.length; i++) {
            byte b = content[i];
            if (b > '\r') {
                continue; // almost all octets
            }
            if (b == '\n') {
                return i;
            }
            if (b == '\r') {
                if (i + 1 == content.length || content[i + 1] != '\n') {
                    return i;
                }
                i++;
            }
        }
        return -1;
    }

    static boolean endsInLineEnd(byte[] content) {
        return content.length > 0 && content[content.length - 1] == '\n';
    }
}
