package io.github.cameldeliverability.token;

import io.github.cameldeliverability.mail.EmailAddress;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/**
 * What a link in a mail allows whoever has the mail.
 *
 * @param purpose what for: a token of one purpose is worth nothing for another
 * @param list the suppression list
 * @param scope the scope of the list, or what is confirmed
 * @param address whose link it is
 * @param expires when it ends, to the second
 */
public record LinkToken(Purpose purpose, String list, String scope, EmailAddress address, Instant expires) {

    public enum Purpose {
        /** To be taken off: the link of List-Unsubscribe (RFC 8058). */
        UNSUBSCRIBE(0),
        /** To confirm a subscription that somebody asked for in the address's name (double opt-in). */
        CONFIRM(1);

        private final int code;

        Purpose(int code) {
            this.code = code;
        }

        /** As it stands in tokens that are in people's mailboxes. */
        int code() {
            return code;
        }

        static Optional<Purpose> ofCode(int code) {
            return Arrays.stream(values()).filter(p -> p.code == code).findFirst();
        }
    }

    public LinkToken {
        Objects.requireNonNull(purpose, "purpose");
        Objects.requireNonNull(list, "list");
        Objects.requireNonNull(scope, "scope");
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(expires, "expires");
    }
}
