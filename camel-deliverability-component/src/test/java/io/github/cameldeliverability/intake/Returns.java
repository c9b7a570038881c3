package io.github.cameldeliverability.intake;

import io.github.cameldeliverability.mail.Correlation;
import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.EnhancedStatus;
import io.github.cameldeliverability.mail.Fault;
import io.github.cameldeliverability.mail.Feedback;
import io.github.cameldeliverability.mail.FeedbackKind;
import io.github.cameldeliverability.mail.Permanence;
import io.github.cameldeliverability.mail.Reason;
import io.github.cameldeliverability.mail.RecipientFeedback;
import io.github.cameldeliverability.mail.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Feedback for tests. */
public final class Returns {

    public static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    public static final Verdict DEAD =
            Verdict.of(Reason.USERUNKNOWN, Permanence.PERMANENT, "test/unknown", "no such user");
    public static final Verdict FULL = Verdict.of(Reason.MAILBOXFULL, Permanence.TRANSIENT, "test/full", "over quota");
    public static final Verdict LISTED =
            new Verdict(Reason.BLOCKED, Permanence.PERMANENT, Fault.SENDER_IP, "test/listed", "listed at a block list");

    private Returns() {}

    public static EmailAddress mailbox(String address) {
        return EmailAddress.parse(address);
    }

    public static RecipientFeedback failed(String address, Verdict verdict) {
        return new RecipientFeedback(
                mailbox(address),
                Optional.empty(),
                "failed",
                EnhancedStatus.parse("5.1.1"),
                verdict.evidence(),
                Optional.empty(),
                verdict);
    }

    public static RecipientFeedback action(String address, String action, Verdict verdict) {
        return new RecipientFeedback(
                mailbox(address), Optional.empty(), action, Optional.empty(), "", Optional.empty(), verdict);
    }

    public static RecipientFeedback report(String address, String type) {
        return new RecipientFeedback(
                mailbox(address),
                Optional.empty(),
                "",
                Optional.empty(),
                "",
                Optional.of(type),
                Verdict.of(Reason.FEEDBACK, Permanence.PERMANENT, "test/arf", ""));
    }

    public static Feedback feedback(FeedbackKind kind, RecipientFeedback... recipients) {
        return new Feedback(
                kind,
                List.of(recipients),
                Correlation.NONE,
                Optional.empty(),
                Optional.of("mx.example.net"),
                Optional.empty(),
                NOON,
                "test");
    }

    public static Feedback proven(FeedbackKind kind, String stream, String recipient, RecipientFeedback... recipients) {
        return feedback(kind, recipients)
                .withCorrelation(new Correlation(
                        Correlation.Method.TOKEN,
                        true,
                        Optional.of(stream),
                        Optional.of("q1"),
                        Optional.of(mailbox(recipient))));
    }
}
