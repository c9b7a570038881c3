package io.github.cameldeliverability.deliverability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.cameldeliverability.mail.Effect;
import io.github.cameldeliverability.mail.EffectKey;
import io.github.cameldeliverability.mail.EffectKind;
import io.github.cameldeliverability.mail.spi.EffectStore;
import io.github.cameldeliverability.mx.MxComponent;
import io.github.cameldeliverability.testkit.MemoryStore;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OperatorsSeeAndChangeEffectsTest {

    private final EffectStore effects;
    private final DefaultCamelContext context = new DefaultCamelContext();
    private ProducerTemplate template;

    OperatorsSeeAndChangeEffectsTest() {
        MemoryStore store = new MemoryStore(Clock.systemUTC());
        context.getRegistry().bind("memory", store);
        effects = store.effects();
    }

    @BeforeEach
    void start() {
        context.start();
        template = context.createProducerTemplate();
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    @Test
    void killedMailIsListedExtendedAndRevived() {
        Exchange killed = order(
                "kill?stream=news",
                Map.of(
                        DeliverabilityConstants.PROVIDER, "yahoo",
                        DeliverabilityConstants.WHO, "anna",
                        DeliverabilityConstants.WHY, "wrong price"));
        assertThat(killed.getMessage().getHeader(DeliverabilityConstants.CHANGED))
                .isEqualTo(true);
        Effect kill = only();
        assertThat(killed.getMessage().getHeader(DeliverabilityConstants.EFFECT_ID))
                .isEqualTo(kill.id());
        assertThat(kill.key()).isEqualTo(EffectKey.of("news", "yahoo"));
        assertThat(kill.why()).contains("anna", "wrong price");
        assertThat(order("effects", Map.of()).getMessage().getBody()).isEqualTo(List.of(kill));

        assertThat(changed("revive?stream=news", Map.of())).as("of another key").isFalse();
        assertThat(changed("revive?stream=news&provider=yahoo", Map.of())).isTrue();
        assertThat(only().phase()).isEqualTo(Effect.Phase.RECOVERING);
        assertThat(changed("revive?stream=news&provider=yahoo", Map.of()))
                .as("a second time")
                .isFalse();
    }

    @Test
    void endsAreGivenAsMomentsOrAsTimesFromNow() {
        String id = "suspend-1";
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        Effect suspended = Effect.begin(
                id,
                EffectKind.SUSPEND,
                EffectKey.ofStream("news"),
                0,
                "source-refused",
                "refused",
                List.of(),
                now,
                Optional.of(now.plusSeconds(60)));
        effects.impose(suspended).toCompletableFuture().join();
        Instant moment = Instant.now().plus(Duration.ofDays(3)).truncatedTo(ChronoUnit.MILLIS);
        for (Object until : List.of(moment, moment.toString())) {
            assertThat(changed("extend-effect", until(id, until))).isTrue();
            assertThat(only().until()).contains(moment);
        }
        assertThat(changed("extendEffect", until(id, "2h"))).isTrue();
        assertThat(Duration.between(Instant.now(), only().until().orElseThrow()))
                .isBetween(Duration.ofMinutes(119), Duration.ofHours(2));
        assertThat(changed("extend-effect", until("nobody", "2h"))).isFalse();
    }

    @Test
    void aKillIsNotGivenAnEnd() {
        String id = kill();
        assertThat(order("extend-effect", until(id, "2h")).getException())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(id + " (kill) has no end");
        assertThat(only().until()).isEmpty();
    }

    @Test
    void endsThatAreNoneAreRefused() {
        String id = kill();
        for (Object until :
                List.of("soon", "2026-13-01T12:00:00Z", "0s", Instant.now().minusSeconds(60), " ")) {
            assertThat(order("extend-effect", until(id, until)).getException())
                    .as("until %s", until)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(DeliverabilityConstants.UNTIL);
        }
        assertThat(only().until()).isEmpty();
    }

    @Test
    void cancelledEffectsRecoverAndThenAreOver() {
        Map<String, Object> which = Map.of(DeliverabilityConstants.EFFECT_ID, kill());
        assertThat(changed("cancel-effect", which)).isTrue();
        assertThat(only().phase()).isEqualTo(Effect.Phase.RECOVERING);
        assertThat(changed("cancel-effect", which)).isTrue();
        assertThat(effects.effects(false).toCompletableFuture().join()).isEmpty();
        assertThat(changed("cancel-effect", which)).isFalse();
    }

    @Test
    void ordersThatLackSomethingNameIt() {
        assertThat(order("cancel-effect", Map.of()).getException())
                .hasMessageContaining(DeliverabilityConstants.EFFECT_ID);
        for (String operation : List.of("kill", "revive")) {
            assertThat(order(operation, Map.of()).getException())
                    .hasMessageContaining(DeliverabilityConstants.STREAM)
                    .hasMessageContaining(DeliverabilityConstants.TAG);
        }
        assertThat(order("explain", Map.of()).getException()).hasMessageContaining("stream");
        assertThat(order("explain?stream=news", Map.of()).getException()).hasMessageContaining("provider");
        assertThat(order("explain?stream=news&provider=yahoo", Map.of()).getException())
                .hasMessageContaining("mx component");
        assertThatThrownBy(() -> context.getEndpoint("deliverability:murder")).hasStackTraceContaining("murder");
    }

    @Test
    void explainsTheLimitsAndEffectsOfALane(@TempDir Path folder) throws Exception {
        MxComponent mx = new MxComponent();
        mx.setStore(folder.resolve("mail.db").toString());
        mx.getConfiguration().setHeloName("mail.example.com");
        context.addComponent("mx", mx);
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:send").to("mx:news");
            }
        });
        Object lines = order("explain?stream=news&provider=google", Map.of())
                .getMessage()
                .getBody();
        assertThat(lines)
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
                .isNotEmpty()
                .anyMatch(l -> l.toString().contains("google"));
    }

    private String kill() {
        return order("kill?tag=spring sale", Map.of())
                .getMessage()
                .getHeader(DeliverabilityConstants.EFFECT_ID, String.class);
    }

    private static Map<String, Object> until(String id, Object until) {
        return Map.of(DeliverabilityConstants.EFFECT_ID, id, DeliverabilityConstants.UNTIL, until);
    }

    private Effect only() {
        List<Effect> all = effects.effects(false).toCompletableFuture().join();
        assertThat(all).hasSize(1);
        return all.get(0);
    }

    private boolean changed(String operation, Map<String, Object> headers) {
        Exchange done = order(operation, headers);
        assertThat(done.getException()).isNull();
        return Optional.ofNullable(done.getMessage().getHeader(DeliverabilityConstants.CHANGED, Boolean.class))
                .orElseThrow();
    }

    private Exchange order(String operation, Map<String, Object> headers) {
        String uri = "deliverability:" + operation + (operation.contains("?") ? "&" : "?") + "store=memory";
        return template.request(uri, e -> headers.forEach(e.getMessage()::setHeader));
    }
}
