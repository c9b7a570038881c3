package io.github.cameldeliverability.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.cameldeliverability.mx.MxComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.support.EventNotifierSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WarmupTickIsDrivenByQuartzTest {

    @TempDir
    Path dir;

    @Test
    void eachTickTellsWhereThePlansAre() throws Exception {
        Path limits = Files.writeString(
                dir.resolve("limits.yaml"), "warmup: [{stream: tx, start: " + LocalDate.now(ZoneOffset.UTC) + "}]\n");
        List<Object> bodies = new CopyOnWriteArrayList<>();
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            MxComponent mx = new MxComponent();
            mx.setStore(dir.resolve("mail.db").toString());
            mx.setProviders(limits.toString());
            mx.getConfiguration().setHeloName("mail.example.com");
            context.addComponent("mx", mx);
            context.getManagementStrategy().addEventNotifier(new EventNotifierSupport() {
                @Override
                public void notify(CamelEvent event) {
                    if (event instanceof CamelEvent.ExchangeCompletedEvent done
                            && "tick".equals(done.getExchange().getFromRouteId())) {
                        bodies.add(done.getExchange().getMessage().getBody());
                    }
                }
            });
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:in").to("mx:tx?from=shop@example.com");
                }
            });
            Templates.load(context, "warmup-tick");
            Templates.add(context, "deliverability-warmup-tick", "tick", Map.of("cron", "0/1 * * * * ?"));
            context.start();
            await().atMost(Duration.ofSeconds(20)).until(() -> !bodies.isEmpty());
            assertThat(bodies.get(0).toString())
                    .contains("stream tx: plan standard, day 1 of 30, cap 50, 0 attempts today, nothing sent yet");
        }
    }
}
