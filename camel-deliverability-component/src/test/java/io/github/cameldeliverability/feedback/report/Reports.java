package io.github.cameldeliverability.feedback.report;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Reports of made-up receivers, and their dresses. */
final class Reports {

    static final MailReportReader READER = new MailReportReader();

    /** Three rows of two sources: 10 messages, 7 of them aligned. */
    static final String AGGREGATE =
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <feedback>
              <version>1.0</version>
              <report_metadata>
                <org_name>Receiver &amp; Sons</org_name>
                <email>dmarc@receiver.example</email>
                <report_id>2026-07-01.shop.example</report_id>
                <date_range><begin>1782864000</begin><end>1782950399</end></date_range>
              </report_metadata>
              <policy_published>
                <domain>shop.example</domain>
                <adkim>r</adkim><aspf>s</aspf><p>quarantine</p><sp>reject</sp><pct>100</pct><fo>1</fo>
              </policy_published>
              <record>
                <row>
                  <source_ip>192.0.2.10</source_ip><count>6</count>
                  <policy_evaluated><disposition>none</disposition><dkim>pass</dkim><spf>pass</spf></policy_evaluated>
                </row>
                <identifiers><header_from>shop.example</header_from></identifiers>
                <auth_results>
                  <dkim><domain>shop.example</domain><selector>s1</selector><result>pass</result></dkim>
                  <dkim><domain>esp.example</domain><selector>x</selector><result>pass</result></dkim>
                  <spf><domain>shop.example</domain><scope>mfrom</scope><result>pass</result></spf>
                </auth_results>
              </record>
              <record>
                <row>
                  <source_ip>2001:db8::5</source_ip><count>3</count>
                  <policy_evaluated>
                    <disposition>quarantine</disposition><dkim>fail</dkim><spf>fail</spf>
                    <reason><type>mailing_list</type><comment>known list</comment></reason>
                    <reason/>
                  </policy_evaluated>
                </row>
                <identifiers>
                  <envelope_to>receiver.example</envelope_to>
                  <envelope_from>lists.example</envelope_from>
                  <header_from>shop.example</header_from>
                </identifiers>
                <auth_results><spf><domain>lists.example</domain><result>pass</result></spf></auth_results>
              </record>
              <record>
                <row>
                  <source_ip>192.0.2.10</source_ip><count>1</count>
                  <policy_evaluated><disposition>reject</disposition><dkim>fail</dkim><spf>pass</spf></policy_evaluated>
                </row>
                <identifiers><header_from>news.shop.example</header_from></identifiers>
                <auth_results/>
              </record>
            </feedback>
            """;

    static final String TLS =
            """
            {"organization-name": "Sender \\u0026 Co", "contact-info": "tls@sender.example", "report-id": "t-1",
             "date-range": {"start-datetime": "2026-07-01T00:00:00Z", "end-datetime": "2026-07-01T23:59:59Z"},
             "policies": [
              {"policy": {"policy-type": "sts", "policy-domain": "shop.example",
                "policy-string": ["version: STSv1", "mode: enforce", "mx: *.shop.example"], "mx-host": "*.shop.example"},
               "summary": {"total-successful-session-count": 40, "total-failure-session-count": 3},
               "failure-details": [
                {"result-type": "certificate-expired", "sending-mta-ip": "192.0.2.7", "receiving-ip": "192.0.2.25",
                 "receiving-mx-hostname": "mx1.shop.example", "failed-session-count": 2},
                {"result-type": "starttls-not-supported", "failed-session-count": "1"}]},
              {"policy": {"policy-type": "no-policy-found", "policy-domain": "shop.example"},
               "summary": {"total-successful-session-count": 5}}]}
            """;

    static final String FAILURE =
            """
            From: dmarc@receiver.example
            To: ruf@shop.example
            Subject: DMARC failure
            MIME-Version: 1.0
            Content-Type: multipart/report; report-type=feedback-report; boundary="b"

            --b
            Content-Type: text/plain

            A message failed.
            --b
            Content-Type: message/feedback-report

            Feedback-Type: auth-failure
            User-Agent: Checker/2
            Version: 1
            Original-Mail-From: <>
            Original-Rcpt-To: <ann@receiver.example>
            Source-IP: 192.0.2.66 (unknown)
            Reported-Domain: shop.example
            Auth-Failure: DMARC
            Delivery-Result: reject
            Identity-Alignment: none
            Authentication-Results: receiver.example;
              dmarc=fail

            --b
            Content-Type: text/rfc822-headers

            From: Shop <news@shop.example>
            Subject: Sale
            Message-ID: <m1@bad.example>

            --b--
            """;

    static final String COMPLAINT = FAILURE.replace("auth-failure", "Abuse")
            .replaceAll("Auth-Failure.*\n|Delivery-Result.*\n|Identity-Alignment.*\n", "");

    private Reports() {}

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static byte[] gzip(byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream gz = new GZIPOutputStream(out)) {
            gz.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    static byte[] zip(byte[]... files) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (int i = 0; i < files.length; i++) {
                zip.putNextEntry(new ZipEntry("report" + i + ".xml"));
                zip.write(files[i]);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** A mail with words and attachments, each called {@code type;name=...}. */
    static String mail(String type, byte[]... attachments) {
        StringBuilder b = new StringBuilder(
                """
                From: noreply@receiver.example
                To: rua@shop.example
                Subject: Report Domain: shop.example
                MIME-Version: 1.0
                Content-Type: multipart/mixed; boundary="m"

                --m
                Content-Type: text/plain; charset=utf-8

                This is a report. It has <b>no</b> words for people.
                """);
        for (byte[] a : attachments) {
            b.append("--m\nContent-Type: ").append(type).append("\nContent-Transfer-Encoding: base64\n\n");
            b.append(Base64.getMimeEncoder().encodeToString(a)).append('\n');
        }
        return b.append("--m--\n").toString();
    }
}
