package io.github.cameldeliverability.mail;

import java.util.Locale;

/**
 * What became of one recipient of one message. All but {@link #DEFERRED} and {@link #FALLBACK} are final; each recipient
 * gets one final.
 */
public enum Outcome {
    /** The receiver took responsibility for the message (RFC 5321 2.1). Not: read, not: in the inbox. */
    DELIVERED,
    /** Not now; it will be tried again. */
    DEFERRED,
    /** The receiver, or the DNS, refused for good. */
    BOUNCED,
    /** The stream's maximum age passed without a final answer. */
    EXPIRED,
    /** The suppression list holds the address; nothing was sent. */
    SUPPRESSED,
    /** An operator withdrew it. */
    CANCELLED,
    /**
     * News of the hand-over to the stream's fallback, {@link DeliveryEvent#fallback()}, after a final outcome that said
     * that there would be one.
     */
    FALLBACK;

    public boolean isFinal() {
        return this != DEFERRED && this != FALLBACK;
    }

    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
