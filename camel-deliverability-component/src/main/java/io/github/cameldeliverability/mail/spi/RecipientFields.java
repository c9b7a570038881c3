package io.github.cameldeliverability.mail.spi;

import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.RecipientKey;
import io.github.cameldeliverability.mail.WireMessage;

/** Adds header fields that are made for one recipient, before the message is signed. Thread-safe. */
@FunctionalInterface
public interface RecipientFields {

    /**
     * The header lines to put before the message's own, each ending in CRLF; none if the message has its own.
     *
     * @throws IllegalArgumentException if they cannot be made for this message
     */
    byte[] fields(WireMessage message, RecipientKey key, EmailAddress recipient);
}
