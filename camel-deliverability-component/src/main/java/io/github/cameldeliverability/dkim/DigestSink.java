package io.github.cameldeliverability.dkim;

import java.security.MessageDigest;

/** Hashes at most so many octets, as {@code l=} asks for; gathers small pieces because a digest likes large ones. */
final class DigestSink implements OctetSink {

    private static final int BUFFER = 4096;

    private final MessageDigest digest;
    private final byte[] buffer = new byte[BUFFER];
    private int buffered;
    private long seen;
    private long left;

    DigestSink(MessageDigest digest, long limit) {
        this.digest = digest;
        this.left = limit;
    }

    @Override
    public void write(byte[] b, int offset, int length) {
        seen += length;
        int n = (int) Math.min(length, left);
        left -= n;
        if (n > BUFFER - buffered) {
            digest.update(buffer, 0, buffered);
            buffered = 0;
            if (n > BUFFER) {
                digest.update(b, offset, n);
                return;
            }
        }
        if (n <= 8) {
            // Copying a word or a line end by hand costs less than the call.
            for (int i = 0; i < n; i++) {
                buffer[buffered++] = b[offset + i];
            }
        } else {
            System.arraycopy(b, offset, buffer, buffered, n);
            buffered += n;
        }
    }

    /** Octets offered so far, hashed or not. */
    long seen() {
        return seen;
    }

    byte[] digest() {
        digest.update(buffer, 0, buffered);
        buffered = 0;
        return digest.digest();
    }
}
