package io.github.cameldeliverability.shaping;

import io.github.cameldeliverability.mail.Fault;
import io.github.cameldeliverability.mail.Permanence;
import io.github.cameldeliverability.mail.SmtpPhase;
import io.github.cameldeliverability.mail.Verdict;
import io.github.cameldeliverability.mail.spi.Shaper.Sighting;

/** What a verdict asks of the lane that got it. */
enum Reaction {
    /** The receiver says "slow down". */
    SLOW,
    /** The receiver takes no more sessions: fewer of them, as fast as before. */
    FEWER_CONNECTIONS,
    /** The receiver refuses this sender altogether; counts towards a suspension of the lane. */
    COUNT_REFUSAL,
    /** The receiver refuses for now and nobody knows why: it may be speed. */
    SUSPECT,
    /** Says something about the message, the recipient or the network, not about the lane. */
    NONE;

    static Reaction to(Verdict verdict, Sighting sighting) {
        // A limit that belongs to one mailbox ("user receives mail too fast") is no reason to slow the others down.
        if (verdict.fault() == Fault.RECIPIENT || verdict.fault() == Fault.NETWORK) {
            return NONE;
        }
        boolean permanent = verdict.permanence() == Permanence.PERMANENT;
        boolean beforeMail = sighting.phase().compareTo(SmtpPhase.MAIL) < 0;
        return switch (verdict.reason()) {
            case RATELIMITED -> SLOW;
            case TOOMANYCONN -> beforeMail || sighting.code() == 0 ? FEWER_CONNECTIONS : SLOW;
            case BLOCKED, BADREPUTATION -> permanent ? COUNT_REFUSAL : SLOW;
            // RFC 5321 4.2.1: a 4yz asks to come again later; why, no rule could tell.
            case UNDEFINED, SYSTEMERROR, SYSTEMFULL, NOTACCEPT, ONHOLD, POLICYVIOLATION, EXCEEDLIMIT ->
                permanent || sighting.code() / 100 != 4 ? NONE : beforeMail ? FEWER_CONNECTIONS : SUSPECT;
            default -> NONE;
        };
    }
}
