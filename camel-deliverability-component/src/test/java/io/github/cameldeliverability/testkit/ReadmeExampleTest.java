package io.github.cameldeliverability.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.mail.DeliveryReport;
import io.github.cameldeliverability.mx.MxComponent;
import java.nio.file.Path;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The example of the README; {@code architecture/DocumentationIsTrueTest} compares the two. */
class ReadmeExampleTest {

    @RegisterExtension
    FakeInternetExtension world = new FakeInternetExtension(() -> FakeInternet.builder()
            .provider(FakeProvider.named("strict.test").unknownUsers("nobody"::equals))
            .build());

    @Test
    void unknownUserIsReported(FakeInternet internet, @TempDir Path dir) throws Exception {
        CamelContext camel = new DefaultCamelContext();
        try {
            MxComponent mx = camel.getComponent("mx", MxComponent.class);
            mx.setStore(dir.resolve("mail.db").toString());
            mx.setDnsServers(internet.dns());
            mx.setSmtpPort(internet.port());
            mx.getConfiguration().setHeloName("mail.example.com");
            mx.getConfiguration().setAllowPrivateAddresses(true); // the internet of tests is on loopback
            camel.start();

            DeliveryReport report = camel.createProducerTemplate()
                    .requestBodyAndHeader(
                            "mx:shop?deliveryMode=DIRECT&from=shop@example.com",
                            "Your order is on its way.",
                            "To",
                            "anna@strict.test, nobody@strict.test",
                            DeliveryReport.class);

            assertThat(report.recipients())
                    .extracting(r -> r.recipient() + " " + r.outcome().id())
                    .containsExactly("anna@strict.test delivered", "nobody@strict.test bounced");
            assertThat(internet.host("strict.test").messages()).hasSize(1);
        } finally {
            camel.stop();
        }
    }
}
