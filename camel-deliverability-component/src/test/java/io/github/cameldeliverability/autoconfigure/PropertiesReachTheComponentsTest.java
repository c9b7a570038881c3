package io.github.cameldeliverability.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.bounce.BounceComponent;
import io.github.cameldeliverability.mx.DeliveryMode;
import io.github.cameldeliverability.mx.MxComponent;
import io.github.cameldeliverability.suppression.SuppressionComponent;
import org.apache.camel.CamelContext;
import org.apache.camel.spring.boot.CamelAutoConfiguration;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class PropertiesReachTheComponentsTest {

    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(CamelAutoConfiguration.class, DeliverabilityAutoConfiguration.class));

    @Test
    void nestedFlatDashedAndNot() {
        application
                .withPropertyValues(
                        "camel.component.mx.store=target/spring.db",
                        "camel.component.mx.dnsServers=127.0.0.1:5353",
                        "camel.component.mx.smtp-port=2525",
                        "camel.component.mx.lazy-start-producer=true",
                        "camel.component.mx.configuration.helo-name=mail.example.com",
                        "camel.component.mx.configuration.maxAge=2d",
                        "camel.component.mx.configuration.delivery-mode=direct",
                        "camel.component.bounce.store=target/spring.db",
                        "camel.component.suppression.store=target/spring.db")
                .run(context -> {
                    CamelContext camel = context.getBean(CamelContext.class);
                    MxComponent mx = camel.getComponent("mx", MxComponent.class);
                    assertThat(mx.getStore()).isEqualTo("target/spring.db");
                    assertThat(mx.getDnsServers()).isEqualTo("127.0.0.1:5353");
                    assertThat(mx.getSmtpPort()).isEqualTo(2525);
                    assertThat(mx.isLazyStartProducer()).isTrue();
                    assertThat(mx.getConfiguration().getHeloName()).isEqualTo("mail.example.com");
                    assertThat(mx.getConfiguration().getMaxAge()).isEqualTo(172_800_000);
                    assertThat(mx.getConfiguration().getDeliveryMode()).isEqualTo(DeliveryMode.DIRECT);
                    assertThat(camel.getComponent("bounce", BounceComponent.class)
                                    .getConfiguration()
                                    .getStore())
                            .isEqualTo("target/spring.db");
                    assertThat(camel.getComponent("suppression", SuppressionComponent.class)
                                    .getConfiguration()
                                    .getStore())
                            .isEqualTo("target/spring.db");
                });
    }

    @Test
    void aMisspeltPropertyIsNotSilentlyIgnored() {
        application.withPropertyValues("camel.component.mx.sotre=x.db").run(context -> assertThat(
                        org.assertj.core.api.Assertions.catchThrowable(
                                () -> context.getBean(CamelContext.class).getComponent("mx")))
                .hasStackTraceContaining("camel.component.mx.sotre"));
    }

    @Test
    void customizersCanBeTurnedOff() {
        application
                .withPropertyValues("camel.component.mx.smtp-port=2525", "camel.component.mx.customizer.enabled=false")
                .run(context -> assertThat(context.getBean(CamelContext.class)
                                .getComponent("mx", MxComponent.class)
                                .getSmtpPort())
                        .isEqualTo(25));
    }

    @Test
    void bootFindsIt() {
        assertThat(ImportCandidates.load(
                        org.springframework.boot.autoconfigure.AutoConfiguration.class,
                        getClass().getClassLoader()))
                .contains(DeliverabilityAutoConfiguration.class.getName());
    }
}
