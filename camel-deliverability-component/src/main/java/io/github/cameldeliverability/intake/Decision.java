package io.github.cameldeliverability.intake;

import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.Suppression;
import java.util.Objects;
import java.util.Optional;

/**
 * What a {@link SuppressionPolicy} makes of one statement about one recipient.
 *
 * @param address whom the statement is about
 * @param effect what shall happen
 * @param entry the entry to add, with {@link Effect#SUPPRESS}, or what {@link Effect#SOFT} counts; else empty
 * @param why for people and logs: one sentence without the address
 */
public record Decision(EmailAddress address, Effect effect, Optional<Suppression> entry, String why) {

    public enum Effect {
        SUPPRESS,
        /** A soft bounce: it counts, and enough of them on enough days make a pause. */
        SOFT,
        /** Mail has arrived: soft bounces are forgotten. */
        DELIVERED,
        /** The statement is no reason to suppress anybody: soft, not the recipient's fault, an auto-reply. */
        NONE,
        /** It would be a reason, but nothing proves it: withheld, for a person to look at. */
        QUARANTINE,
        /** It would be a reason, but nothing proves it: withheld and counted only. */
        COUNT
    }

    public Decision {
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(why, "why");
        boolean wanted = effect == Effect.SUPPRESS || effect == Effect.SOFT;
        if (wanted != entry.isPresent()) {
            throw new IllegalArgumentException("an entry belongs to SUPPRESS and SOFT, and to nothing else: " + effect);
        }
    }

    static Decision none(EmailAddress address, String why) {
        return new Decision(address, Effect.NONE, Optional.empty(), why);
    }
}
