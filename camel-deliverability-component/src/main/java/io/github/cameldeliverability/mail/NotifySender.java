package io.github.cameldeliverability.mail;

/** What the sender of a message is told of its fate by mail (RFC 3464). */
public enum NotifySender {
    /** Nothing: who wants to know consumes the events. */
    NEVER,
    /** That a recipient bounced or expired. */
    FAILURE,
    /** That, and once that a recipient has been waiting for long. */
    DELAY_AND_FAILURE
}
