package io.github.cameldeliverability.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.cameldeliverability.mx.MxComponent;
import io.github.cameldeliverability.mx.MxEndpoint;
import io.github.cameldeliverability.testkit.FakeInternet;
import io.github.cameldeliverability.testkit.FakeProvider;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FallbackIsWrittenInYamlTest {

    private static final String ROUTES =
            """
            - route:
                from:
                  uri: direct:orders
                  steps:
                    - to:
                        uri: mx:transactional
                        parameters:
                          from: shop@example.com
                          fallbackOn: POLICY,EXPIRED
                          fallback: "RAW(mx:relayed?smarthost=smtp://{{relay}}&smarthostTls=NONE)"
            """;

    @TempDir
    Path dir;

    @Test
    void withTheOptionsOfTheOtherStream() throws Exception {
        try (FakeInternet internet = FakeInternet.builder()
                        .provider(FakeProvider.named("relay.test"))
                        .provider(FakeProvider.named("strict.test")
                                .behaving(mx -> mx.rejectMessages(m -> true, "550 5.7.1 refused by policy")))
                        .build();
                DefaultCamelContext context = new DefaultCamelContext()) {
            MxComponent mx = new MxComponent();
            mx.setStore(dir.resolve("mail.db").toString());
            mx.setDnsServers(internet.dns());
            mx.setSmtpPort(internet.port());
            mx.getConfiguration().setHeloName("mail.example.com");
            mx.getConfiguration().setAllowPrivateAddresses(true);
            context.addComponent("mx", mx);
            var relay = internet.host("relay.test");
            context.getPropertiesComponent()
                    .addInitialProperty("relay", relay.address().getHostAddress() + ":" + relay.port());
            PluginHelper.getRoutesLoader(context).loadRoutes(ResourceHelper.fromString("orders.yaml", ROUTES));
            context.start();
            assertThat(context.getEndpoints())
                    .filteredOn(e -> e instanceof MxEndpoint m && m.getStream().equals("relayed"))
                    .hasSize(1);
            try (var template = context.createProducerTemplate()) {
                template.sendBodyAndHeader("direct:orders", "hello", "To", "bob@strict.test");
            }
            await().atMost(Duration.ofSeconds(20)).until(() -> !relay.messages().isEmpty());
            assertThat(relay.messages().get(0).to()).containsExactly("bob@strict.test");
        }
    }
}
