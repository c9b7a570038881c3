package io.github.cameldeliverability.feedback;

import java.util.List;
import java.util.Locale;

/** Out-of-office notes, acknowledgements and challenge-responses (RFC 3834). */
final class AutoReplyDetector {

    private static final List<String> SUBJECT_STARTS = List.of(
            "automatic reply",
            "auto reply",
            "auto-reply",
            "autoreply",
            "auto response",
            "auto-response",
            "autoresponse",
            "autoresponder",
            "out of office",
            "out of the office",
            "away from my mail",
            "away from the office",
            "away until",
            "automatische antwort",
            "abwesenheitsnotiz",
            "automatisch antwoord",
            "réponse automatique",
            "reponse automatique",
            "absence du bureau",
            "respuesta automática",
            "respuesta automatica",
            "fuera de la oficina",
            "risposta automatica",
            "fuori ufficio",
            "resposta automática",
            "resposta automatica",
            "automatyczna odpowiedź",
            "autoodpowiedź",
            "otomatik yanıt",
            "otomatik cevap",
            "ofis dışında",
            "автоответ",
            "автоматический ответ",
            "автоматична відповідь",
            "автовідповідь",
            "vastauksena automaattinen",
            "automaattinen vastaus",
            "automatiskt svar",
            "automatisk svar",
            "自動返信",
            "自動応答",
            "不在通知",
            "自动回复",
            "自动答复",
            "自動回覆",
            "자동 회신",
            "자동 응답",
            "부재중",
            "automatická odpověď",
            "automatikus válasz",
            "automatická odpoveď",
            "răspuns automat",
            "automatiska atbilde",
            "automātiskā atbilde");

    /** Such subjects people write, too: they need another sign. */
    private static final List<String> WEAK_STARTS = List.of(
            "auto:",
            "vacation",
            "on vacation",
            "abwesenheit",
            "afwezig",
            "absent",
            "ausência",
            "autosvar",
            "ooo:",
            "atvaļināj",
            "fuori sede");

    private static final PhraseSet SUBJECT_PARTS = new PhraseSet(
            "out of office",
            "out of the office",
            "auto-reply",
            "autoreply",
            "automatic reply",
            "automatic response",
            "abwesenheitsnotiz",
            "réponse automatique",
            "respuesta automática",
            "automatiska atbilde",
            "自動返信",
            "自动回复",
            "autoresponder",
            "vacation reply",
            "[auto-reply]",
            "(auto reply)",
            "away message");

    /** How far apart "automatic" and "answer" may stand in a subject, in characters. */
    private static final int NEAR = 30;

    private static final PhraseSet STEMS = PhraseSet.ofGroups(List.of(
            List.of("automat", "automát", "otomatik", "автомат", "自動", "自动", "자동"),
            List.of(
                    " reply",
                    " response",
                    "antwort",
                    "antwoord",
                    "réponse",
                    "reponse",
                    "respuesta",
                    "risposta",
                    "resposta",
                    "odpowied",
                    "odpově",
                    "odpove",
                    "yanıt",
                    "cevap",
                    "ответ",
                    "відпові",
                    " svar",
                    "vastau",
                    "válasz",
                    "răspuns",
                    "返信",
                    "応答",
                    "回复",
                    "回覆",
                    "答复",
                    "회신",
                    "응답")));

    private static final PhraseSet CHALLENGE = new PhraseSet(
            "confirm your message",
            "please confirm that you sent",
            "sender verification",
            "verify your email to deliver",
            "challenge-response",
            "your message is being held until you confirm",
            "tmda",
            "to deliver your message, please confirm",
            "message awaiting your verification",
            "подтвердите, что вы не робот");

    private static final PhraseSet BODY = new PhraseSet(
            "out of office",
            "out of the office",
            "on vacation",
            "on annual leave",
            "am currently away",
            "away from my",
            "will be back on",
            "i'm away",
            "i am away",
            "nicht im büro",
            "nicht im hause",
            "absent du bureau",
            "fuera de la oficina",
            "fuori ufficio",
            "esmu atvaļinājum",
            "в отпуске",
            "w biurze",
            "urlop",
            "em férias",
            "de vacaciones",
            "不在に",
            "currently out",
            "on holiday",
            "on leave",
            "maternity leave",
            "limited access to email",
            "parental leave",
            "izinde");

    private AutoReplyDetector() {}

    static boolean isAutoReply(Mail mail, ReportText text) {
        HeaderBlock h = mail.header();
        if (isMachineMail(mail)) {
            return false;
        }
        String subject = mail.subject().strip().toLowerCase(Locale.ROOT);
        // RFC 3834 5.1: only "auto-replied" is an answer; "auto-generated" is any machine's mail, "no" a person's.
        if (mail.says("auto-submitted", "auto-replied")) {
            return true;
        }
        boolean marked = (h.has("x-autoreply") && !h.text("x-autoreply").equalsIgnoreCase("no"))
                || h.has("x-autorespond")
                || h.has("x-autoresponder")
                || h.has("x-autoreply-from")
                || (h.has("x-autogenerated") && mail.says("x-autogenerated", "reply"))
                || mail.says("precedence", "auto_reply")
                || mail.says("precedence", "auto-reply")
                || mail.says("x-precedence", "auto_reply")
                || mail.says("delivered-to", "autoresponder")
                || h.has("x-mail-autoreply")
                || h.has("x-vacation")
                || mail.says("x-mailer", "vacation")
                || mail.says("x-ms-exchange-generated-message-source", "mailbox rules agent");
        if (marked) {
            return true;
        }
        if (startsWithAny(SUBJECT_STARTS, subject) || saysAutomaticReply(subject)) {
            return true;
        }
        if (startsWithAny(WEAK_STARTS, subject)) {
            return h.has("x-auto-response-suppress")
                    || h.text("return-path").strip().equals("<>")
                    || mail.says("precedence", "junk")
                    || h.has("in-reply-to")
                    || BODY.in(text.lower());
        }
        return (SUBJECT_PARTS.in(subject) && !subject.startsWith("re:"))
                || (BODY.in(text.lower()) && subject.contains(" re: ") && h.has("in-reply-to"))
                || CHALLENGE.in(subject);
    }

    /** "Automatic" and "answer" next to each other, in either order and in whatever inflexion. */
    private static boolean saysAutomaticReply(String subject) {
        if (subject.startsWith("re:") || subject.startsWith("aw:") || subject.startsWith("fw")) {
            return false;
        }
        int auto = -NEAR * 2;
        int reply = -NEAR * 2;
        for (long hit = STEMS.next(subject, 0, 0); hit >= 0; hit = STEMS.next(subject, PhraseSet.position(hit), hit)) {
            auto = (PhraseSet.groups(hit) & 1) != 0 ? PhraseSet.position(hit) : auto;
            reply = (PhraseSet.groups(hit) & 2) != 0 ? PhraseSet.position(hit) : reply;
            if (Math.abs(auto - reply) <= NEAR) {
                return true;
            }
        }
        return false;
    }

    private static boolean startsWithAny(List<String> starts, String subject) {
        for (String start : starts) {
            if (subject.startsWith(start)) {
                return true;
            }
        }
        return false;
    }

    /** Lists, reports and calendars carry marks of machines too, but answer nobody. */
    private static boolean isMachineMail(Mail mail) {
        HeaderBlock h = mail.header();
        return h.has("list-id")
                || h.has("list-post")
                || h.has("list-unsubscribe")
                || mail.type().equals("multipart/report")
                || mail.firstPart(Part::isDisposition).isPresent();
    }
}
