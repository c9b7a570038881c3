package io.github.cameldeliverability.mail;

import java.util.Optional;

/**
 * The reverse-path of an envelope (RFC 5321 3.3): an address, or the null path {@code <>} of notifications.
 *
 * @param address empty for the null reverse-path
 */
public record ReversePath(Optional<EmailAddress> address) {

    /** {@code <>}: nobody wants to hear of a failure (RFC 5321 4.5.5). */
    public static final ReversePath NULL = new ReversePath(Optional.empty());

    public static ReversePath of(EmailAddress address) {
        return new ReversePath(Optional.of(address));
    }

    /** Parses {@code a@b}, {@code <a@b>}, {@code <>} or the empty text. */
    public static ReversePath parse(String text) {
        String s = text.strip();
        return s.isEmpty() || s.equals("<>") ? NULL : of(EmailAddress.parse(s));
    }

    public boolean isNull() {
        return address.isEmpty();
    }

    /** Without angle brackets; empty for the null path. */
    @Override
    public String toString() {
        return address.map(EmailAddress::toString).orElse("");
    }
}
