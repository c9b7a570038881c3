package io.github.cameldeliverability.bounce;

/** Returned mails for tests. */
final class Mails {

    private Mails() {}

    /** A DSN as of RFC 3464, sent to {@code to}, about {@code recipient}. */
    static String dsn(String to, String recipient, String extraHeader) {
        return """
                From: Mail Delivery System <MAILER-DAEMON@mx.example.net>
                To: %s
                Subject: Undelivered Mail Returned to Sender
                Date: Sun, 1 Mar 2026 12:00:00 +0000
                %sMIME-Version: 1.0
                Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

                --b1
                Content-Type: text/plain

                Your message could not be delivered.

                --b1
                Content-Type: message/delivery-status

                Reporting-MTA: dns; mx.example.net

                Final-Recipient: rfc822; %s
                Action: failed
                Status: 5.1.1
                Diagnostic-Code: smtp; 550 5.1.1 <%s>: Recipient address rejected: User unknown in virtual mailbox table

                --b1
                Content-Type: text/rfc822-headers

                From: shop@shop.example
                To: %s
                Message-ID: <m1@shop.example>
                Subject: Spring sale

                --b1--
                """
                .formatted(to, extraHeader, recipient, recipient, recipient)
                .replace("\n", "\r\n");
    }

    static String ordinary() {
        return """
                From: ann@example.net
                To: shop@shop.example
                Subject: My order
                Date: Sun, 1 Mar 2026 12:00:00 +0000

                Where is it?
                """
                .replace("\n", "\r\n");
    }
}
