package io.github.cameldeliverability.feedback;

import io.github.cameldeliverability.mail.Correlation;
import io.github.cameldeliverability.mail.EnhancedStatus;
import io.github.cameldeliverability.mail.Fault;
import io.github.cameldeliverability.mail.Feedback;
import io.github.cameldeliverability.mail.FeedbackKind;
import io.github.cameldeliverability.mail.Permanence;
import io.github.cameldeliverability.mail.Reason;
import io.github.cameldeliverability.mail.RecipientFeedback;
import io.github.cameldeliverability.mail.ReplyEvidence;
import io.github.cameldeliverability.mail.Verdict;
import io.github.cameldeliverability.mail.spi.VerdictEngine;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * Reads a mail of any origin and says what came back: a bounce, a complaint, an auto-reply, a delivery notice, an
 * unsubscribe request, or ordinary mail.
 *
 * <p>The kind follows from MIME structure and content, never from the From address alone. Nothing that a mail contains
 * makes it throw, and {@link ReadLimits} bound the work. Immutable and thread-safe if the verdict engine is.
 *
 * <p>RFC 3464, 3834, 5965, 6522, 6533.
 */
public final class FeedbackReader {

    private final VerdictEngine verdicts;
    private final Clock clock;
    private final ReadLimits limits;
    private final ReportReader reports = new ReportReader();

    public FeedbackReader(VerdictEngine verdicts, Clock clock) {
        this(verdicts, clock, ReadLimits.DEFAULT);
    }

    public FeedbackReader(VerdictEngine verdicts, Clock clock, ReadLimits limits) {
        this.verdicts = Objects.requireNonNull(verdicts, "verdicts");
        this.clock = Objects.requireNonNull(clock, "clock");
        this.limits = Objects.requireNonNull(limits, "limits");
    }

    /** What the mail says. Never throws; what cannot be understood is {@link FeedbackKind#NONE}. */
    public Feedback read(byte[] rawMail) {
        return readMail(rawMail).feedback();
    }

    /** What the mail says, with what may tie it to a message of ours. Never throws. */
    public ReadMail readMail(byte[] rawMail) {
        Objects.requireNonNull(rawMail, "rawMail");
        Mail mail = MimeWalk.walk(rawMail, limits).unwrapped();
        ReportText text = ReportText.of(MailText.of(mail));
        OriginalMail original = OriginalMail.of(mail, text, limits.headerFields());
        Report report = reports.read(mail, text, original);
        return result(mail, original, report);
    }

    private ReadMail result(Mail mail, OriginalMail original, Report report) {
        List<RecipientFeedback> recipients = new ArrayList<>();
        for (Finding f : report.findings()) {
            if (recipients.size() < limits.recipients()) {
                recipients.add(judged(report, f));
            }
        }
        Instant at = MailDate.parse(mail.header().text("date")).orElseGet(clock::instant);
        Feedback feedback = new Feedback(
                report.kind(),
                recipients,
                Correlation.NONE,
                original.messageId(),
                report.reportingMta(),
                mail.header().first("subject").map(EncodedWords::decode),
                at,
                report.format());
        return new ReadMail(
                feedback,
                OriginalMail.returnedTo(mail, original),
                report.envelopeId(),
                original.recipients(),
                original.listUnsubscribe());
    }

    private RecipientFeedback judged(Report report, Finding f) {
        Optional<String> type =
                report.kind() == FeedbackKind.COMPLAINT ? Optional.of(report.feedbackType()) : Optional.empty();
        if (report.kind() == FeedbackKind.COMPLAINT) {
            Verdict v = Verdict.of(
                    Reason.FEEDBACK, Permanence.PERMANENT, "feedback/" + report.format(), report.feedbackType());
            return new RecipientFeedback(f.address(), f.finalAddress(), "", Optional.empty(), f.text(), type, v);
        }
        if (report.kind() == FeedbackKind.AUTO_REPLY || report.kind() == FeedbackKind.UNSUBSCRIBE) {
            Verdict v = new Verdict(
                    Reason.VACATION, Permanence.TRANSIENT, Fault.RECIPIENT, "feedback/" + report.format(), "");
            return new RecipientFeedback(f.address(), f.finalAddress(), "", Optional.empty(), f.text(), type, v);
        }
        String action = action(report, f);
        Optional<EnhancedStatus> stated = StatusChoice.ofField(f.status());
        if (isSuccess(action)) {
            Verdict v = Verdict.of(Reason.DELIVERED, Permanence.PERMANENT, "feedback/success", f.text());
            EnhancedStatus status =
                    stated.or(() -> Diagnostic.of(f.text()).enhanced()).orElseGet(() -> new EnhancedStatus(2, 0, 0));
            return new RecipientFeedback(f.address(), f.finalAddress(), action, Optional.of(status), f.text(), type, v);
        }
        Diagnostic d = Diagnostic.of(f.text());
        ReplyEvidence evidence = d.evidence(stated, f.phase());
        Verdict verdict = Caution.check(verdicts.judge(evidence), evidence, f.context());
        if (Caution.onlyUnnamed(verdict)) {
            verdict = inOwnWords(d.before()).orElse(verdict);
        }
        verdict = Circumstances.apply(verdict, evidence, f, action);
        if (action.equals("delayed") && verdict.reason() == Reason.UNDEFINED) {
            // "Still trying" is itself a reason, the one that the report states.
            verdict = Verdict.of(Reason.EXPIRED, Permanence.TRANSIENT, "feedback/still-trying", verdict.evidence());
        } else if (action.equals("delayed") && verdict.isPermanent()) {
            // The reporter keeps trying, whatever the words say: nothing final happened yet.
            verdict = new Verdict(
                    verdict.reason(), Permanence.TRANSIENT, verdict.fault(), verdict.ruleId(), verdict.evidence());
        }
        Verdict v = verdict;
        EnhancedStatus status =
                StatusChoice.moreTelling(stated, d.enhanced()).orElseGet(() -> StatusChoice.conventional(v, action));
        return new RecipientFeedback(
                f.address(),
                f.finalAddress(),
                action,
                Optional.of(status),
                f.text().strip(),
                type,
                verdict);
    }

    /**
     * What the reporting system says of the address before it quotes a reply that may be about anything: a better reason,
     * and still no proof.
     */
    private Optional<Verdict> inOwnWords(String before) {
        Verdict v = verdicts.judge(
                new ReplyEvidence(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), before));
        return v.isHard() && v.reason() == Reason.USERUNKNOWN
                ? Optional.of(new Verdict(
                        v.reason(), v.permanence(), Fault.RECEIVER, "feedback/own-words/" + v.ruleId(), v.evidence()))
                : Optional.empty();
    }

    private static boolean isSuccess(String action) {
        return action.equals("delivered") || action.equals("relayed") || action.equals("expanded");
    }

    private static String action(Report report, Finding f) {
        if (!f.action().isEmpty()) {
            return f.action().toLowerCase(Locale.ROOT);
        }
        return report.kind() == FeedbackKind.DELIVERY_NOTICE ? report.noticeAction() : "failed";
    }
}
