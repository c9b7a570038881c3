package io.github.cameldeliverability.testkit;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * A mail that the embedded internet sends back.
 *
 * @param to where it goes: the reverse-path of the mail that it is about
 * @param content the whole mail, lines end in CRLF
 */
public record ReturnedMail(String to, byte[] content) {

    /** A failure report in the form of RFC 3464, as a provider sends it that finds the mailbox gone too late. */
    static ReturnedMail dsn(FakeProvider provider, ReceivedMessage about, String recipient, Instant at) {
        String boundary = "=_dsn_" + Integer.toHexString(recipient.hashCode());
        String text = head(provider, about.from(), at, "Undelivered Mail Returned to Sender")
                + "Auto-Submitted: auto-replied\r\n"
                + "Content-Type: multipart/report; report-type=delivery-status; boundary=\"" + boundary + "\"\r\n\r\n"
                + "--" + boundary + "\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
                + "This is the mail system at " + provider.host() + ".\r\n\r\n"
                + "Your message could not be delivered to <" + recipient + ">:\r\n"
                + "the mailbox does not exist any more.\r\n"
                + "--" + boundary + "\r\nContent-Type: message/delivery-status\r\n\r\n"
                + "Reporting-MTA: dns; " + provider.host() + "\r\nArrival-Date: " + date(about.at()) + "\r\n\r\n"
                + "Final-Recipient: rfc822; " + recipient + "\r\nAction: failed\r\nStatus: 5.1.1\r\n"
                + "Diagnostic-Code: smtp; 550 5.1.1 <" + recipient + ">: user unknown\r\n"
                + "--" + boundary + "\r\nContent-Type: text/rfc822-headers\r\n\r\n"
                + headers(about)
                + "\r\n--" + boundary + "--\r\n";
        return new ReturnedMail(about.from(), text.getBytes(StandardCharsets.UTF_8));
    }

    /** A complaint in the Abuse Reporting Format (RFC 5965). */
    static ReturnedMail complaint(FakeProvider provider, ReceivedMessage about, String recipient, Instant at) {
        String boundary = "=_arf_" + Integer.toHexString(recipient.hashCode());
        String text = head(provider, about.from(), at, "complaint about message from 127.0.0.1")
                + "Content-Type: multipart/report; report-type=feedback-report; boundary=\"" + boundary + "\"\r\n\r\n"
                + "--" + boundary + "\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
                + "This is an email abuse report for a message received from 127.0.0.1.\r\n"
                + "--" + boundary + "\r\nContent-Type: message/feedback-report\r\n\r\n"
                + "Feedback-Type: abuse\r\nUser-Agent: FakeInternet/1.0\r\nVersion: 1\r\n"
                + "Original-Mail-From: <" + about.from() + ">\r\nOriginal-Rcpt-To: <" + recipient + ">\r\n"
                + "Arrival-Date: " + date(about.at()) + "\r\nSource-IP: 127.0.0.1\r\n"
                + "--" + boundary + "\r\nContent-Type: message/rfc822\r\n\r\n"
                + "Return-Path: <" + about.from() + ">\r\n" + about.text()
                + "\r\n--" + boundary + "--\r\n";
        return new ReturnedMail(about.from(), text.getBytes(StandardCharsets.UTF_8));
    }

    private static String head(FakeProvider provider, String to, Instant at, String subject) {
        return "Return-Path: <>\r\nDelivered-To: " + to + "\r\nFrom: Mail Delivery System <MAILER-DAEMON@"
                + provider.name() + ">\r\nTo: " + to + "\r\nSubject: " + subject + "\r\nDate: " + date(at)
                + "\r\nMIME-Version: 1.0\r\n";
    }

    private static String headers(ReceivedMessage about) {
        String text = about.text();
        int end = text.indexOf("\r\n\r\n");
        return end < 0 ? text : text.substring(0, end + 2);
    }

    private static String date(Instant at) {
        return DateTimeFormatter.RFC_1123_DATE_TIME.format(at.atOffset(ZoneOffset.UTC));
    }
}
