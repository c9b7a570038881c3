package io.github.cameldeliverability.routes.esp;

import io.github.cameldeliverability.mail.Correlation;
import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.EnhancedStatus;
import io.github.cameldeliverability.mail.Feedback;
import io.github.cameldeliverability.mail.FeedbackKind;
import io.github.cameldeliverability.mail.Permanence;
import io.github.cameldeliverability.mail.Reason;
import io.github.cameldeliverability.mail.RecipientFeedback;
import io.github.cameldeliverability.mail.ReplyEvidence;
import io.github.cameldeliverability.mail.SmtpReply;
import io.github.cameldeliverability.mail.Verdict;
import io.github.cameldeliverability.mail.spi.VerdictEngine;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes feedback of events. The words of the remote server are judged by the rules that judge all replies; what the service
 * calls it counts only where the words say nothing. A service that says "hard" of a block list does not kill an address.
 */
final class EspFeedback {

    private static final Pattern CODE = Pattern.compile("[245][0-9]{2}");
    private static final Pattern ENHANCED = Pattern.compile("[245]\\.[0-9]{1,3}\\.[0-9]{1,3}");

    private final VerdictEngine verdicts;
    private final Clock clock;

    EspFeedback(VerdictEngine verdicts, Clock clock) {
        this.verdicts = verdicts;
        this.clock = clock;
    }

    /** Empty where the event is about no address. */
    Optional<Feedback> of(EspService service, EspEvent e) {
        EmailAddress address;
        try {
            address = EmailAddress.parse(e.address().strip());
        } catch (IllegalArgumentException notAnAddress) {
            return Optional.empty();
        }
        Optional<EnhancedStatus> enhanced = enhanced(e);
        boolean delayed = e.kind() == FeedbackKind.DELIVERY_NOTICE;
        RecipientFeedback recipient = new RecipientFeedback(
                address,
                Optional.empty(),
                e.kind() == FeedbackKind.BOUNCE ? "failed" : delayed ? "delayed" : "",
                enhanced,
                e.diagnostic(),
                e.type(),
                verdict(service, e, enhanced));
        return Optional.of(new Feedback(
                e.kind(),
                List.of(recipient),
                // The request was checked: the service knows to whom it sent.
                new Correlation(
                        Correlation.Method.SIGNATURE, true, Optional.empty(), Optional.empty(), Optional.of(address)),
                Optional.of(e.messageId()).filter(id -> !id.isBlank()),
                Optional.of(service.id()),
                Optional.empty(),
                e.at().equals(Instant.EPOCH) ? clock.instant() : e.at(),
                service.id()));
    }

    private Verdict verdict(EspService service, EspEvent e, Optional<EnhancedStatus> enhanced) {
        String rule = "esp/" + service.id();
        if (e.kind() == FeedbackKind.COMPLAINT || e.kind() == FeedbackKind.UNSUBSCRIBE) {
            return Verdict.of(
                    Reason.FEEDBACK, Permanence.PERMANENT, rule, e.type().orElse(""));
        }
        Optional<SmtpReply> reply = reply(e.diagnostic());
        Optional<Integer> code = CODE.matcher(e.status()).matches()
                ? Optional.of(Integer.parseInt(e.status()))
                : reply.map(SmtpReply::code);
        Verdict judged = verdicts.judge(new ReplyEvidence(
                code,
                enhanced.or(() -> reply.flatMap(SmtpReply::enhanced)),
                Optional.empty(),
                Optional.empty(),
                reply.map(SmtpReply::text).orElse(e.diagnostic())));
        Verdict verdict = judged;
        boolean says = judged.reason() != Reason.UNDEFINED && judged.reason() != Reason.ONHOLD;
        boolean own = e.stated()
                .filter(r -> r == Reason.SUPPRESSED || r == Reason.VACATION)
                .isPresent();
        if (e.stated().isPresent() && (!says || own)) {
            // What the service did not even send says nothing new of the address.
            verdict = Verdict.of(e.stated().get(), Permanence.PERMANENT, rule, e.diagnostic());
        }
        return e.permanent()
                ? verdict
                : new Verdict(
                        verdict.reason(), Permanence.TRANSIENT, verdict.fault(), verdict.ruleId(), verdict.evidence());
    }

    /** Replies stand alone, or behind "smtp;" as in a DSN (RFC 3464 2.3.6). */
    private static Optional<SmtpReply> reply(String diagnostic) {
        String text = diagnostic.strip();
        if (text.regionMatches(true, 0, "smtp;", 0, 5)) {
            text = text.substring(5).strip();
        }
        try {
            return SmtpReply.parse(text.lines().findFirst().orElse(""));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<EnhancedStatus> enhanced(EspEvent e) {
        for (String text : List.of(e.status(), e.diagnostic())) {
            Matcher m = ENHANCED.matcher(text);
            if (m.find()) {
                String[] parts = m.group().split("\\.", -1);
                return Optional.of(new EnhancedStatus(
                        Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2])));
            }
        }
        return Optional.empty();
    }
}
