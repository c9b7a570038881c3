package io.github.cameldeliverability.feedback.report;

import static io.github.cameldeliverability.feedback.report.Reports.AGGREGATE;
import static io.github.cameldeliverability.feedback.report.Reports.COMPLAINT;
import static io.github.cameldeliverability.feedback.report.Reports.FAILURE;
import static io.github.cameldeliverability.feedback.report.Reports.READER;
import static io.github.cameldeliverability.feedback.report.Reports.TLS;
import static io.github.cameldeliverability.feedback.report.Reports.bytes;
import static io.github.cameldeliverability.feedback.report.Reports.gzip;
import static io.github.cameldeliverability.feedback.report.Reports.mail;
import static io.github.cameldeliverability.feedback.report.Reports.zip;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.mail.ComplaintReport;
import io.github.cameldeliverability.mail.DmarcAggregate;
import io.github.cameldeliverability.mail.DmarcAggregate.Totals;
import io.github.cameldeliverability.mail.DmarcFailure;
import io.github.cameldeliverability.mail.MailReport;
import io.github.cameldeliverability.mail.TlsReport;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ReportIsReadInAnyDressTest {

    private static final MailReport PLAIN = only(bytes(AGGREGATE));
    private static final String FORWARD =
            """
            From: ann@shop.example
            Subject: Fwd: report
            Content-Type: multipart/mixed; boundary="o"

            --o
            Content-Type: text/plain

            See below.
            --o
            Content-Type: message/rfc822

            """;

    static Stream<Arguments> dresses() {
        byte[] xml = bytes(AGGREGATE);
        return Stream.of(
                Arguments.of("gzip", gzip(xml)),
                Arguments.of("zip", zip(xml)),
                Arguments.of("gzip in zip", zip(gzip(xml))),
                Arguments.of("cut before the checksum", java.util.Arrays.copyOf(gzip(xml), gzip(xml).length - 6)),
                Arguments.of("gzip attached", bytes(mail("application/gzip; name=a.xml.gz", gzip(xml)))),
                Arguments.of("zip attached under a wrong type", bytes(mail("application/octet-stream", zip(xml)))),
                Arguments.of("XML attached", bytes(mail("text/xml; name=a.xml", xml))),
                Arguments.of("zip called an image", bytes(mail("image/png; name=a.zip", zip(xml)))),
                Arguments.of(
                        "mail that is nothing but the packed file",
                        bytes("Subject: x\nContent-Type: application/gzip\nContent-Transfer-Encoding: base64\n\n"
                                + java.util.Base64.getMimeEncoder().encodeToString(gzip(xml)))),
                Arguments.of("forwarded", bytes(FORWARD + mail("application/gzip", gzip(xml)) + "\n--o--\n")),
                Arguments.of(
                        "mbox line and CRLF",
                        bytes(("From x Mon\n" + mail("application/zip", zip(xml))).replace("\n", "\r\n"))),
                Arguments.of("byte-order mark", bytes("\ufeff" + AGGREGATE)),
                Arguments.of("words before", bytes("A report follows\n\n" + AGGREGATE)),
                Arguments.of("junk after", bytes(AGGREGATE + "</feedback> \u0000 & more")),
                Arguments.of("UTF-16", AGGREGATE.getBytes(StandardCharsets.UTF_16)),
                Arguments.of("declared UTF-16, written UTF-8", bytes(AGGREGATE.replace("UTF-8", "UTF-16"))),
                Arguments.of("unknown encoding", bytes(AGGREGATE.replace("UTF-8", "x-none"))),
                Arguments.of(
                        "default namespace",
                        bytes(AGGREGATE.replace(
                                "<feedback>", "<feedback xmlns=\"urn:ietf:params:xml:ns:dmarc-2.0\">"))),
                Arguments.of(
                        "undeclared prefix", bytes(AGGREGATE.replaceAll("<(/?)(feedback|record|row)>", "<$1d:$2>"))),
                Arguments.of("ampersand as it is", bytes(AGGREGATE.replace("&amp;", "&"))),
                Arguments.of("control character", bytes(AGGREGATE.replace("Receiver", "\u0001Receiver"))),
                Arguments.of("unknown elements", bytes(AGGREGATE.replace("<row>", "<row><x><count>9</count></x>"))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("dresses")
    void anAggregateReportSaysTheSame(String dress, byte[] content) {
        ReadReports read = READER.read(content, dress);
        assertThat(read.faults()).isEmpty();
        assertThat(read.reports()).containsExactly(PLAIN);
    }

    @Test
    void allFieldsAndTotalsOfAnAggregateReport() {
        DmarcAggregate a = (DmarcAggregate) PLAIN;
        assertThat(a.complete()).isTrue();
        assertThat(a.reporter()).contains("Receiver & Sons");
        assertThat(a.domain()).contains("shop.example");
        assertThat(a.begin()).contains(Instant.ofEpochSecond(1782864000));
        assertThat(a.end()).contains(Instant.ofEpochSecond(1782950399));
        assertThat(a.policy())
                .isEqualTo(new DmarcAggregate.Policy(
                        "shop.example", "quarantine", "reject", "", "r", "s", "100", "", "1", ""));
        assertThat(a.rows()).hasSize(3);
        assertThat(a.rows().get(0).signatures())
                .extracting(DmarcAggregate.Signature::domain)
                .containsExactly("shop.example", "esp.example");
        assertThat(a.rows().get(1).overrides())
                .containsExactly(new DmarcAggregate.PolicyOverride("mailing_list", "known list"));
        assertThat(a.rows().get(1).envelopeFrom()).isEqualTo("lists.example");
        assertThat(a.totals()).isEqualTo(new Totals(10, 7, 6, 7, 3, 1));
        assertThat(a.totals().failed()).isEqualTo(3);
        assertThat(a.sources())
                .containsExactly(
                        new DmarcAggregate.Source("192.0.2.10", new Totals(7, 7, 6, 7, 0, 1)),
                        new DmarcAggregate.Source("2001:db8::5", new Totals(3, 0, 0, 0, 3, 0)));
    }

    @Test
    void theFieldsOfRfc9990AreRead() {
        String xml = AGGREGATE
                .replace(
                        "<pct>100</pct>",
                        "<np>reject</np><testing>y</testing><discovery_method>treewalk</discovery_method>")
                .replace("<date_range>", "<generator>G 1</generator><error>late</error><date_range>")
                .replace("<disposition>none<", "<disposition>pass<")
                .replace(
                        "</feedback>",
                        "<extensions><extension name=\"x\"><p>none</p></extension></extensions></feedback>");
        DmarcAggregate a = (DmarcAggregate) only(bytes(xml));
        assertThat(a.policy().np()).isEqualTo("reject");
        assertThat(a.policy().testing()).isEqualTo("y");
        assertThat(a.policy().discovery()).isEqualTo("treewalk");
        assertThat(a.policy().p()).isEqualTo("quarantine");
        assertThat(a.generator()).isEqualTo("G 1");
        assertThat(a.errors()).containsExactly("late");
        assertThat(a.rows().get(0).disposition()).isEqualTo("pass");
    }

    @Test
    void oddValuesAreTakenOrLeftOutNeverInvented() {
        String xml = AGGREGATE
                .replace("<begin>1782864000<", "<begin> 1782864000.75\n<")
                .replace("<end>1782950399<", "<end>2026-07-01 23:59:59<")
                .replace("<count>6<", "<count>-6<")
                .replace("<count>3<", "<count>many<")
                .replace("<org_name>Receiver &amp; Sons</org_name>", "<org_name/>")
                .replace("<email>dmarc@receiver.example</email>", "<email><dmarc@receiver.example></email>");
        DmarcAggregate a = (DmarcAggregate) only(bytes(xml));
        assertThat(a.begin()).contains(Instant.ofEpochSecond(1782864000));
        assertThat(a.end()).contains(Instant.parse("2026-07-01T23:59:59Z"));
        assertThat(a.rows()).extracting(DmarcAggregate.Row::count).containsExactly(0L, 0L, 1L);
        assertThat(a.reporter()).isEmpty();
        assertThat(a.email()).isEqualTo("<dmarc@receiver.example>");
    }

    @Test
    void octetsThatAreNotUtf8AreReadAsWindows1252() {
        byte[] xml =
                AGGREGATE.replace("Receiver &amp; Sons", "Empf\u00e4nger").getBytes(Charset.forName("windows-1252"));
        assertThat(only(xml).reporter()).contains("Empf\u00e4nger");
    }

    @Test
    void aReportThatEndsTooEarlyGivesTheRowsBeforeAndSaysSo() {
        int second = AGGREGATE.indexOf("<record>", AGGREGATE.indexOf("</record>") + 9);
        DmarcAggregate a = (DmarcAggregate) only(bytes(AGGREGATE.substring(0, second + 60)));
        assertThat(a.complete()).isFalse();
        assertThat(a.rows()).hasSize(1);
        assertThat(a.reportId()).isEqualTo("2026-07-01.shop.example");
    }

    @Test
    void severalReportsInOneMailAreAllReadAndABrokenOneIsNamed() {
        byte[] other = bytes(AGGREGATE.replace("2026-07-01.", "other."));
        ReadReports read = READER.read(bytes(mail(
                "application/gzip; name=\"r.gz\"",
                gzip(bytes(AGGREGATE)),
                zip(other, bytes(TLS)),
                gzip(bytes("<html>no</html>")))));
        assertThat(read.reports())
                .extracting(MailReport::kind)
                .containsExactly("dmarc-aggregate", "dmarc-aggregate", "tls-rpt");
        assertThat(read.faults())
                .extracting(ReportFault::toString)
                .containsExactly("r.gz: XML that is no DMARC report");
    }

    @Test
    void aTlsReportIsReadPlainPackedAndAttached() {
        TlsReport t = (TlsReport) only(bytes(TLS));
        assertThat(t.reporter()).contains("Sender & Co");
        assertThat(t.domain()).contains("shop.example");
        assertThat(t.begin()).contains(Instant.parse("2026-07-01T00:00:00Z"));
        assertThat(t.successful()).isEqualTo(45);
        assertThat(t.failed()).isEqualTo(3);
        assertThat(t.policies().get(0).mxHosts()).containsExactly("*.shop.example");
        assertThat(t.policies().get(0).failures())
                .extracting(TlsReport.Failure::resultType, TlsReport.Failure::sessions)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("certificate-expired", 2L),
                        org.assertj.core.groups.Tuple.tuple("starttls-not-supported", 1L));
        for (byte[] dress : List.of(
                gzip(bytes(TLS)),
                bytes("\ufeff" + TLS),
                bytes(mail("application/tlsrpt+gzip", gzip(bytes(TLS)))),
                bytes(mail("application/tlsrpt+json", bytes(TLS))))) {
            assertThat(only(dress)).isEqualTo(t);
        }
    }

    @Test
    void aFailureReportIsNoComplaint() {
        DmarcFailure f = (DmarcFailure) only(bytes(FAILURE));
        assertThat(f.authFailure()).contains("dmarc");
        assertThat(f.domain()).contains("shop.example");
        assertThat(f.deliveryResult()).contains("reject");
        assertThat(f.identityAlignment()).contains("none");
        assertThat(f.fields().sourceIp()).contains("192.0.2.66");
        assertThat(f.fields().first("source-ip")).contains("192.0.2.66 (unknown)");
        assertThat(f.fields().originalMailFrom()).isEmpty();
        assertThat(f.fields().originalRecipient()).contains("ann@receiver.example");
        assertThat(f.fields().first("authentication-results")).contains("receiver.example; dmarc=fail");
        assertThat(f.originalMessageId()).contains("<m1@bad.example>");
        assertThat(f.originalSubject()).contains("Sale");
        assertThat(f.originalFrom()).contains("Shop <news@shop.example>");
    }

    @Test
    void aComplaintKeepsItsFields() {
        ComplaintReport c = (ComplaintReport) only(bytes(COMPLAINT));
        assertThat(c.kind()).isEqualTo("arf");
        assertThat(c.fields().feedbackType()).isEqualTo("abuse");
        assertThat(c.reporter()).contains("Checker/2");
        String inText = COMPLAINT.replace("message/feedback-report", "text/plain");
        assertThat(only(bytes(inText))).isInstanceOf(ComplaintReport.class);
    }

    @Test
    void aFailureToldInWordsIsRead() {
        DmarcFailure f = (DmarcFailure)
                only(
                        bytes(
                                """
                        Subject: failure
                        Content-Type: text/plain

                        A message claiming to be from you has failed the published DMARC policy for your domain.

                          Sender Domain: shop.example
                          Sender IP Address: 192.0.2.3
                          Received Date: Wed, 01 Jul 2026 10:00:00 +0000
                          SPF Alignment: no
                          DMARC Results: Reject
                        """));
        assertThat(f.domain()).contains("shop.example");
        assertThat(f.fields().sourceIp()).contains("192.0.2.3");
        assertThat(f.deliveryResult()).contains("Reject");
    }

    @Test
    void aJunkMailReportWithoutFieldsIsAComplaint() {
        ComplaintReport c = (ComplaintReport)
                only(
                        bytes(
                                """
                        From: staff@hotmail.com
                        Subject: complaint about message from 192.0.2.9
                        Content-Type: multipart/mixed; boundary="j"

                        --j
                        Content-Type: message/rfc822

                        X-HmXmrOriginalRecipient: ann@receiver.example
                        Message-ID: <m2@shop.example>
                        Subject: Sale

                        Buy.
                        --j--
                        """));
        assertThat(c.fields().sourceIp()).contains("192.0.2.9");
        assertThat(c.fields().originalRecipient()).contains("ann@receiver.example");
        assertThat(c.originalMessageId()).contains("<m2@shop.example>");
    }

    private static MailReport only(byte[] content) {
        ReadReports read = READER.read(content);
        assertThat(read.faults()).isEmpty();
        assertThat(read.reports()).hasSize(1);
        return read.reports().get(0);
    }
}
