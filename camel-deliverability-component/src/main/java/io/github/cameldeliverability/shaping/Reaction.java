package io.github.cameldeliverability.shaping;

import io.github.cameldeliverability.mail.Fault;
import io.github.cameldeliverability.mail.Permanence;
import io.github.cameldeliverability.mail.Verdict;

/** What a verdict asks of the lane that got it. */
enum Reaction {
    /** The receiver says "slow down": additive increase, multiplicative decrease. */
    SLOW,
    /** The receiver takes no more sessions: fewer of them, as fast as before. */
    FEWER_CONNECTIONS,
    /** The receiver refuses this sender altogether; counts towards a suspension of the lane. */
    COUNT_REFUSAL,
    /** Says something about the message, the recipient or the network, not about the lane. */
    NONE;

    static Reaction to(Verdict verdict) {
        // A limit that belongs to one mailbox ("user receives mail too fast") is no reason to slow the others down.
        if (verdict.fault() == Fault.RECIPIENT) {
            return NONE;
        }
        boolean permanent = verdict.permanence() == Permanence.PERMANENT;
        return switch (verdict.reason()) {
            case RATELIMITED -> SLOW;
            case TOOMANYCONN -> FEWER_CONNECTIONS;
            case BLOCKED, BADREPUTATION -> permanent ? COUNT_REFUSAL : SLOW;
            default -> NONE;
        };
    }
}
