package io.github.cameldeliverability.feedback;

import io.github.cameldeliverability.mail.EmailAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * "Label: value" lines: MailEnable, hMailServer, LSMTP, HotPOP, Verizon and home-made gateways.
 *
 * <pre>
 * Recipient: [SMTP:user@example.com]
 * Reason: Remote SMTP Server Returned: 550 no such user
 * </pre>
 */
final class LabelledFamily implements TextFamily {

    private static final List<String> RECIPIENT = List.of(
            "recipient",
            "failed recipient",
            "failed-recipient",
            "undeliverable address",
            "rcpt to",
            "intended recipient",
            "error-for",
            "target mail address",
            "recipient address",
            "destination",
            "failed address",
            "e-mail address",
            "email address",
            "bounced address",
            "original recipient",
            "mailbox",
            "to address",
            "получатель",
            "адрес получателя",
            "empfänger",
            "destinataire",
            "destinatario",
            "destinatário",
            "odbiorca",
            "alıcı",
            "収信者",
            "宛先",
            "收件人",
            "收件人地址",
            "받는 사람",
            "받는사람",
            "수신자",
            "bad recipient",
            "address",
            "your message to");

    private static final List<String> REASON = List.of(
            "reason",
            "error-text",
            "error",
            "reject reason",
            "diagnostic",
            "failure reason",
            "error message",
            "error type",
            "remote server replied",
            "response",
            "cause",
            "details",
            "причина",
            "ошибка",
            "grund",
            "fehler",
            "raison",
            "motivo",
            "razón",
            "powód",
            "neden",
            "エラー内容",
            "理由",
            "原因",
            "退信原因",
            "이유",
            "사유",
            "the reason",
            "server response",
            "error message below");

    @Override
    public String name() {
        return "labelled";
    }

    @Override
    public List<Finding> read(ReportText text, Mail mail) {
        Findings out = new Findings();
        StringBuilder reason = new StringBuilder();
        boolean inReason = false;
        for (String raw : text.lines()) {
            String line = raw.strip();
            int colon = colon(line);
            String label = colon > 0 ? line.substring(0, colon).strip().toLowerCase(Locale.ROOT) : "";
            if (colon > 0 && RECIPIENT.contains(label)) {
                Optional<EmailAddress> a = Addresses.first(line.substring(colon + 1));
                a.ifPresent(x -> out.add(x, ""));
                inReason = false;
            } else if (colon > 0 && REASON.contains(label)) {
                reason.append(line.substring(colon + 1).strip()).append(' ');
                inReason = true;
            } else if (line.isEmpty()) {
                inReason &= reason.length() == 0;
            } else if (inReason && reason.length() < 2_000) {
                reason.append(line).append(' ');
            }
        }
        if (out.isEmpty()) {
            return List.of();
        }
        String words = reason.length() == 0 ? String.join(" ", text.lines()) : reason.toString();
        return out.list().stream().map(f -> f.withText(words.strip())).toList();
    }

    private static int colon(String line) {
        for (int i = 0; i < line.length() && i < 40; i++) {
            if (line.charAt(i) == ':' || line.charAt(i) == '：') {
                return i;
            }
        }
        return -1;
    }
}
