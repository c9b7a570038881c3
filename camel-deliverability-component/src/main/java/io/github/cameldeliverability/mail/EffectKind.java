package io.github.cameldeliverability.mail;

import java.util.Locale;

/** What an {@link Effect} does to the mail that it covers. */
public enum EffectKind {
    /** Goes on at a share of its usual rate and connections. */
    SLOW,
    /** Goes on at no more than a stated rate. */
    CAP,
    /** Waits; a probe finds out when it is over. */
    SUSPEND,
    /** Leaves from another source address; waits where the stream has no other. */
    SWITCH_SOURCE,
    /** A whole stream waits until somebody looked. */
    STOP_STREAM,
    /** An operator's switch: waits until somebody revives it. */
    KILL;

    /** Whether covered mail is not sent while the effect is in force. */
    public boolean holds() {
        return this != SLOW && this != CAP;
    }

    /** The name as in rules, events and the command line, {@code switch-source}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
