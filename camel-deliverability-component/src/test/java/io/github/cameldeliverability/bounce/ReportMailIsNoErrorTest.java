package io.github.cameldeliverability.bounce;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.mail.DmarcAggregate;
import io.github.cameldeliverability.mail.Feedback;
import io.github.cameldeliverability.mail.FeedbackKind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class ReportMailIsNoErrorTest extends CamelTestSupport {

    private static final String XML =
            """
            <feedback><report_metadata><org_name>R</org_name><report_id>1</report_id></report_metadata>
            <policy_published><domain>shop.example</domain><p>none</p></policy_published>
            <record><row><source_ip>192.0.2.1</source_ip><count>2</count></row></record></feedback>
            """;

    private static final String REPORT =
            """
            From: noreply@receiver.example
            To: rua@shop.example
            Subject: Report Domain: shop.example Submitter: receiver.example Report-ID: 1
            MIME-Version: 1.0
            Content-Type: application/xml; name="receiver.example!shop.example!1!2.xml"

            """
                    + XML;

    private static final String COMPLAINT =
            """
            From: fbl@receiver.example
            To: abuse@shop.example
            Subject: complaint
            Content-Type: multipart/report; report-type=feedback-report; boundary=b

            --b
            Content-Type: message/feedback-report

            Feedback-Type: %s
            User-Agent: F/1
            Version: 1
            Original-Rcpt-To: ann@receiver.example

            --b--
            """;

    @Test
    void theReportIsNamedAndTheBodyStaysFeedback() {
        Exchange e = read("bounce:default?correlate=false", REPORT);
        assertThat(e.getException()).isNull();
        assertThat(e.getMessage().getHeaders())
                .containsEntry(BounceConstants.KIND, "none")
                .containsEntry(BounceConstants.REPORT, "dmarc-aggregate");
        assertThat(e.getMessage().getBody(Feedback.class).kind()).isEqualTo(FeedbackKind.NONE);
    }

    @Test
    void onRequestTheBodyIsTheReports() {
        for (Object body : List.of(REPORT, XML.getBytes(StandardCharsets.UTF_8))) {
            Exchange e = read("bounce:default?correlate=false&reports=true", body);
            assertThat(e.getException()).isNull();
            assertThat(e.getMessage().getBody())
                    .asInstanceOf(InstanceOfAssertFactories.LIST)
                    .singleElement()
                    .isInstanceOfSatisfying(
                            DmarcAggregate.class,
                            a -> assertThat(a.totals().messages()).isEqualTo(2));
        }
    }

    @Test
    void aRouteReadsReportsInSimple() throws Exception {
        Exchange e = read("bounce:default?correlate=false&reports=true", REPORT);
        e.getMessage().setBody(e.getMessage().getBody(List.class).get(0));
        String text =
                "${body.orgName} saw ${body.totals.messages} mails of ${body.policy.domain}, ${body.totals.failed}";
        assertThat(context.resolveLanguage("simple").createExpression(text).evaluate(e, String.class))
                .isEqualTo("R saw 2 mails of shop.example, 2");
    }

    @Test
    void complaintsStayFeedbackAndReportsOfMachinesDoNot() {
        String uri = "bounce:default?correlate=false&reports=true";
        Exchange person = read(uri, COMPLAINT.formatted("abuse"));
        assertThat(person.getMessage().getBody()).isInstanceOf(Feedback.class);
        assertThat(person.getMessage().getHeader(BounceConstants.REPORT)).isEqualTo("arf");
        Exchange machine = read(uri, COMPLAINT.formatted("auth-failure"));
        assertThat(machine.getMessage().getBody()).isInstanceOf(List.class);
        assertThat(machine.getMessage().getHeader(BounceConstants.REPORT)).isEqualTo("dmarc-failure");
    }

    @Test
    void ordinaryMailHasNoReport() {
        Exchange e = read("bounce:default?correlate=false&reports=true", Mails.ordinary());
        assertThat(e.getMessage().getHeader(BounceConstants.REPORT)).isNull();
        assertThat(e.getMessage().getBody()).isInstanceOf(Feedback.class);
    }

    private Exchange read(String uri, Object body) {
        return template.request(uri, x -> x.getMessage().setBody(body));
    }
}
