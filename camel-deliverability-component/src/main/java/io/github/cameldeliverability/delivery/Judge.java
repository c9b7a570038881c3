package io.github.cameldeliverability.delivery;

import io.github.cameldeliverability.mail.EnhancedStatus;
import io.github.cameldeliverability.mail.Fault;
import io.github.cameldeliverability.mail.Permanence;
import io.github.cameldeliverability.mail.Reason;
import io.github.cameldeliverability.mail.ReplyEvidence;
import io.github.cameldeliverability.mail.SmtpPhase;
import io.github.cameldeliverability.mail.SmtpReply;
import io.github.cameldeliverability.mail.Verdict;
import io.github.cameldeliverability.mail.spi.SmtpSession.Kind;
import io.github.cameldeliverability.mail.spi.SmtpSession.RecipientResult;
import io.github.cameldeliverability.mail.spi.VerdictEngine;
import java.util.Optional;

/** The verdict on a result. Servers' replies are the verdict room's business; of our own synthetic ones we know the meaning. */
final class Judge {

    private final VerdictEngine verdicts;

    Judge(VerdictEngine verdicts) {
        this.verdicts = verdicts;
    }

    /** The verdict on one recipient of a transaction; empty where it was accepted. */
    Optional<Verdict> on(RecipientResult result, String provider) {
        if (result.kind() == Kind.ACCEPTED) {
            return Optional.empty();
        }
        if (result.kind() == Kind.UNCERTAIN) {
            // RFC 1047: the server may have it. To ask again later risks a duplicate; never to ask risks a loss.
            return Optional.of(Verdict.of(
                    Reason.NETWORKERROR,
                    Permanence.TRANSIENT,
                    Verdict.UNCERTAIN,
                    result.reply().format()));
        }
        return Optional.of(on(result.reply(), result.phase(), provider));
    }

    Verdict on(SmtpReply reply, SmtpPhase phase, String provider) {
        Verdict v = verdicts.judge(ReplyEvidence.of(reply, phase, Optional.of(provider)));
        if (!reply.synthetic()) {
            return v;
        }
        if (reply.isTransient()) {
            // We made the reply because the network or TLS failed: that is no statement about address or content.
            Reason reason = phase == SmtpPhase.STARTTLS ? Reason.FAILEDSTARTTLS : Reason.NETWORKERROR;
            return v.reason() == reason && !v.isPermanent()
                    ? v
                    : new Verdict(reason, Permanence.TRANSIENT, Fault.NETWORK, "delivery/network", v.evidence());
        }
        // A synthetic 5yz is our own refusal (no SMTPUTF8 there, too large for SIZE): final, and not the address's
        // fault.
        boolean aboutAddress = v.fault() == Fault.RECIPIENT;
        boolean known = v.reason() != Reason.UNDEFINED && v.isPermanent() && !aboutAddress;
        return known
                ? v
                : new Verdict(
                        Reason.NOTCOMPLIANTRFC, Permanence.PERMANENT, Fault.RECEIVER, "delivery/local", v.evidence());
    }

    /**
     * Whether another of the destination's hosts may be asked in the same attempt. Only where it is certain that this one
     * has nothing, and where its trouble is its own: what is said of the address, of us or of our rate is said for all.
     */
    static boolean anotherHostMayTake(RecipientResult r, Verdict v) {
        if (r.kind() == Kind.FAILED) {
            return true;
        }
        // RFC 5321 5.1: the hosts are tried in order until an attempt succeeds; a 4yz is no success, a 5yz is an
        // answer.
        return r.kind() == Kind.REFUSED
                && r.reply().isTransient()
                && !v.isPermanent()
                && (v.fault() == Fault.RECEIVER || v.fault() == Fault.NETWORK)
                && v.reason() != Reason.GREYLISTED;
    }

    /** Whether it says that we came too often or too many at a time, which is no fault of the message. */
    static boolean isAboutRate(Verdict v) {
        return !v.isPermanent()
                && v.fault() != Fault.RECIPIENT
                && (v.reason() == Reason.RATELIMITED || v.reason() == Reason.TOOMANYCONN);
    }

    /** Whoever refuses messages on a session that it let in means messages, not sessions. */
    static Verdict asTooFast(Verdict v) {
        return v.reason() == Reason.TOOMANYCONN
                ? new Verdict(Reason.RATELIMITED, v.permanence(), v.fault(), v.ruleId(), v.evidence())
                : v;
    }

    /** Whether the server takes some recipients now and wants the rest in another transaction (RFC 5321 4.5.3.1.10). */
    static boolean meansTooManyRecipients(RecipientResult r) {
        if (r.kind() != Kind.REFUSED || r.phase() != SmtpPhase.RCPT) {
            return false;
        }
        Optional<EnhancedStatus> enhanced = r.reply().enhanced();
        // RFC 3463 3.6: x.5.3 too many recipients.
        boolean byEnhanced =
                enhanced.isPresent() && enhanced.get().subjectDetail().equals("5.3");
        boolean byCode = r.reply().code() == 452 && enhanced.isEmpty();
        return byEnhanced || byCode;
    }
}
