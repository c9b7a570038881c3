package io.github.cameldeliverability.feedback;

import io.github.cameldeliverability.mail.EnhancedStatus;
import io.github.cameldeliverability.mail.Fault;
import io.github.cameldeliverability.mail.Permanence;
import io.github.cameldeliverability.mail.Reason;
import io.github.cameldeliverability.mail.ReplyEvidence;
import io.github.cameldeliverability.mail.SmtpPhase;
import io.github.cameldeliverability.mail.Verdict;
import java.util.Locale;

/**
 * Takes back a verdict that would suppress an address where the circumstances speak against it. A returned mail is
 * hearsay: the words may be right and yet not be about the mailbox. A wrongly suppressed customer costs more than one more
 * bounce.
 */
final class Caution {

    private static final PhraseSet NO_ACCOUNT =
            new PhraseSet("this user doesn't have a ", "this user does not have a ");

    private static final String UNNAMED = "unnamed";

    private Caution() {}

    /** Whether a hard verdict was taken back for nothing but that the reply names no recipient. */
    static boolean onlyUnnamed(Verdict v) {
        return v.ruleId().startsWith("feedback/" + UNNAMED + "/");
    }

    /** What people are told of a mailbox that is there: it is stronger than a bare "user unknown" beside it. */
    private static final PhraseSet STILL_THERE = new PhraseSet(
            "account is disabled",
            "account has been disabled",
            "account has been suspended",
            "account is suspended",
            "account is inactive",
            "mailbox is disabled",
            "mailbox is inactive");

    /**
     * @param context the report's words for people in lower case, where it speaks of one recipient only
     */
    static Verdict check(Verdict v, ReplyEvidence e, String context) {
        if (!v.isHard()) {
            return v;
        }
        SmtpPhase phase = e.phase().orElse(null);
        boolean addressStatus = e.enhanced().map(Caution::speaksOfAddress).orElse(false);
        if (phase == SmtpPhase.GREETING || phase == SmtpPhase.EHLO || phase == SmtpPhase.CONNECT) {
            // RFC 5321 3.1: nothing was said of a recipient yet; it is the client that was refused.
            return instead(v, Reason.BLOCKED, "before-mail");
        }
        if (phase == SmtpPhase.MAIL) {
            // RFC 5321 3.3: MAIL names the sender alone.
            return instead(v, Reason.REJECTED, "at-mail");
        }
        if (v.reason() != Reason.USERUNKNOWN) {
            return v;
        }
        if (!addressStatus && STILL_THERE.in(context)) {
            return instead(v, Reason.SUSPEND, "still-there");
        }
        if (e.code().isEmpty()
                && e.enhanced().isEmpty()
                && NO_ACCOUNT.in(e.text().toLowerCase(Locale.ROOT))) {
            // The provider's standard words for sleeping accounts too: a reason, but no proof.
            return new Verdict(
                    v.reason(), v.permanence(), Fault.RECEIVER, "feedback/no-proof/" + v.ruleId(), v.evidence());
        }
        boolean late = phase == SmtpPhase.DOT || phase == SmtpPhase.DATA;
        if (late && !addressStatus && !e.text().toLowerCase(Locale.ROOT).contains("local mailbox ")) {
            return instead(v, Reason.FILTERED, "after-data");
        }
        if (phase == SmtpPhase.RCPT || addressStatus) {
            return v;
        }
        // RFC 3463 3.3: X.2.Z says that the mailbox exists.
        if (e.code().isPresent() && e.enhanced().map(s -> s.subject() == 2).orElse(false)) {
            return instead(v, Reason.FILTERED, "mailbox-status");
        }
        // A quoted reply that names no recipient and comes with no telling code may answer anything.
        if (e.code().isPresent() && !namesRecipient(e.text())) {
            return instead(v, Reason.FILTERED, UNNAMED);
        }
        return v;
    }

    /** RFC 3463 3.2: X.1.1 to X.1.6 and X.1.10 speak of the destination address. */
    static boolean speaksOfAddress(EnhancedStatus s) {
        return s.subject() == 1 && s.detail() != 7 && s.detail() != 8 && s.detail() != 9;
    }

    /** The forms in which servers answer RCPT: {@code <a@b>: ...}, {@code Recipient address rejected}. */
    private static boolean namesRecipient(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.contains("recipient address rejected")
                || lower.contains("local mailbox ")
                || lower.contains("mailbox here by that name")) {
            return true;
        }
        int at = lower.indexOf('@');
        int open = lower.indexOf('<');
        return open >= 0 && open < 4 && at > open;
    }

    private static Verdict instead(Verdict v, Reason reason, String why) {
        return Verdict.of(reason, Permanence.PERMANENT, "feedback/" + why + "/" + v.ruleId(), v.evidence());
    }
}
