package io.github.cameldeliverability.delivery;

import io.github.cameldeliverability.mail.DeliveryEvent;
import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.EnhancedStatus;
import io.github.cameldeliverability.mail.SmtpReply;
import io.github.cameldeliverability.mail.SpooledMessage;
import io.github.cameldeliverability.mail.WireMessage;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Writes a delivery status notification (RFC 3464) about one recipient: a text for people, the fields for programs, the
 * header section of the message. Pure.
 */
final class StatusNotice {

    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    /** Well below the 998 octets of RFC 5322 2.1.1. */
    private static final int LONGEST_VALUE = 900;

    private StatusNotice() {}

    /** @param ehloName our name, as the reporting MTA */
    static byte[] write(SpooledMessage m, DeliveryEvent e, EmailAddress to, String ehloName, Instant now) {
        boolean failed = e.outcome().isFinal();
        String boundary = "=_" + m.queueId() + "." + now.toEpochMilli();
        StringBuilder b = new StringBuilder(2048);
        field(b, "From", "Mail Delivery System <mailer-daemon@" + ehloName + ">");
        field(b, "To", "<" + to + ">");
        field(b, "Subject", failed ? "Your message could not be delivered" : "Your message is delayed");
        field(b, "Date", DATE.format(now));
        field(b, "In-Reply-To", m.messageId());
        // RFC 3834 5: so that nothing answers it by itself.
        field(b, "Auto-Submitted", "auto-replied");
        field(b, "MIME-Version", "1.0");
        field(b, "Content-Type", "multipart/report; report-type=delivery-status;\r\n boundary=\"" + boundary + "\"");
        b.append("\r\n--").append(boundary).append("\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n");
        text(b, m, e, failed);
        b.append("\r\n--").append(boundary).append("\r\nContent-Type: message/delivery-status\r\n\r\n");
        fields(b, m, e, ehloName, failed);
        b.append("\r\n--").append(boundary);
        // RFC 6533 4: a header section with octets above 127 is returned as message/global-headers.
        b.append(
                m.utf8Header()
                        ? "\r\nContent-Type: message/global-headers\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
                        : "\r\nContent-Type: text/rfc822-headers\r\n\r\n");
        int end = Math.min(WireMessage.of(m.content()).bodyStart(), m.content().length);
        b.append(new String(m.content(), 0, end, StandardCharsets.UTF_8).stripTrailing());
        b.append("\r\n\r\n--").append(boundary).append("--\r\n");
        return b.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void text(StringBuilder b, SpooledMessage m, DeliveryEvent e, boolean failed) {
        b.append("This is the mail system. Your message of ")
                .append(DATE.format(m.acceptedAt()))
                .append("\r\n")
                .append(failed ? "could not be delivered to" : "could not be delivered yet to")
                .append(":\r\n\r\n  ")
                .append(address(e.recipient()))
                .append("\r\n");
        e.reply().ifPresent(r -> b.append("    ").append(ascii(r.format())).append("\r\n"));
        b.append("\r\n");
        if (!failed) {
            b.append("It is tried again until ")
                    .append(DATE.format(m.expiresAt()))
                    .append(".\r\nThere is no need to send it again.\r\n");
        }
    }

    private static void fields(StringBuilder b, SpooledMessage m, DeliveryEvent e, String ehloName, boolean failed) {
        // RFC 3464 2.2: about the message.
        m.envelopeId().ifPresent(id -> field(b, "Original-Envelope-Id", ascii(id)));
        field(b, "Reporting-MTA", "dns; " + ehloName);
        field(b, "Arrival-Date", DATE.format(m.acceptedAt()));
        b.append("\r\n");
        // RFC 3464 2.3: about the recipient.
        field(b, "Final-Recipient", type(e.recipient()) + "; " + address(e.recipient()));
        field(b, "Action", failed ? "failed" : "delayed");
        field(b, "Status", status(e).toString());
        e.host().ifPresent(h -> field(b, "Remote-MTA", "dns; " + ascii(h.split(" ", 2)[0])));
        // RFC 3464 2.3.6: only what a server said is an smtp diagnostic.
        e.reply()
                .ifPresent(r -> field(
                        b, "Diagnostic-Code", (r.synthetic() ? "X-Deliverability; " : "smtp; ") + ascii(r.format())));
        field(b, "Last-Attempt-Date", DATE.format(e.at()));
        if (!failed) {
            field(b, "Will-Retry-Until", DATE.format(m.expiresAt()));
        }
    }

    /** What the server said, else what its code says, else that the time ran out (RFC 3463 3.5). */
    private static EnhancedStatus status(DeliveryEvent e) {
        return e.reply().flatMap(SmtpReply::enhanced).orElseGet(() -> e.reply()
                .map(r -> new EnhancedStatus(r.code() / 100, 0, 0))
                .orElseGet(() -> new EnhancedStatus(4, 4, 7)));
    }

    private static String type(EmailAddress a) {
        return a.needsSmtpUtf8() ? "utf-8" : "rfc822";
    }

    /** RFC 6533 3: in a 7-bit field a character above 127 is written {@code \x{HEX}}. */
    private static String address(EmailAddress a) {
        StringBuilder b = new StringBuilder();
        a.localPart()
                .codePoints()
                .forEach(c -> b.append(c > 126 ? String.format(Locale.ROOT, "\\x{%X}", c) : String.valueOf((char) c)));
        return b.append('@').append(a.asciiDomain()).toString();
    }

    private static void field(StringBuilder b, String name, String value) {
        b.append(name).append(": ").append(value).append("\r\n");
    }

    /** Text of strangers as one line of printable ASCII. */
    private static String ascii(String text) {
        String line = text.length() > LONGEST_VALUE ? text.substring(0, LONGEST_VALUE) : text;
        return line.replaceAll("[\\r\\n\\t]+", " ").replaceAll("[^ -~]", "?");
    }
}
