package io.github.cameldeliverability.mail;

import java.util.Optional;
import java.util.Set;

/**
 * Ways of writing an address that reach the same mailbox at some receivers. RFC 5321 2.3.11: only the receiver may
 * interpret a local part, so none of these is applied unless it was asked for by name.
 */
public enum CanonicalForm {
    /** {@code ann+news@example.com} is {@code ann@example.com} (RFC 5233). Not so at every receiver. */
    PLUS {
        @Override
        EmailAddress apply(EmailAddress a) {
            int plus = a.localPart().indexOf('+');
            // A quoted local part is left alone: whoever uses one means it.
            return plus <= 0 || a.localPart().startsWith("\"")
                    ? a
                    : new EmailAddress(a.localPart().substring(0, plus), a.domain());
        }
    },
    /** {@code a.n.n@googlemail.com} is {@code ann@gmail.com}: dots and the second domain count at Gmail only. */
    GMAIL {
        @Override
        EmailAddress apply(EmailAddress a) {
            boolean gmail = a.domain().equals("gmail.com") || a.domain().equals("googlemail.com");
            String plain = a.localPart().replace(".", "");
            return !gmail || plain.isEmpty() || a.localPart().startsWith("\"")
                    ? a
                    : new EmailAddress(plain, "gmail.com");
        }
    };

    abstract EmailAddress apply(EmailAddress address);

    /** The canonical form of an address; empty if it is written that way already. */
    public static Optional<EmailAddress> of(EmailAddress address, Set<CanonicalForm> forms) {
        EmailAddress canonical = address;
        for (CanonicalForm form : values()) {
            if (forms.contains(form)) {
                canonical = form.apply(canonical);
            }
        }
        return canonical.key().equals(address.key()) ? Optional.empty() : Optional.of(canonical);
    }
}
