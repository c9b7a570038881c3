package io.github.cameldeliverability.feedback.report;

import io.github.cameldeliverability.feedback.HeaderBlock;
import io.github.cameldeliverability.mail.ComplaintReport;
import io.github.cameldeliverability.mail.DmarcFailure;
import io.github.cameldeliverability.mail.MailReport;
import io.github.cameldeliverability.mail.ReportFields;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Feedback reports (RFC 5965) in a mail: in a part of their own, in the text, or Microsoft's form without fields. */
final class FeedbackFields {

    private static final int MAX_FIELDS = 200;
    private static final int MAX_LINES = 5_000;

    private FeedbackFields() {}

    static List<MailReport> read(ReportMail mail) {
        Optional<ReportFields> fields = mail.leaf("message/feedback-report")
                .map(l -> ofLines(
                        l.text()
                                .lines()
                                .filter(s -> !s.isBlank())
                                .limit(MAX_LINES)
                                .toList(),
                        0))
                .or(() -> inText(mail))
                .or(() -> inWords(mail))
                .or(() -> junkReport(mail));
        return fields.map(f -> List.of(report(f, mail.carried()))).orElse(List.of());
    }

    private static MailReport report(ReportFields f, HeaderBlock original) {
        // RFC 6591 3.1: auth-failure reports are written by machines about machines; nobody complained.
        boolean authFailure = f.feedbackType().equals("auth-failure")
                || (f.first("feedback-type").isEmpty()
                        && f.first("auth-failure").isPresent());
        Optional<String> id = stated(original, "message-id");
        Optional<String> subject = stated(original, "subject");
        Optional<String> from = stated(original, "from");
        return authFailure ? new DmarcFailure(f, id, subject, from) : new ComplaintReport(f, id, subject, from);
    }

    private static Optional<String> stated(HeaderBlock header, String name) {
        return header.first(name).filter(v -> !v.isBlank());
    }

    private static ReportFields ofLines(List<String> lines, int from) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (HeaderBlock.Field f : HeaderBlock.parse(lines, from, MAX_FIELDS).fields()) {
            values.computeIfAbsent(f.name(), n -> new ArrayList<>()).add(f.value());
        }
        return new ReportFields(values);
    }

    /** Fields that a gateway moved into a text part. */
    private static Optional<ReportFields> inText(ReportMail mail) {
        for (ReportMail.Leaf l : mail.leaves()) {
            if (l.level() == 0 && l.type().startsWith("text/") && !l.type().startsWith("text/rfc822")) {
                List<String> lines = l.text().lines().limit(MAX_LINES).toList();
                for (int i = 0; i < lines.size(); i++) {
                    if (lines.get(i).toLowerCase(Locale.ROOT).startsWith("feedback-type:")) {
                        ReportFields f = ofLines(lines, i);
                        if (f.first("user-agent").isPresent()
                                || f.first("version").isPresent()
                                || f.first("source-ip").isPresent()) {
                            return Optional.of(f);
                        }
                    }
                }
            }
        }
        return Optional.empty();
    }

    /** Some gateways tell of a DMARC failure in words, with a list of facts, and no part made for machines. */
    private static Optional<ReportFields> inWords(ReportMail mail) {
        Optional<String> text = mail.leaf("text/plain")
                .map(ReportMail.Leaf::text)
                .filter(t -> t.contains("claiming to be from you has failed"));
        if (text.isEmpty()) {
            return Optional.empty();
        }
        ReportFields f =
                new ReportFields(Map.of()).with("feedback-type", "auth-failure").with("auth-failure", "dmarc");
        for (String line : text.get().lines().limit(100).toList()) {
            int colon = line.indexOf(':');
            String value = line.substring(colon + 1).strip();
            switch (line.substring(0, Math.max(0, colon)).strip().toLowerCase(Locale.ROOT)) {
                case "sender domain" -> f = f.with("reported-domain", value);
                case "sender ip address" -> f = f.with("source-ip", value);
                case "received date" -> f = f.with("arrival-date", value);
                case "dmarc results" -> f = f.with("delivery-result", value);
                default -> {}
            }
        }
        return f.first("reported-domain").isPresent() ? Optional.of(f) : Optional.empty();
    }

    /** Microsoft's Junk Mail Reporting Program sends the mail itself, and a header field that names the recipient. */
    private static Optional<ReportFields> junkReport(ReportMail mail) {
        Optional<String> recipient = mail.carried().first("x-hmxmroriginalrecipient");
        String subject = mail.header().text("subject").strip().toLowerCase(Locale.ROOT);
        String begin = "complaint about message from ";
        if (recipient.isEmpty() && (!subject.startsWith(begin) || mail.carried().isEmpty())) {
            return Optional.empty();
        }
        ReportFields f = new ReportFields(Map.of()).with("feedback-type", "abuse");
        if (recipient.isPresent()) {
            f = f.with("original-rcpt-to", recipient.get());
        }
        if (subject.startsWith(begin)) {
            f = f.with("source-ip", subject.substring(begin.length()));
        }
        return Optional.of(f);
    }
}
