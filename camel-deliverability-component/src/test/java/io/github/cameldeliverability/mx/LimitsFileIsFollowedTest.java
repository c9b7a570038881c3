package io.github.cameldeliverability.mx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.cameldeliverability.testkit.FakeInternet;
import io.github.cameldeliverability.testkit.FakeProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LimitsFileIsFollowedTest {

    @TempDir
    Path dir;

    private static RouteBuilder route(String options) {
        return new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in").to("mx:tx?from=shop@example.com" + options);
            }
        };
    }

    private RealContext context(FakeInternet internet, String options) throws Exception {
        RealContext context = new RealContext();
        context.mx.setProviders(dir.resolve("limits.yaml").toString());
        context.mx.setStore(dir.resolve("mail.db").toString());
        context.mx.setDnsServers(internet.dns());
        context.mx.setSmtpPort(internet.port());
        context.mx.getConfiguration().setHeloName("mail.example.com");
        context.mx.getConfiguration().setAllowPrivateAddresses(true);
        context.addComponent("mx", context.mx);
        context.getShutdownStrategy().setTimeout(10);
        context.addRoutes(route(options));
        return context;
    }

    @Test
    void theFileCapsExplainsAndIsTakenUpAnewWhileMailFlows() throws Exception {
        Path file = dir.resolve("limits.yaml");
        Files.writeString(
                file,
                """
                providers: {healthy: {mx: [healthy.test, '*.healthy.test']}}
                streams: {tx: {dailyCap: 3, providers: {healthy: {connections: 2}}}}
                """);
        try (FakeInternet internet = FakeInternet.builder()
                        .provider(FakeProvider.named("healthy.test"))
                        .build();
                RealContext context = context(internet, "&retrySchedule=RAW(5m, 1h | greylist: 1m, 5m*2)")) {
            context.start();
            for (int i = 0; i < 5; i++) {
                String to = "user" + i + "@healthy.test";
                Exchange sent = context.send("direct:in", e -> {
                    e.getMessage().setHeader("To", to);
                    e.getMessage().setBody("hello");
                });
                assertThat(sent.getException()).isNull();
            }
            MxEndpoint endpoint = context.getEndpoints().stream()
                    .filter(MxEndpoint.class::isInstance)
                    .map(MxEndpoint.class::cast)
                    .findFirst()
                    .orElseThrow();
            await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(endpoint.explain("healthy"))
                    .contains("dailyCap = 3, 3 used, 0 left until ")
                    .contains("connections = 2 (stream tx to provider healthy in file:"));
            assertThat(endpoint.warmups()).isEmpty();
            Files.writeString(file, "streams: {tx: {dailyCap: many}}\n");
            await().during(Duration.ofMillis(200))
                    .atMost(Duration.ofSeconds(15))
                    .untilAsserted(() ->
                            assertThat(endpoint.explain("tx/default/healthy")).contains("dailyCap = 3"));
            Files.writeString(
                    file,
                    "providers: {healthy: {mx: [healthy.test, '*.healthy.test']}}\nstreams: {tx: {dailyCap: 9}}\n");
            await().atMost(Duration.ofSeconds(15))
                    .untilAsserted(() -> assertThat(endpoint.explain("healthy")).contains("dailyCap = 9, 3 used"));
        }
    }

    @Test
    void badFilesAndOptionsStopTheStartInWords() throws Exception {
        Path file = dir.resolve("limits.yaml");
        try (FakeInternet internet = FakeInternet.builder()
                .provider(FakeProvider.named("healthy.test"))
                .build()) {
            Files.writeString(file, "provders: {}\n");
            refused(internet, "", "limits.yaml:1: unknown key provders (did you mean providers?)");
            Files.writeString(file, "retries: {greylst: 5m}\n");
            refused(internet, "", "limits.yaml:1: greylst: retry schedule greylst");
            Files.writeString(file, "");
            refused(internet, "&retrySchedule=soon", "Stream tx: retrySchedule: retry schedule default: want pauses");
            refused(internet, "&smarthostQuota=gmail", "smarthostQuota needs smarthost");
            refused(internet, "&smarthost=relay.test:25&smarthostQuota=hotmail", "no quota profile hotmail");
        }
    }

    private void refused(FakeInternet internet, String options, String complaint) throws Exception {
        try (RealContext context = context(internet, options)) {
            assertThatThrownBy(context::start).hasStackTraceContaining(complaint);
        }
    }
}
