package io.github.cameldeliverability.testkit;

/** What the embedded internet has in store for an address: the truth that a sender has to find out. */
public enum Fate {
    /** Takes mail. */
    ALIVE,
    /** Is refused as unknown at RCPT. */
    UNKNOWN_AT_RCPT,
    /** Is accepted, and comes back as a DSN (RFC 3464) later. */
    BOUNCES_LATER,
    /** Takes mail, and calls it spam: a feedback report (RFC 5965) comes back. */
    COMPLAINS
}
