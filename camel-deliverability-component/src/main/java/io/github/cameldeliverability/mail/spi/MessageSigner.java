package io.github.cameldeliverability.mail.spi;

import io.github.cameldeliverability.mail.WireMessage;

/** Signs messages with one key. Thread-safe; CPU work: call it on a worker, never on an event loop. */
public interface MessageSigner {

    /**
     * @param message whole, lines end in CRLF, final
     * @return the header field to put in front of the message, folded, with its CRLF
     * @throws IllegalArgumentException if the message cannot be signed (no From)
     */
    byte[] sign(byte[] message);

    /** The same for a message that is known to be in wire form, which spares a signer to look through it once more. */
    default byte[] sign(WireMessage message) {
        return sign(message.content());
    }

    /** The domain that it signs for (RFC 6376 3.5, tag d=), lower case; empty where it does not say. */
    default String domain() {
        return "";
    }

    /** {@code rsa-sha256 d=example.com s=2026}, for logs; no secrets. */
    String describe();
}
