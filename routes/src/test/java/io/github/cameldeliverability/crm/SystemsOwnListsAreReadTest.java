package io.github.cameldeliverability.crm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.cameldeliverability.crm.stub.SendGridStub;
import io.github.cameldeliverability.crm.stub.StubServer;
import java.nio.file.Path;
import java.util.List;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From one system's list into ours and on to its sink, which is not told what came from there. */
class SystemsOwnListsAreReadTest {

    @TempDir
    Path folder;

    private final SendGridStub sendgrid = new SendGridStub();
    private final StubServer server = new StubServer(sendgrid);
    private final DefaultCamelContext context = new DefaultCamelContext();

    @AfterEach
    void stop() {
        context.stop();
        OpenApiContract.check("sendgrid", server.requests());
        server.close();
    }

    @Test
    void allTheFirstTimeWhatIsNewLater() throws Exception {
        sendgrid.list("bounces").put("old@example.net", 1_700_000_000L);
        String list = "suppression:default?store=" + folder.resolve("list.db");
        String account = "apiKey=SG.secret&rate=1000/s&url=" + server.url() + "&state=" + folder.resolve("crm.db");
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("kamelet:suppression-sendgrid-source?period=300&delay=0&" + account)
                        .to(list + "&operation=ADD");
                from(list + "&consumer=sendgrid&batch=true&delay=20&initialDelay=0")
                        .to("kamelet:suppression-sendgrid-sink?" + account)
                        .to("mock:told");
            }
        });
        context.start();
        await().untilAsserted(
                        () -> assertThat(suppressed(list, "old@example.net")).isTrue());
        await().untilAsserted(() -> assertThat(server.requests("GET", "/v3/suppression/bounces"))
                .anySatisfy(r -> assertThat(r.query()).containsKey("start_time")));
        sendgrid.list("spam_reports").put("new@example.net", System.currentTimeMillis() / 1000);
        await().untilAsserted(
                        () -> assertThat(suppressed(list, "new@example.net")).isTrue());
        assertThat(List.copyOf(sendgrid.list("global").keySet()))
                .as("not told what it told us")
                .isEmpty();
    }

    private boolean suppressed(String list, String address) {
        return context.createProducerTemplate()
                .request(list, e -> e.getMessage().setBody(address))
                .getMessage()
                .getHeader("CamelSuppressionSuppressed", Boolean.class);
    }
}
