package io.github.cameldeliverability.compose;

import io.github.cameldeliverability.mail.EmailAddress;
import java.util.Objects;
import java.util.Optional;

/**
 * A mailbox of an address field (RFC 5322 3.4): an address and the name that people see.
 *
 * @param displayName decoded, without quotes
 * @param address where the mail goes
 */
public record Mailbox(Optional<String> displayName, EmailAddress address) {

    public Mailbox {
        Objects.requireNonNull(displayName, "displayName");
        Objects.requireNonNull(address, "address");
    }

    public static Mailbox of(EmailAddress address) {
        return new Mailbox(Optional.empty(), address);
    }
}
