package io.github.cameldeliverability.feedback;

import java.util.Locale;

/**
 * Tells a report in free text from ordinary mail. The content must speak of a failure or delay, and the header must look
 * like a mail system's; neither alone is enough, and the From address alone never is.
 */
final class BounceShape {

    /** What a text report amounts to. */
    enum Fate {
        FAILED,
        DELAYED,
        DELIVERED,
        NOT_A_REPORT
    }

    private static final PhraseSet SYSTEM_NAME = new PhraseSet(
            "mail delivery",
            "mail deliver",
            "delivery subsystem",
            "delivery system",
            "mailer-daemon",
            "mailer daemon",
            "maildaemon",
            "mail-daemon",
            "postmaster",
            "post_master",
            "mdaemon@",
            "system administrator",
            "mail.delivery.system",
            "mail system",
            "mailsystem",
            "mail_service",
            "smtp_mail",
            "jetmail",
            "interscan",
            "imss@",
            "antivirus",
            "mail server",
            "mailserver",
            "bounce@",
            "bounces@",
            "systemadministrator",
            "mail administrator",
            "nicht antworten",
            "inetgw",
            "ndr@",
            "e-mail system",
            "microsoft exchange",
            "microsoftexchange",
            "server@",
            "mta@",
            "administrateur",
            "administrador",
            "администратор",
            "システム管理者",
            "系统管理员",
            "mail router",
            "smtp@",
            "daemon@");

    private BounceShape() {}

    /** Whether the header could be a mail system's; ordinary mail stops here, its text unread. */
    static boolean headerAllows(Mail mail) {
        return strength(mail) > 0;
    }

    /** 0: an ordinary header; 1: something speaks for a report; 2 and more: several things do. */
    static int strength(Mail mail) {
        HeaderBlock h = mail.header();
        int n = 0;
        String from = EncodedWords.decode(h.text("from")).toLowerCase(Locale.ROOT);
        boolean system = SYSTEM_NAME.in(from)
                || (h.has("from") && (from.isBlank() || from.strip().equals("<>")));
        if (system) {
            n++;
        }
        if (h.has("x-failed-recipients")) {
            n += 2;
        }
        String subject = mail.subject().toLowerCase(Locale.ROOT);
        if ((BouncePhrases.SUBJECT.in(subject) || DeliverySpeech.of(subject) != 0) && !isAnswer(mail)) {
            n++;
        }
        if (h.isEmpty()) {
            // Somebody's tool kept the text and dropped the header: only the words can tell.
            n++;
        }
        if (h.has("return-path") && h.text("return-path").strip().equals("<>")) {
            n++;
        }
        if (mail.says("auto-submitted", "auto-")) {
            n++;
        }
        if (mail.type().equals("multipart/report") && mail.reportType().equals("delivery-status")) {
            n += 2;
        }
        // Lists and newsletters talk of bounces too. A report that was sent to a list keeps its system's name.
        if (n < 3 && (h.has("list-post") || h.has("list-unsubscribe") || h.has("x-mailing-list"))) {
            n -= system ? 0 : 2;
        }
        if (isAnswer(mail) && !system) {
            n -= 2;
        }
        return n;
    }

    /** An answer or a forward by a person, who may quote a report or its subject. */
    private static boolean isAnswer(Mail mail) {
        boolean thread = mail.header().has("in-reply-to") || mail.header().has("references");
        String s = mail.subject().strip().toLowerCase(Locale.ROOT);
        return s.startsWith("fwd:")
                || s.startsWith("fw:")
                || (thread && (s.startsWith("re:") || s.startsWith("aw:") || s.startsWith("re[")));
    }

    static Fate fate(ReportText text, Mail mail) {
        String subject = mail.subject().toLowerCase(Locale.ROOT);
        if (BouncePhrases.DELAY.in(text.lower())
                || (subject.startsWith("warning") && BouncePhrases.DELAY.in(subject))) {
            return Fate.DELAYED;
        }
        int strength = strength(mail);
        if (BouncePhrases.FAILURE.in(text.lower()) || (strength >= 2 && BouncePhrases.REASON.in(text.lower()))) {
            return subject.contains("(delay)")
                            || subject.startsWith("warning-")
                            || subject.contains("warning: could not send")
                            || BouncePhrases.DELAY.in(subject)
                    ? Fate.DELAYED
                    : Fate.FAILED;
        }
        if (BouncePhrases.SUCCESS.in(text.lower())) {
            return Fate.DELIVERED;
        }
        if (strength < 2) {
            return Fate.NOT_A_REPORT;
        }
        // No phrase that we know: what the sentences say, those of the subject included.
        int speech = DeliverySpeech.of(text.lower()) | DeliverySpeech.of(subject);
        return (speech & DeliverySpeech.LATE) != 0
                ? Fate.DELAYED
                : (speech & DeliverySpeech.FAILED) != 0 ? Fate.FAILED : Fate.NOT_A_REPORT;
    }
}
