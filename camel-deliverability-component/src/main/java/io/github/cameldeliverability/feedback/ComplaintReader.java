package io.github.cameldeliverability.feedback;

import io.github.cameldeliverability.mail.EmailAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Complaints of feedback loops: ARF (RFC 5965, RFC 6591) and the forms of providers that send none. */
final class ComplaintReader {

    /**
     * A complaint.
     *
     * @param type the Feedback-Type in lower case, {@code abuse} where the form states none
     * @param recipients who complained; empty where the report hides it
     * @param reporter the reporting system, if stated
     * @param format which form it has
     */
    record Complaint(String type, List<EmailAddress> recipients, Optional<String> reporter, String format) {}

    private ComplaintReader() {}

    static Optional<Complaint> read(Mail mail, HeaderBlock original) {
        Optional<Part> report = mail.firstPart(Part::isFeedbackReport);
        if (report.isPresent()) {
            return Optional.of(arf(
                    HeaderBlock.parse(
                            report.get().lines().stream()
                                    .filter(l -> !l.isBlank())
                                    .toList(),
                            0,
                            200),
                    original));
        }
        if (mail.reportType().equals("feedback-report")) {
            return plainArf(mail, original)
                    .or(() -> Optional.of(new Complaint("abuse", whom(original), Optional.empty(), "arf")));
        }
        if (isJmrp(mail, original)) {
            return Optional.of(new Complaint("abuse", jmrpRecipients(original), Optional.of("outlook.com"), "jmrp"));
        }
        return plainArf(mail, original);
    }

    private static Complaint arf(HeaderBlock fields, HeaderBlock original) {
        List<EmailAddress> to = new ArrayList<>();
        // RFC 5965 3.2: Original-Rcpt-To may stand several times; providers also write Removal-Recipient.
        for (String name : List.of("original-rcpt-to", "removal-recipient", "original-recipient", "final-recipient")) {
            for (String v : fields.all(name)) {
                Addresses.ofField(v).ifPresent(a -> addOnce(to, a));
            }
            if (!to.isEmpty()) {
                break;
            }
        }
        String type = fields.text("feedback-type").strip().toLowerCase(Locale.ROOT);
        Optional<String> reporter = fields.first("reporting-mta").or(() -> fields.first("user-agent"));
        return new Complaint(type.isEmpty() ? "abuse" : type, to.isEmpty() ? whom(original) : to, reporter, "arf");
    }

    /** ARF fields that ended up in a text part. */
    private static Optional<Complaint> plainArf(Mail mail, HeaderBlock original) {
        for (Part p : mail.parts()) {
            if (p.level() == 0 && p.type().startsWith("text/") && p.text().contains("Feedback-Type:")) {
                List<String> lines = p.lines();
                for (int i = 0; i < lines.size(); i++) {
                    if (lines.get(i).startsWith("Feedback-Type:")) {
                        HeaderBlock fields = HeaderBlock.parse(lines, i, 100);
                        boolean enough = fields.has("user-agent") || fields.has("version") || fields.has("source-ip");
                        return enough ? Optional.of(arf(fields, original)) : Optional.empty();
                    }
                }
            }
        }
        return Optional.empty();
    }

    /** Microsoft's Junk Mail Reporting Program: no report part, only the mail and a header field with the recipient. */
    private static boolean isJmrp(Mail mail, HeaderBlock original) {
        if (original.has("x-hmxmroriginalrecipient")) {
            return true;
        }
        return mail.subject().toLowerCase(Locale.ROOT).startsWith("complaint about message from ")
                && mail.firstPart(p -> p.type().equals("message/rfc822")).isPresent();
    }

    private static List<EmailAddress> jmrpRecipients(HeaderBlock original) {
        Optional<EmailAddress> stated =
                original.first("x-hmxmroriginalrecipient").flatMap(Addresses::ofField);
        return stated.isPresent() ? List.of(stated.get()) : whom(original);
    }

    /** Whom the complained-about mail went to: the delivery address if it survived, else a single To. */
    static List<EmailAddress> whom(HeaderBlock original) {
        for (String name : List.of("x-original-to", "delivered-to", "x-rcpt-to", "envelope-to", "to")) {
            List<EmailAddress> found = new ArrayList<>();
            for (String v : original.all(name)) {
                Addresses.all(v).forEach(a -> addOnce(found, a));
            }
            if (!found.isEmpty()) {
                return found.size() > 5 ? List.of() : name.equals("to") ? found : List.of(found.get(0));
            }
        }
        return List.of();
    }

    private static void addOnce(List<EmailAddress> list, EmailAddress a) {
        if (list.stream().noneMatch(x -> x.key().equals(a.key()))) {
            list.add(a);
        }
    }
}
