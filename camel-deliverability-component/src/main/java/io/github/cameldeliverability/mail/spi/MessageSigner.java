package io.github.cameldeliverability.mail.spi;

import io.github.cameldeliverability.mail.WireMessage;
import java.util.Optional;

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

    /** {@code rsa-sha256 d=example.com s=2026}, for logs; no secrets. */
    String describe();

    /** The domain that signs (RFC 6376 d=), for limits that are counted by it. */
    default Optional<String> domain() {
        return Optional.empty();
    }
}
