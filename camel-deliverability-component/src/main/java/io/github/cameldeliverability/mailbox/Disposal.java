package io.github.cameldeliverability.mailbox;

import java.util.Locale;
import org.apache.camel.Exchange;

/** What became of a mail; where it goes by that is an option of the endpoint. */
public enum Disposal {
    /** Understood and dealt with. */
    HANDLED,
    /** Not to be believed, or not to be read: a person should look. */
    QUARANTINE,
    /** None of our business: it stays unread. */
    ORDINARY;

    /** What the route says in the header, else {@link #HANDLED}. */
    static Disposal of(Exchange exchange) {
        Object stated = exchange.getMessage().getHeader(MailboxConstants.DISPOSAL);
        if (stated == null) {
            return HANDLED;
        }
        if (stated instanceof Disposal d) {
            return d;
        }
        try {
            return valueOf(stated.toString().strip().toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "The header " + MailboxConstants.DISPOSAL + " must be HANDLED, QUARANTINE or ORDINARY, not "
                            + stated,
                    e);
        }
    }
}
