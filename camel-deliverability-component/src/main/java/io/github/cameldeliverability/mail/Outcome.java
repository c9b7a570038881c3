package io.github.cameldeliverability.mail;

import java.util.Locale;

/** What became of one recipient of one message. All but {@link #DEFERRED} are final; each recipient gets one final. */
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
    CANCELLED;

    public boolean isFinal() {
        return this != DEFERRED;
    }

    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
