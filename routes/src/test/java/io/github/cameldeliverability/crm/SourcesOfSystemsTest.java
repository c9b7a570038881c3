package io.github.cameldeliverability.crm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.cameldeliverability.crm.stub.BrevoStub;
import io.github.cameldeliverability.crm.stub.MailchimpStub;
import io.github.cameldeliverability.crm.stub.MailgunStub;
import io.github.cameldeliverability.crm.stub.SesStub;
import io.github.cameldeliverability.crm.stub.StubReply;
import io.github.cameldeliverability.crm.stub.StubRequest;
import io.github.cameldeliverability.crm.stub.StubServer;
import io.github.cameldeliverability.crm.stub.UniSenderGoStub;
import io.github.cameldeliverability.mail.Suppression;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lists of systems, page by page, first all and then what is new. */
class SourcesOfSystemsTest {

    @TempDir
    Path folder;

    private final LinkedBlockingQueue<List<?>> read = new LinkedBlockingQueue<>();
    private final DefaultCamelContext context = new DefaultCamelContext();
    private StubServer server;

    @AfterEach
    void stop() {
        context.stop();
        server.close();
    }

    @Test
    void hubSpot() throws Exception {
        server = new StubServer(r -> {
            if (!r.is("POST", "/crm/v3/objects/contacts/search")) {
                return null;
            }
            boolean bounces = r.body().contains("hs_email_hard_bounce_reason_enum\",\"operator");
            return r.json().path("after").asText().isEmpty()
                    ? StubReply.of(
                            200,
                            bounces
                                    ? "{\"total\":2,\"results\":[{\"id\":\"1\",\"properties\":{\"email\":\"dead@example.net\","
                                            + "\"hs_email_hard_bounce_reason_enum\":\"UNKNOWN_USER\"}},{\"id\":\"2\","
                                            + "\"properties\":{\"email\":\"policy@example.net\","
                                            + "\"hs_email_hard_bounce_reason_enum\":\"POLICY\"}}]}"
                                    : "{\"total\":2,\"results\":[{\"id\":\"3\",\"properties\":{\"email\":\"ann@example.net\"}}],"
                                            + "\"paging\":{\"next\":{\"after\":\"1\"}}}")
                    : StubReply.of(
                            200, "{\"results\":[{\"id\":\"4\",\"properties\":{\"email\":\"bob@example.net\"}}]}");
        });
        assertThat(first("hubspot", "token=pat-secret-1"))
                .containsExactlyInAnyOrder(
                        "ann@example.net unsubscribe", "bob@example.net unsubscribe", "dead@example.net bounce");
        second();
        assertThat(server.requests()).anySatisfy(r -> assertThat(r.body()).containsPattern("\"value\":\"\\d{13}\""));
        OpenApiContract.check("hubspot", server.requests());
    }

    @Test
    void salesforce() throws Exception {
        server = new StubServer(r -> r.path().endsWith("/token")
                ? StubReply.of(200, "{\"access_token\":\"t\"}")
                : r.path().endsWith("/next")
                        ? StubReply.of(200, "{\"records\":[{\"Email\":\"bob@example.net\"}]}")
                        : r.query().get("q").contains("FROM Contact")
                                ? StubReply.of(
                                        200,
                                        "{\"records\":[{\"Email\":\"ann@example.net\",\"LastModifiedDate\":"
                                                + "\"2026-03-01T12:00:00.000+0000\"}],\"nextRecordsUrl\":\"/services/next\"}")
                                : StubReply.of(200, "{\"records\":[]}"));
        assertThat(first("salesforce", "clientId=c&clientSecret=secret"))
                .containsExactly("ann@example.net unsubscribe", "bob@example.net unsubscribe");
        second();
        assertThat(server.requests("GET", "/query"))
                .anySatisfy(
                        r -> assertThat(r.query().get("q")).containsPattern("AND LastModifiedDate >= 20\\d\\d-.*Z$"));
    }

    @Test
    void mailgunWhoseLastPageIsEmpty() throws Exception {
        MailgunStub mailgun = new MailgunStub();
        server = new StubServer(mailgun);
        for (String a : List.of("ann@example.net", "bob@example.net")) {
            mailgun.list("bounces").put(a, json().put("address", a).put("code", "550"));
        }
        mailgun.list("bounces")
                .put(
                        "full@example.net",
                        json().put("address", "full@example.net").put("code", "452"));
        ObjectNode all = json().put("address", "cat@example.net");
        all.putArray("tags").add("*");
        mailgun.list("unsubscribes").put("cat@example.net", all);
        ObjectNode one = json().put("address", "dan@example.net");
        one.putArray("tags").add("news");
        mailgun.list("unsubscribes").put("dan@example.net", one);
        assertThat(first("mailgun", "apiKey=mg-secret&domain=mg.example.com"))
                .containsExactlyInAnyOrder(
                        "ann@example.net bounce", "bob@example.net bounce", "cat@example.net unsubscribe");
    }

    @Test
    void sesWithASignatureOfTheQuery() throws Exception {
        SesStub ses = new SesStub();
        server = new StubServer(ses);
        ses.reasons.putAll(Map.of("ann@example.net", "BOUNCE", "bob@example.net", "COMPLAINT"));
        assertThat(first("ses", "accessKey=AKID&secretKey=ses-secret&region=eu-west-1"))
                .containsExactlyInAnyOrder("ann@example.net bounce", "bob@example.net complaint");
        second();
        assertThat(server.requests()).anySatisfy(r -> assertThat(r.query()).containsKey("StartDate"));
    }

    @Test
    void uniSenderGo() throws Exception {
        UniSenderGoStub go = new UniSenderGoStub();
        server = new StubServer(go);
        go.causes.putAll(Map.of(
                "ann@example.net", "unsubscribed",
                "bob@example.net", "permanent_unavailable",
                "cat@example.net", "complained",
                "dan@example.net", "temporary_unavailable"));
        assertThat(first("unisender-go", "apiKey=go-secret"))
                .containsExactlyInAnyOrder(
                        "ann@example.net unsubscribe", "bob@example.net bounce", "cat@example.net complaint");
    }

    @Test
    void mailchimp() throws Exception {
        MailchimpStub mailchimp = new MailchimpStub();
        server = new StubServer(mailchimp);
        mailchimp.members.putAll(Map.of(
                "ann@example.net", "unsubscribed", "bob@example.net", "cleaned", "cat@example.net", "subscribed"));
        assertThat(first("mailchimp", "apiKey=key-us21&list=l1"))
                .containsExactlyInAnyOrder("ann@example.net unsubscribe", "bob@example.net bounce");
    }

    @Test
    void brevo() throws Exception {
        BrevoStub brevo = new BrevoStub();
        server = new StubServer(brevo);
        brevo.blocked.putAll(Map.of(
                "ann@example.net", "unsubscribedViaEmail",
                "bob@example.net", "hardBounce",
                "cat@example.net", "contactFlaggedAsSpam"));
        assertThat(first("brevo", "apiKey=xkeysib-secret"))
                .containsExactlyInAnyOrder(
                        "ann@example.net unsubscribe", "bob@example.net bounce", "cat@example.net complaint");
    }

    private static ObjectNode json() {
        return JsonNodeFactory.instance.objectNode();
    }

    @Test
    void aLinkToAnotherServerIsNotFollowed() throws Exception {
        List<StubRequest> strangers = new java.util.concurrent.CopyOnWriteArrayList<>();
        try (StubServer stranger = new StubServer(r -> {
            strangers.add(r);
            return StubReply.of(200, "{}");
        })) {
            server = new StubServer(r -> r.path().endsWith("/token")
                    ? StubReply.of(200, "{\"access_token\":\"t\"}")
                    : StubReply.of(
                            200,
                            "{\"value\":[{\"emailaddress1\":\"ann@example.net\"}],\"@odata.nextLink\":\""
                                    + stranger.url() + "/more\"}"));
            start("dataverse", "tenant=t&clientId=c&clientSecret=secret&loginUrl=" + server.url());
            org.awaitility.Awaitility.await()
                    .until(() -> server.requests("GET", "/contacts").size() > 1);
            assertThat(strangers).isEmpty();
            assertThat(read).as("half a list is none").isEmpty();
        }
    }

    private List<String> first(String system, String settings) throws Exception {
        start(system, settings);
        return read.poll(20, TimeUnit.SECONDS).stream()
                .map(s -> (Suppression) s)
                .map(s -> s.address() + " " + s.kind().id())
                .toList();
    }

    private void second() throws Exception {
        assertThat(read.poll(20, TimeUnit.SECONDS)).isNotNull();
    }

    private void start(String system, String settings) throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("kamelet:suppression-" + system + "-source?rate=1000/s&period=500&delay=0&url=" + server.url()
                                + "&state=" + folder.resolve("crm.db") + "&" + settings)
                        .process(e -> read.add(e.getMessage().getBody(List.class)));
            }
        });
        context.start();
    }
}
