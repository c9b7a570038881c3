package io.github.cameldeliverability.mx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.cameldeliverability.testkit.FakeInternet;
import io.github.cameldeliverability.testkit.FakeInternetExtension;
import io.github.cameldeliverability.testkit.FakeProvider;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class EffectsAreCountedInMetricsTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    @RegisterExtension
    final FakeInternetExtension world = new FakeInternetExtension(() ->
            FakeInternet.builder().provider(FakeProvider.named("healthy.test")).build());

    @Test
    void byKindProviderAndStreamWhileTheyLast(FakeInternet internet, @TempDir Path dir) throws Exception {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        RouteBuilder routes = new RouteBuilder() {
            @Override
            public void configure() {
                getContext().getRegistry().bind("meters", meters);
                from("direct:out").to("mx:news?from=a@example.com");
            }
        };
        try (RealContext context = RealContext.of(internet, dir.resolve("a.db"), routes)) {
            context.mx.kill("stream=news provider=google", "try");
            context.mx.kill("stream=news", "try");
            await().atMost(SOON).until(() -> gauges(meters).size() == 2);
            Gauge google = meters.get("deliverability.effects")
                    .tags("kind", "kill", "stream", "news", "provider", "google")
                    .gauge();
            assertThat(google.value()).isEqualTo(1);
            assertThat(meters.get("deliverability.effects")
                            .tags("provider", "*")
                            .gauge()
                            .value())
                    .isEqualTo(1);
        }
        assertThat(gauges(meters)).isEmpty();
    }

    private static Collection<Gauge> gauges(SimpleMeterRegistry meters) {
        return meters.find("deliverability.effects").gauges();
    }
}
