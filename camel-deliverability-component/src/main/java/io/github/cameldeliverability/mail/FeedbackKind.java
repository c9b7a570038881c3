package io.github.cameldeliverability.mail;

import java.util.Locale;

/** What kind of mail came back. */
public enum FeedbackKind {
    /** A final failure. */
    BOUNCE,
    /** A feedback-loop report, ARF (RFC 5965) or a provider's own form. */
    COMPLAINT,
    /** Out of office, acknowledgement, challenge-response (RFC 3834). */
    AUTO_REPLY,
    /** A report of success or "still trying": never a reason to suppress. */
    DELIVERY_NOTICE,
    /** A mail that asks, by our token, to be taken off the list. */
    UNSUBSCRIBE,
    /** Ordinary mail: none of our business. */
    NONE;

    /** The name as in records and the command line, {@code auto-reply}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
