package io.github.cameldeliverability.testkit;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** One connection's octets: lines and content in, replies out. */
final class FakeMxWire {

    private static final int MAX_LINE = 64 * 1024;

    private final InputStream in;
    private final OutputStream out;
    private final byte[] buffer = new byte[32 * 1024];
    private int position;
    private int limit;

    FakeMxWire(Socket socket) throws IOException {
        in = socket.getInputStream();
        out = socket.getOutputStream();
    }

    /** Whether the client has sent more than was read. */
    boolean hasMore() {
        return position < limit;
    }

    /** Blocking: waits until at least one octet is there. */
    void fill() throws IOException {
        if (position < limit) {
            return;
        }
        position = 0;
        limit = Math.max(0, in.read(buffer));
        if (limit == 0) {
            throw new EOFException();
        }
    }

    /** Blocking: one command line without its CRLF. */
    String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(128);
        while (true) {
            fill();
            int end = position;
            while (end < limit && buffer[end] != '\n') {
                end++;
            }
            line.write(buffer, position, end - position);
            boolean ended = end < limit;
            position = ended ? end + 1 : end;
            if (ended) {
                String s = line.toString(StandardCharsets.UTF_8);
                return s.endsWith("\r") ? s.substring(0, s.length() - 1) : s;
            }
            if (line.size() > MAX_LINE) {
                throw new IOException("command line too long");
            }
        }
    }

    /** Blocking: the chunk of a BDAT. */
    byte[] octets(int count) throws IOException {
        byte[] chunk = new byte[count];
        int done = 0;
        while (done < count) {
            fill();
            int n = Math.min(count - done, limit - position);
            System.arraycopy(buffer, position, chunk, done, n);
            position += n;
            done += n;
        }
        return chunk;
    }

    private enum At {
        LINE_START,
        DOT,
        DOT_CR,
        TEXT,
        CR
    }

    /** Blocking: the content up to CRLF.CRLF, un-stuffed (RFC 5321 4.5.2). Only CRLF ends a line. */
    byte[] content() throws IOException {
        byte[] content = new byte[16 * 1024];
        int size = 0;
        At at = At.LINE_START;
        while (true) {
            fill();
            byte b = buffer[position++];
            if (size + 2 > content.length) {
                content = Arrays.copyOf(content, content.length * 2);
            }
            switch (at) {
                case LINE_START -> {
                    if (b == '.') {
                        at = At.DOT;
                    } else {
                        content[size++] = b;
                        at = b == '\r' ? At.CR : At.TEXT;
                    }
                }
                case DOT -> {
                    if (b == '\r') {
                        at = At.DOT_CR;
                    } else {
                        content[size++] = b;
                        at = At.TEXT;
                    }
                }
                case DOT_CR -> {
                    if (b == '\n') {
                        return Arrays.copyOf(content, size);
                    }
                    content[size++] = '\r';
                    content[size++] = b;
                    at = b == '\r' ? At.CR : At.TEXT;
                }
                case TEXT -> {
                    content[size++] = b;
                    at = b == '\r' ? At.CR : At.TEXT;
                }
                case CR -> {
                    content[size++] = b;
                    at = b == '\n' ? At.LINE_START : b == '\r' ? At.CR : At.TEXT;
                }
            }
        }
    }

    void say(byte[] octets) throws IOException {
        out.write(octets);
        out.flush();
    }

    /** Blocking: reads and forgets until the client hangs up. */
    void drain() throws IOException {
        while (true) {
            position = limit;
            fill();
        }
    }
}
