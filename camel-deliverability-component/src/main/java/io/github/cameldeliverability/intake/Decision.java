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
 * @param entry the entry to add; present only with {@link Effect#SUPPRESS}
 * @param why for people and logs: one sentence without the address
 * @param soft what counts, as the entry that it would be; present only with {@link Effect#SOFT}
 */
public record Decision(
        EmailAddress address, Effect effect, Optional<Suppression> entry, String why, Optional<Suppression> soft) {

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
        if ((effect == Effect.SUPPRESS) != entry.isPresent() || (effect == Effect.SOFT) != soft.isPresent()) {
            throw new IllegalArgumentException("an entry belongs to SUPPRESS or SOFT, and to nothing else: " + effect);
        }
    }

    /** Of anything but a soft bounce. */
    public Decision(EmailAddress address, Effect effect, Optional<Suppression> entry, String why) {
        this(address, effect, entry, why, Optional.empty());
    }

    static Decision none(EmailAddress address, String why) {
        return new Decision(address, Effect.NONE, Optional.empty(), why);
    }
}
