package io.github.cameldeliverability.intake;

import io.github.cameldeliverability.feedback.ReadMail;
import io.github.cameldeliverability.mail.Correlation;
import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.Feedback;
import io.github.cameldeliverability.mail.FeedbackKind;
import io.github.cameldeliverability.mail.Permanence;
import io.github.cameldeliverability.mail.Reason;
import io.github.cameldeliverability.mail.RecipientFeedback;
import io.github.cameldeliverability.mail.Verdict;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Says which of a mail's statements are about the recipient whom a token proves.
 *
 * <p>A mail that names the recipient speaks of it, and of the others without proof. A mail that names only others was
 * forwarded: the mildest of its statements is taken for the recipient's, since an alias with one dead target of two still
 * reaches somebody. A mail that names nobody (redacted complaints) speaks of the token's recipient.
 */
final class TokenAttribution {

    private TokenAttribution() {}

    static Feedback attribute(Feedback feedback, EmailAddress proven, Correlation correlation) {
        List<RecipientFeedback> about = new ArrayList<>();
        List<RecipientFeedback> others = new ArrayList<>();
        for (RecipientFeedback r : feedback.recipients()) {
            (names(r, proven) ? about : others).add(r);
        }
        List<RecipientFeedback> result = new ArrayList<>();
        if (!about.isEmpty()) {
            about.forEach(r -> result.add(withAddress(r, proven, r.finalAddress())));
            result.addAll(others);
        } else if (!others.isEmpty()) {
            RecipientFeedback mildest = others.stream()
                    .min(Comparator.comparingInt(TokenAttribution::severity))
                    .orElseThrow();
            result.add(withAddress(
                    mildest,
                    proven,
                    mildest.finalAddress()
                            .or(() -> Optional.of(mildest.address().toString()))));
        } else if (feedback.kind() != FeedbackKind.NONE) {
            result.add(unnamed(feedback.kind(), proven));
        }
        return new Feedback(
                feedback.kind(),
                result,
                correlation,
                feedback.originalMessageId(),
                feedback.reportingMta(),
                feedback.subject(),
                feedback.receivedAt(),
                feedback.format());
    }

    /** Whether the mail names nobody, the proven recipient, or, as forwarded mail does, returns a message to that recipient. */
    static boolean mentions(ReadMail mail, EmailAddress proven) {
        List<RecipientFeedback> named = mail.feedback().recipients();
        return named.isEmpty()
                || named.stream().anyMatch(r -> names(r, proven))
                || mail.originalRecipients().stream().anyMatch(a -> a.key().equals(proven.key()));
    }

    /** An address out of a stranger's mail, if it is one. */
    static Optional<EmailAddress> address(String text) {
        try {
            return Optional.of(EmailAddress.parse(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static boolean names(RecipientFeedback r, EmailAddress proven) {
        return r.address().key().equals(proven.key())
                || r.finalAddress()
                        .flatMap(TokenAttribution::address)
                        .filter(a -> a.key().equals(proven.key()))
                        .isPresent();
    }

    private static int severity(RecipientFeedback r) {
        if (!SuppressionPolicy.saysFailed(r)) {
            return 0;
        }
        return r.verdict().isHard() ? 3 : r.verdict().isPermanent() ? 2 : 1;
    }

    private static RecipientFeedback withAddress(
            RecipientFeedback r, EmailAddress address, Optional<String> finalAddress) {
        return new RecipientFeedback(
                address,
                finalAddress.filter(f -> !f.equalsIgnoreCase(address.toString())),
                r.action(),
                r.status(),
                r.diagnostic(),
                r.feedbackType(),
                r.verdict());
    }

    private static RecipientFeedback unnamed(FeedbackKind kind, EmailAddress proven) {
        Reason reason =
                switch (kind) {
                    case COMPLAINT, UNSUBSCRIBE -> Reason.FEEDBACK;
                    case AUTO_REPLY -> Reason.VACATION;
                    case DELIVERY_NOTICE -> Reason.DELIVERED;
                    case BOUNCE, NONE -> Reason.UNDEFINED;
                };
        Permanence permanence = reason == Reason.FEEDBACK ? Permanence.PERMANENT : Permanence.TRANSIENT;
        return new RecipientFeedback(
                proven,
                Optional.empty(),
                kind == FeedbackKind.BOUNCE ? "failed" : "",
                Optional.empty(),
                "",
                Optional.empty(),
                Verdict.of(reason, permanence, "intake/token-names-the-recipient", ""));
    }
}
