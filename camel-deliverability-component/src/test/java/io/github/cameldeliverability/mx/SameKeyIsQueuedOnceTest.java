package io.github.cameldeliverability.mx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.cameldeliverability.testkit.FakeInternet;
import io.github.cameldeliverability.testkit.FakeInternetExtension;
import io.github.cameldeliverability.testkit.FakeProvider;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class SameKeyIsQueuedOnceTest {

    @RegisterExtension
    final FakeInternetExtension world = new FakeInternetExtension(() ->
            FakeInternet.builder().provider(FakeProvider.named("healthy.test")).build());

    @TempDir
    private Path dir;

    @Test
    void inOneRunAndAfterARestart(FakeInternet internet) throws Exception {
        String first;
        try (RealContext context = RealContext.of(internet, dir.resolve("a.db"), routes())) {
            first = send(context, "letter/1");
            assertThat(send(context, "letter/1")).isEqualTo(first);
            assertThat(send(context, "letter/2")).isNotEqualTo(first);
            await().atMost(Duration.ofSeconds(30)).until(() -> internet.deliveries() == 2);
            assertThat(send(context, "letter/1")).as("after its delivery").isEqualTo(first);
        }
        try (RealContext context = RealContext.of(internet, dir.resolve("a.db"), routes())) {
            assertThat(send(context, "letter/1")).as("after a restart").isEqualTo(first);
            send(context, "letter/3");
            await().atMost(Duration.ofSeconds(30)).until(() -> internet.deliveries() == 3);
        }
        assertThat(internet.duplicates()).isZero();
    }

    private static RouteBuilder routes() {
        return new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:out").to("mx:letters?from=a@example.com");
            }
        };
    }

    private static String send(RealContext context, String key) throws Exception {
        Exchange sent = context.send("direct:out", e -> {
            e.getMessage().setBody("hello");
            e.getMessage().setHeader("To", "ann@healthy.test");
            e.getMessage().setHeader(MxConstants.IDEMPOTENCY_KEY, key);
        });
        assertThat(sent.getException()).isNull();
        return sent.getMessage().getHeader(MxConstants.QUEUE_ID, String.class);
    }
}
