package io.github.cameldeliverability.feedback;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Reads a file with bare CR line ends (old Macintosh) as one with LF. */
final class BareCrInput extends FilterInputStream {

    BareCrInput(InputStream in) {
        super(in);
    }

    @Override
    public int read() throws IOException {
        int c = super.read();
        return c == '\r' ? '\n' : c;
    }

    @Override
    public int read(byte[] b, int off, int len) throws IOException {
        int n = super.read(b, off, len);
        for (int i = off; i < off + n; i++) {
            if (b[i] == '\r') {
                b[i] = '\n';
            }
        }
        return n;
    }
}
