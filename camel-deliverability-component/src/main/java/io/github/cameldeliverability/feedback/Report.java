package io.github.cameldeliverability.feedback;

import io.github.cameldeliverability.mail.FeedbackKind;
import java.util.List;
import java.util.Optional;

/**
 * A mail's kind and findings, not yet judged.
 *
 * @param noticeAction for a delivery notice in free text: {@code delayed} or {@code delivered}
 * @param feedbackType for a complaint
 * @param format which reader recognised it
 */
record Report(
        FeedbackKind kind,
        List<Finding> findings,
        String noticeAction,
        String feedbackType,
        Optional<String> reportingMta,
        Optional<String> envelopeId,
        String format) {

    static final Report NONE = of(FeedbackKind.NONE, List.of(), "none");

    static Report of(FeedbackKind kind, List<Finding> findings, String format) {
        return new Report(kind, findings, "delayed", "", Optional.empty(), Optional.empty(), format);
    }
}
