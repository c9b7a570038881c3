package io.github.cameldeliverability.mx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.cameldeliverability.mail.DeliveryEvent;
import io.github.cameldeliverability.mail.Effect.Phase;
import io.github.cameldeliverability.mail.EffectEvent;
import io.github.cameldeliverability.mail.EffectEvent.What;
import io.github.cameldeliverability.mail.Outcome;
import io.github.cameldeliverability.mail.spi.Store;
import io.github.cameldeliverability.testkit.FakeDns;
import io.github.cameldeliverability.testkit.FakeMx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.impl.health.DefaultHealthCheckRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ListedSourceStopsTheLaneTest {

    private static final String LISTED =
            "550 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org";
    private static final int MAILS = 60;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final List<DeliveryEvent> events = new CopyOnWriteArrayList<>();
    private final List<EffectEvent> effects = new CopyOnWriteArrayList<>();

    @Test
    void nobodyIsSuppressedTheRestWaitsAndACancelledEffectResumesBySteps(@TempDir Path directory) throws Exception {
        AtomicBoolean listed = new AtomicBoolean(true);
        Path reactions = directory.resolve("reactions.yaml");
        Files.writeString(
                reactions,
                """
                reactions:
                  - id: source-refused
                    when: {reason: [blocked, badreputation], fault: sender-ip, permanence: permanent}
                    trigger: {count: 5, ratio: 30%, window: 10m}
                    effect: {suspend: 1h, step: 300ms}
                """);
        try (FakeMx bad = FakeMx.builder()
                        .address("127.0.0.2")
                        .rejectRecipients(a -> listed.get(), LISTED)
                        .build();
                FakeMx good =
                        FakeMx.builder().address("127.0.0.3").port(bad.port()).build();
                FakeDns dns = FakeDns.builder()
                        .mx("bad.test", 10, "mx.bad.test")
                        .a("mx.bad.test", "127.0.0.2")
                        .mx("good.test", 10, "mx.good.test")
                        .a("mx.good.test", "127.0.0.3")
                        .build();
                DefaultCamelContext context = new DefaultCamelContext()) {
            start(context, directory.resolve("mail.db"), dns, bad.port(), reactions);
            try (var template = context.createProducerTemplate()) {
                for (int i = 0; i < MAILS; i++) {
                    send(template, "u" + i + "@bad.test");
                    if (i % 6 == 0) {
                        send(template, "u" + i + "@good.test");
                    }
                }
            }
            await().atMost(PATIENCE).until(() -> good.accepted() == MAILS / 6 && !effects.isEmpty());
            Store store = SharedStores.of(context)
                    .acquire(directory.resolve("mail.db").toString());

            // The lane stands still: what is not in the sample is neither bounced nor tried.
            await().atMost(PATIENCE).until(() -> bad.openConnections() == 0 || tried("bad.test") >= 5);
            await().during(Duration.ofMillis(700)).atMost(PATIENCE).until(() -> tried("bad.test") <= 4 + 10);
            long bounced = count("bad.test", Outcome.BOUNCED);
            assertThat(bounced).as("less than the sample").isLessThan(5);
            assertThat(bad.accepted()).isZero();
            assertThat(join(store.spool().stats()).openRecipients()).isEqualTo(MAILS - bounced);
            assertThat(join(store.suppressions().list("default", "", 10))).isEmpty();

            // Event and health say why, with the evidence.
            EffectEvent began = effects.get(0);
            assertThat(began.what()).isEqualTo(What.BEGAN);
            assertThat(began.effect().evidence()).hasSize(3).allMatch(r -> r.equals(LISTED));
            assertThat(began.effect().key().provider()).contains("mx:mx.bad.test");
            HealthCheck.Result health = health(context);
            assertThat(health.getState()).isEqualTo(HealthCheck.State.UP);
            assertThat(health.getMessage().orElseThrow()).contains("source-refused", "5 of");
            assertThat(health.getDetails().get("mx.effect.1").toString()).contains("zen.spamhaus.org");

            // Delisted: an operator cancels, the lane comes back by steps.
            listed.set(false);
            long before = bad.accepted();
            assertThat(join(store.effects().cancel(began.effect().id(), "anna")))
                    .isTrue();
            await().atMost(PATIENCE).until(() -> bad.accepted() > before);
            assertThat(bad.accepted()).as("a probe, not a flood").isLessThan(10);
            long excused = count("bad.test", Outcome.DEFERRED);
            await().atMost(PATIENCE).until(() -> bad.accepted() >= MAILS - bounced - excused);
            assertThat(effects).extracting(EffectEvent::what).startsWith(What.BEGAN, What.RECOVERS);
            assertThat(effects.get(1).effect().why()).contains("cancelled by anna");
            assertThat(effects.get(1).effect().phase()).isEqualTo(Phase.RECOVERING);
            assertThat(bad.connections()).isLessThan(30);
            SharedStores.of(context).release(store);
        }
    }

    private void start(DefaultCamelContext context, Path store, FakeDns dns, int port, Path reactions)
            throws Exception {
        MxComponent mx = new MxComponent();
        mx.setStore(store.toString());
        mx.setDnsServers(dns.server());
        mx.setSmtpPort(port);
        mx.setReactions(reactions.toString());
        mx.getConfiguration().setHeloName("mail.example.com");
        mx.getConfiguration().setAllowPrivateAddresses(true);
        context.addComponent("mx", mx);
        DefaultHealthCheckRegistry registry = new DefaultHealthCheckRegistry();
        registry.setCamelContext(context);
        context.getCamelContextExtension().addContextPlugin(HealthCheckRegistry.class, registry);
        registry.setEnabled(true);
        registry.register(registry.resolveById("producers"));
        registry.getRepository("producers").orElseThrow().setEnabled(true);
        context.getShutdownStrategy().setTimeout(10);
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:send").to("mx:news?suppressionList=default");
                from("mx:news")
                        .process(e -> events.add(e.getMessage().getBody(DeliveryEvent.class)))
                        .to("suppression:default?operation=APPLY&store=" + store);
                from("mx:news?feed=EFFECTS")
                        .routeId("alerts")
                        .process(e -> effects.add(e.getMessage().getBody(EffectEvent.class)));
            }
        });
        context.start();
    }

    private static void send(org.apache.camel.ProducerTemplate template, String to) {
        template.sendBodyAndHeaders(
                "direct:send", "hello", Map.of("To", to, "From", "shop@example.com", "Subject", "s"));
    }

    private long tried(String domain) {
        return events.stream()
                .filter(e -> e.recipient().domain().equals(domain))
                .count();
    }

    private long count(String domain, Outcome outcome) {
        return events.stream()
                .filter(e -> e.recipient().domain().equals(domain) && e.outcome() == outcome)
                .count();
    }

    private static HealthCheck.Result health(DefaultCamelContext context) {
        return HealthCheckHelper.invoke(context).stream()
                .filter(r -> r.getCheck().getId().contains("producer:mx-news"))
                .findFirst()
                .orElseThrow();
    }

    private static <T> T join(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }
}
