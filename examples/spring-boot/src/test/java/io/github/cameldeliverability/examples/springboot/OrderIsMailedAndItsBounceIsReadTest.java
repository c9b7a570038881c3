package io.github.cameldeliverability.examples.springboot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.testkit.FakeInternet;
import io.github.cameldeliverability.testkit.FakeProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

@SpringBootTest
@DirtiesContext
class OrderIsMailedAndItsBounceIsReadTest {

    @TempDir
    private static Path directory;

    private static FakeInternet internet;

    @Autowired
    private ProducerTemplate template;

    @Autowired
    private CamelContext context;

    @DynamicPropertySource
    static void world(DynamicPropertyRegistry registry) throws IOException {
        Path returned = Files.createDirectories(directory.resolve("returned"));
        internet = FakeInternet.builder()
                .provider(FakeProvider.named("later.test").bouncingLater("left"::equals))
                .onReturnedMail(mail -> write(returned.resolve("returned.eml"), mail.content()))
                .build();
        for (String component : new String[] {"mx", "bounce", "suppression"}) {
            registry.add(
                    "camel.component." + component + ".store",
                    () -> directory.resolve("store.db").toString());
        }
        registry.add("camel.component.mx.dns-servers", internet::dns);
        registry.add("camel.component.mx.smtp-port", internet::port);
        registry.add("camel.component.mx.configuration.allow-private-addresses", () -> true);
        registry.add("orders.returned-mail", () -> "file:" + returned + "?noop=true&delay=100&initialDelay=0");
    }

    @AfterAll
    static void close() {
        internet.close();
    }

    private static void write(Path file, byte[] content) {
        try {
            Path part = Files.createTempFile(directory, "part", "eml");
            Files.write(part, content);
            Files.move(part, file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void andTheDeadAddressIsSuppressed() {
        template.sendBodyAndHeaders("direct:confirm", "Thank you.", Map.of("To", "left@later.test"));
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> internet.deliveries() == 1);
        Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(suppressed("left@later.test"))
                .isTrue());
        assertThat(suppressed("other@later.test")).isFalse();
        assertThat(context.getStatus().isStarted()).isTrue();
    }

    private boolean suppressed(String address) {
        return template.request("suppression:default?operation=CHECK", e -> e.getMessage()
                        .setHeader("CamelSuppressionAddress", address))
                .getMessage()
                .getHeader("CamelSuppressionSuppressed", Boolean.class);
    }
}
