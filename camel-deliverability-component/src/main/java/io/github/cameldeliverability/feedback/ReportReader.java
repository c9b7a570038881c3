package io.github.cameldeliverability.feedback;

import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.FeedbackKind;
import io.github.cameldeliverability.mail.SmtpPhase;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Tries the readers in order of trust: structure first, words last. Stateless. */
final class ReportReader {

    private static final TextFamily INLINE = new InlineStatusFamily();

    private static final List<TextFamily> FAMILIES = List.of(
            new TranscriptFamily(),
            new AddressBlockFamily(),
            new LabelledFamily(),
            new FailedRecipientsHeader(),
            new BareNameFamily(),
            new SentenceFamily());

    private static final OriginalMail NOTHING = new OriginalMail(HeaderBlock.EMPTY);

    private final CloudNotificationFamily cloud = new CloudNotificationFamily();

    Report read(Mail mail, ReportText text, OriginalMail original) {
        if (isAggregate(mail)) {
            return Report.NONE;
        }
        Optional<ComplaintReader.Complaint> complaint = ComplaintReader.read(mail, original.header());
        if (complaint.isPresent()) {
            return complaint(complaint.get());
        }
        if (mail.firstPart(Part::isStatus).isPresent()) {
            Report r = deliveryStatus(statusLines(mail), mail, text, original);
            if (r.kind() != FeedbackKind.NONE) {
                return r;
            }
        }
        if (mail.firstPart(Part::isDisposition).isPresent() || mail.reportType().equals("disposition-notification")) {
            return disposition(mail, text);
        }
        Report cloudReport = cloud(mail, text);
        if (cloudReport.kind() != FeedbackKind.NONE) {
            return cloudReport;
        }
        Report r = freeText(mail, text, original);
        if (r.kind() != FeedbackKind.NONE) {
            return r;
        }
        if (isToUnsubscribe(mail)) {
            // Mail programs that unsubscribe by themselves say that they do (RFC 3834 5).
            return unsubscribe(mail);
        }
        if (AutoReplyDetector.isAutoReply(mail, text)) {
            return autoReply(mail);
        }
        return isUnsubscribe(mail) ? unsubscribe(mail) : Report.NONE;
    }

    /** DMARC aggregate (RFC 7489 7.2.1) and TLS (RFC 8460 5.3) reports: machines' mail, but no mail of ours came back. */
    private static boolean isAggregate(Mail mail) {
        String subject = mail.subject().toLowerCase(Locale.ROOT);
        return mail.reportType().equals("tlsrpt")
                || mail.header().has("tls-report-domain")
                || subject.startsWith("report domain:")
                || (subject.startsWith("report domain ") && subject.contains("submitter"));
    }

    private static Report complaint(ComplaintReader.Complaint c) {
        List<Finding> findings = new ArrayList<>();
        c.recipients().forEach(a -> findings.add(Finding.of(a, "")));
        return new Report(FeedbackKind.COMPLAINT, findings, "", c.type(), c.reporter(), Optional.empty(), c.format());
    }

    /** The lines of all status parts; some systems type the words for people as one, too. */
    private static List<String> statusLines(Mail mail) {
        List<String> lines = new ArrayList<>();
        for (Part p : mail.parts()) {
            if (p.level() == 0 && p.isStatus()) {
                if (!lines.isEmpty()) {
                    lines.add("");
                }
                lines.addAll(p.lines());
            }
        }
        return lines;
    }

    private Report deliveryStatus(List<String> lines, Mail mail, ReportText text, OriginalMail original) {
        DeliveryStatus ds = DeliveryStatus.parse(lines);
        Optional<EmailAddress> fallback = only(failedHeader(mail, text)).or(() -> onlyAddress(original.recipients()));
        Findings merged = new Findings();
        ds.findings(fallback).forEach(merged::add);
        List<Finding> list = merged.list();
        if (list.isEmpty()) {
            // A report for machines that names nobody: the words for people may.
            list = freeFindings(text, mail);
        }
        if (ds.recipients().isEmpty() && (list.isEmpty() || !mail.reportType().equals("delivery-status"))) {
            return Report.NONE;
        }
        List<Finding> full = completed(list, text, mail);
        return new Report(
                full.isEmpty() ? kind(ds.fates(), mail) : kind(full, mail),
                full,
                "delayed",
                "",
                field(ds.message(), "reporting-mta"),
                ds.message().containsKey("original-envelope-id")
                        ? Optional.of(Addresses.xtext(ds.message().get("original-envelope-id")))
                        : Optional.empty(),
                "rfc3464");
    }

    /** The findings of status fields with what the human-readable part adds: words where there are none, the SMTP phase. */
    private static List<Finding> completed(List<Finding> list, ReportText text, Mail mail) {
        if (list.isEmpty()) {
            return list;
        }
        boolean needsWords = list.stream().anyMatch(f -> isVague(f.text()));
        // Where several failed, what each reply answered stands beside its address only (Postfix's "in reply to RCPT
        // TO").
        boolean needsPhases = list.size() > 1 && Diagnostic.phase(text.lower()).isPresent();
        List<Finding> words = needsWords || needsPhases ? freeFindings(text, mail) : List.of();
        Optional<SmtpPhase> phase = list.size() == 1
                ? TranscriptFamily.lastPhase(text).or(() -> Diagnostic.phase(text.lower()))
                : Optional.empty();
        List<Finding> full = new ArrayList<>();
        for (Finding f : list) {
            Finding g = isVague(f.text()) ? f.merge(wordsFor(f, words, text)) : f;
            full.add(
                    list.size() == 1
                            ? g.within(g.phase().or(() -> phase), text.lower())
                            : needsPhases ? g.within(g.phase().or(() -> phaseOf(g, words)), g.context()) : g);
        }
        return full;
    }

    private static Optional<SmtpPhase> phaseOf(Finding f, List<Finding> words) {
        return words.stream().filter(w -> isAbout(w, f)).findFirst().flatMap(w -> Diagnostic.phase(w.text()));
    }

    /** A diagnostic of codes alone: the human-readable part may say more. */
    private static boolean isVague(String text) {
        return text.chars().filter(Character::isLetter).count() < 8;
    }

    private static Finding wordsFor(Finding f, List<Finding> words, ReportText text) {
        for (Finding w : words) {
            if (isAbout(w, f)) {
                return Finding.of(f.address(), w.text());
            }
        }
        return words.size() == 1
                ? Finding.of(f.address(), words.get(0).text())
                : Finding.of(
                        f.address(),
                        words.isEmpty() ? String.join(" ", text.lines()).strip() : "");
    }

    private static boolean isAbout(Finding words, Finding f) {
        return words.address().key().equals(f.address().key())
                || f.finalAddress()
                        .map(x -> x.equalsIgnoreCase(words.address().toString()))
                        .orElse(false);
    }

    private static FeedbackKind kind(List<Finding> findings, Mail mail) {
        return kind(new HashSet<>(findings.stream().map(Finding::action).toList()), mail);
    }

    private static FeedbackKind kind(Set<String> actions, Mail mail) {
        boolean failed = actions.contains("failed");
        boolean open = actions.contains("");
        if (failed) {
            return FeedbackKind.BOUNCE;
        }
        if (open) {
            String subject = mail.subject().toLowerCase(Locale.ROOT);
            return subject.contains("delay") || subject.startsWith("warning")
                    ? FeedbackKind.DELIVERY_NOTICE
                    : FeedbackKind.BOUNCE;
        }
        return FeedbackKind.DELIVERY_NOTICE;
    }

    private static Optional<String> field(Map<String, String> fields, String name) {
        String v = fields.get(name);
        if (v == null) {
            return Optional.empty();
        }
        int semicolon = v.indexOf(';');
        return Optional.of(v.substring(semicolon + 1).strip());
    }

    /** A read receipt is none of our business, but Sieve's "reject" (RFC 5429 2.2) comes in the same dress. */
    private static Report disposition(Mail mail, ReportText text) {
        boolean rejected = mail.says("auto-submitted", "rejected")
                || text.lower().contains("was automatically rejected")
                || mail.subject().toLowerCase(Locale.ROOT).startsWith("automatically rejected");
        if (!rejected) {
            return Report.NONE;
        }
        Findings out = new Findings();
        mail.firstPart(Part::isDisposition).ifPresent(p -> {
            HeaderBlock h = HeaderBlock.parse(p.lines(), 0, 50);
            h.first("original-recipient")
                    .or(() -> h.first("final-recipient"))
                    .flatMap(Addresses::ofField)
                    .ifPresent(a -> out.add(a, String.join(" ", text.lines())));
        });
        if (out.isEmpty()) {
            new SentenceFamily().read(text, mail).forEach(out::add);
        }
        return out.isEmpty() ? Report.NONE : Report.of(FeedbackKind.BOUNCE, out.list(), "sieve-reject");
    }

    private Report cloud(Mail mail, ReportText text) {
        String json = CloudNotificationFamily.json(String.join("\n", text.lines()));
        if (json.isEmpty()) {
            return Report.NONE;
        }
        List<Finding> findings = cloud.read(text, mail);
        return switch (findings.isEmpty() ? "" : CloudNotificationFamily.kind(json)) {
            case "bounce" -> Report.of(FeedbackKind.BOUNCE, findings, cloud.name());
            case "complaint" ->
                new Report(
                        FeedbackKind.COMPLAINT,
                        findings,
                        "",
                        "abuse",
                        Optional.empty(),
                        Optional.empty(),
                        cloud.name());
            case "delivery", "deliverydelay" -> Report.of(FeedbackKind.DELIVERY_NOTICE, findings, cloud.name());
            default -> Report.NONE;
        };
    }

    private Report freeText(Mail mail, ReportText text, OriginalMail original) {
        int strength = BounceShape.strength(mail);
        if (strength <= 0) {
            return Report.NONE;
        }
        BounceShape.Fate fate = BounceShape.fate(text, mail);
        List<Finding> findings = List.of();
        String format = "";
        if (fate != BounceShape.Fate.NOT_A_REPORT || strength >= 2) {
            findings = completed(INLINE.read(text, mail), text, mail);
            format = INLINE.name();
            for (int i = 0; findings.isEmpty() && i < FAMILIES.size(); i++) {
                findings = FAMILIES.get(i).read(text, mail);
                format = FAMILIES.get(i).name();
            }
        }
        if (fate == BounceShape.Fate.NOT_A_REPORT) {
            boolean certain = mail.header().has("x-failed-recipients")
                    || format.equals("rfc3464-inline")
                    || (strength >= 2 && quotesReplies(findings, format));
            if (!certain || findings.isEmpty()) {
                return Report.NONE;
            }
            fate = BounceShape.Fate.FAILED;
        }
        if (strength < 2 && format.equals("sentence") && !findings.isEmpty()) {
            // One sign in the header and an address in a sentence: people write so, too.
            return Report.NONE;
        }
        if (findings.isEmpty()) {
            if (strength < 2 && EchoedRecipient.read(text).isEmpty()) {
                return Report.NONE;
            }
            String words = String.join(" ", text.lines()).strip();
            findings = EchoedRecipient.read(text)
                    .or(() -> onlyAddress(original.recipients()))
                    .map(a -> List.of(Finding.of(a, words)))
                    .orElseGet(() -> strength < 2 ? List.of() : soleAddress(text, mail, words));
            format = "original";
        }
        if (format.equals("rfc3464-inline")) {
            return Report.of(kind(findings, mail), findings, format);
        }
        return switch (fate) {
            case DELAYED -> Report.of(FeedbackKind.DELIVERY_NOTICE, findings, format);
            case DELIVERED ->
                new Report(
                        FeedbackKind.DELIVERY_NOTICE,
                        findings,
                        "delivered",
                        "",
                        Optional.empty(),
                        Optional.empty(),
                        format);
            default -> Report.of(FeedbackKind.BOUNCE, findings, format);
        };
    }

    /** Addresses each with the reply that refused it: a report in whatever language. */
    private static boolean quotesReplies(List<Finding> findings, String format) {
        return format.equals("address-block")
                && findings.stream().allMatch(f -> {
                    Diagnostic d = Diagnostic.of(f.text());
                    return d.code().isPresent()
                            && (d.enhanced().isPresent() || d.phase().isPresent());
                });
    }

    /** The one address that a report names besides its own and its offices', where no form was recognised. */
    private static List<Finding> soleAddress(ReportText text, Mail mail, String words) {
        OwnAddresses own = new OwnAddresses(mail);
        Findings out = new Findings();
        for (String line : text.lines()) {
            if (line.indexOf('@') >= 0) {
                Addresses.all(line).stream().filter(a -> !own.has(a)).forEach(a -> out.add(a, words));
            }
        }
        return out.list().size() == 1 ? out.list() : List.of();
    }

    private static List<Finding> freeFindings(ReportText text, Mail mail) {
        for (TextFamily family : FAMILIES) {
            List<Finding> found = family.read(text, mail);
            if (!found.isEmpty()) {
                return found;
            }
        }
        return List.of();
    }

    private static List<Finding> failedHeader(Mail mail, ReportText text) {
        return new FailedRecipientsHeader().read(text, mail);
    }

    private static Optional<EmailAddress> only(List<Finding> findings) {
        return findings.size() == 1 ? Optional.of(findings.get(0).address()) : Optional.empty();
    }

    private static Optional<EmailAddress> onlyAddress(List<EmailAddress> list) {
        return list.isEmpty() ? Optional.empty() : Optional.of(list.get(0));
    }

    private static Report autoReply(Mail mail) {
        Optional<EmailAddress> from = Addresses.first(mail.header().text("from"));
        List<Finding> who = from.map(a -> List.of(Finding.of(a, ""))).orElse(List.of());
        return Report.of(FeedbackKind.AUTO_REPLY, who, "rfc3834");
    }

    /** The mailto form of List-Unsubscribe (RFC 2369 3.2): only the shape; whether the token is ours the intake knows. */
    private static boolean isUnsubscribe(Mail mail) {
        String subject = mail.subject().strip().toLowerCase(Locale.ROOT);
        if (subject.equals("unsubscribe") || subject.startsWith("unsubscribe ")) {
            return !mail.header().has("list-id") && !mail.header().has("list-post");
        }
        return false;
    }

    /**
     * Sent to the address of a List-Unsubscribe field of ours, {@code unsubscribe+TOKEN@...}, whatever the subject; an
     * answer of a machine to such a mail is none.
     */
    private static boolean isToUnsubscribe(Mail mail) {
        boolean answer = mail.header()
                .text("auto-submitted")
                .strip()
                .toLowerCase(Locale.ROOT)
                .startsWith("auto-replied");
        return !answer
                && OriginalMail.returnedTo(mail, NOTHING).stream()
                        .map(a -> a.localPart().toLowerCase(Locale.ROOT))
                        .anyMatch(l -> l.startsWith("unsubscribe+") || l.startsWith("unsubscribe-"));
    }

    private static Report unsubscribe(Mail mail) {
        Optional<EmailAddress> from = Addresses.first(mail.header().text("from"));
        return Report.of(
                FeedbackKind.UNSUBSCRIBE,
                from.map(a -> List.of(Finding.of(a, ""))).orElse(List.of()),
                "list-unsubscribe");
    }
}
