package io.github.cameldeliverability.feedback;

import io.github.cameldeliverability.feedback.report.MailReportReader;
import io.github.cameldeliverability.mail.EmailAddress;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Fuzz target: the fields of a feedback report inside a well-formed mail, read as complaint and as report. */
public final class ComplaintFuzz {

    private static final byte[] BEFORE = ascii(
            """
            From: fbl@receiver.example
            MIME-Version: 1.0
            Content-Type: multipart/report; report-type=feedback-report; boundary=b

            --b

            A complaint.
            --b
            Content-Type: message/feedback-report

            """);
    private static final byte[] AFTER = ascii(
            "\n--b\nContent-Type: message/rfc822\n\nFrom: news@shop.example\nTo: ann@receiver.example\n\nhello\n--b--\n");
    private static final MailReportReader REPORTS = new MailReportReader();

    private ComplaintFuzz() {}

    public static void fuzzerTestOneInput(byte[] octets) {
        ByteArrayOutputStream b = new ByteArrayOutputStream();
        b.writeBytes(BEFORE);
        b.writeBytes(octets);
        b.writeBytes(AFTER);
        byte[] raw = b.toByteArray();
        Mail mail = MimeWalk.walk(raw, ReadLimits.DEFAULT);
        OriginalMail original = OriginalMail.of(mail, ReportText.of(MailText.of(mail)), 100);
        List<EmailAddress> who = ComplaintReader.read(mail, original.header())
                .map(ComplaintReader.Complaint::recipients)
                .orElse(List.of());
        if (who.stream().map(EmailAddress::key).distinct().count() != who.size()) {
            throw new AssertionError("a recipient twice: " + who);
        }
        REPORTS.read(raw);
    }

    private static byte[] ascii(String s) {
        return s.getBytes(StandardCharsets.US_ASCII);
    }
}
