package io.github.cameldeliverability.verdict;

import io.github.cameldeliverability.mail.Fault;
import io.github.cameldeliverability.mail.Permanence;
import io.github.cameldeliverability.mail.Reason;
import io.github.cameldeliverability.mail.Verdict;
import java.util.List;
import java.util.Optional;

/**
 * One piece of knowledge.
 *
 * @param id unique in its pack
 * @param match the condition
 * @param reason what it says
 * @param permanence where it departs from the class of the code
 * @param fault whose fault
 * @param guarded whether the guard phrases may veto it; only asked where the verdict would be hard
 * @param priority higher is asked earlier inside its layer
 * @param positive replies that it must take
 * @param negative replies that it must not take
 */
record Rule(
        String id,
        Match match,
        Reason reason,
        Optional<Permanence> permanence,
        Fault fault,
        boolean guarded,
        int priority,
        List<Sample> positive,
        List<Sample> negative) {

    Verdict verdict(String ruleId, Facts facts, String evidence) {
        Permanence p = permanence.or(facts::codeClass).orElseGet(() -> withoutCode(reason));
        return new Verdict(reason, p, fault, ruleId, evidence);
    }

    /** What a diagnostic without any code amounts to: what passes by itself is transient. */
    static Permanence withoutCode(Reason reason) {
        return switch (reason) {
            case EXPIRED,
                    NETWORKERROR,
                    GREYLISTED,
                    RATELIMITED,
                    TOOMANYCONN,
                    MAILBOXFULL,
                    MAILERERROR,
                    SYSTEMERROR,
                    SYSTEMFULL,
                    ONHOLD,
                    UNDEFINED,
                    VACATION -> Permanence.TRANSIENT;
            default -> Permanence.PERMANENT;
        };
    }
}
