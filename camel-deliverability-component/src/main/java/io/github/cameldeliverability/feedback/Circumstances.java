package io.github.cameldeliverability.feedback;

import io.github.cameldeliverability.mail.Permanence;
import io.github.cameldeliverability.mail.Reason;
import io.github.cameldeliverability.mail.ReplyEvidence;
import io.github.cameldeliverability.mail.SmtpPhase;
import io.github.cameldeliverability.mail.Verdict;
import java.util.Set;

/**
 * What only the report around a reply tells of its reason: the kind of diagnostic, the action, and what the reply
 * answered. It fills in what the words left open and never makes a verdict harder, with one exception: a refusal of the
 * address that the reporter gave up on.
 */
final class Circumstances {

    private static final Set<Reason> OPEN = Set.of(Reason.UNDEFINED, Reason.ONHOLD, Reason.SYSTEMERROR, Reason.EXPIRED);

    private Circumstances() {}

    static Verdict apply(Verdict v, ReplyEvidence e, Finding f, String action) {
        if (OPEN.contains(v.reason()) && f.text().strip().regionMatches(true, 0, "x-unix;", 0, 7)) {
            // Sendmail and Postfix report the exit of a local program as this diagnostic type (RFC 3464 2.1.1).
            return instead(v, Reason.MAILERERROR, "program");
        }
        boolean silent = e.code().isEmpty() && OPEN.contains(v.reason()) && v.reason() != Reason.EXPIRED;
        if (action.equals("delayed") && (silent || v.ruleId().equals("iana/other-network"))) {
            // RFC 3464 2.3.3: "delayed" without a reply is the queue speaking: there was no answer yet.
            return instead(v, Reason.EXPIRED, "still-trying");
        }
        SmtpPhase phase = e.phase().orElse(null);
        if (phase == SmtpPhase.EHLO && (v.reason() == Reason.SYNTAXERROR || v.reason() == Reason.UNDEFINED)) {
            // RFC 5321 4.1.1.1: the argument of EHLO is the client's name; who refuses it refuses the client.
            return instead(v, Reason.BLOCKED, "ehlo-name");
        }
        if (v.reason() == Reason.USERUNKNOWN
                && !v.isPermanent()
                && f.action().equals("failed")
                && phase == SmtpPhase.RCPT
                && e.enhanced().filter(Caution::speaksOfAddress).isPresent()) {
            // 450 4.1.1 for as long as the queue lasted: the reporter calls it final, and so it is.
            return new Verdict(v.reason(), Permanence.PERMANENT, v.fault(), v.ruleId(), v.evidence());
        }
        return v;
    }

    private static Verdict instead(Verdict v, Reason reason, String why) {
        return new Verdict(
                reason, v.permanence(), reason.usualFault(), "feedback/" + why + "/" + v.ruleId(), v.evidence());
    }
}
