package io.github.cameldeliverability.mail;

import java.util.Objects;

/**
 * One forward-path of an envelope with the reverse-path that is used for it.
 *
 * <p>Each recipient has a reverse-path of its own because with VERP it names the recipient; without VERP all recipients
 * of a message share one, and may share a transaction.
 */
public record Recipient(EmailAddress address, ReversePath reversePath, DsnRequest dsn) {

    public Recipient {
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(reversePath, "reversePath");
        Objects.requireNonNull(dsn, "dsn");
    }

    public Recipient(EmailAddress address, ReversePath reversePath) {
        this(address, reversePath, DsnRequest.NONE);
    }
}
