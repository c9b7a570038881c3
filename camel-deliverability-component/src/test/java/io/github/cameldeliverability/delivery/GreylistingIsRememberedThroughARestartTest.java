package io.github.cameldeliverability.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.mail.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GreylistingIsRememberedThroughARestartTest {

    private static final Duration PATIENCE = Duration.ofSeconds(330);

    private final Scene scene = new Scene();
    private final Map<String, Instant> seen = new HashMap<>();

    @BeforeEach
    void greylist() {
        scene.dns.domain("a.org", "mx.a.org=192.0.2.1");
        scene.smtp.recipients("mx.a.org", a -> {
            Instant first = seen.computeIfAbsent(a.toString(), k -> scene.clock.instant());
            return scene.clock.instant().isBefore(first.plus(PATIENCE)) ? "451 4.7.1 greylisted" : null;
        });
    }

    @Test
    void theFirstRetryComesWhenTheWaitIsOver() {
        scene.submit("x@a.org");
        scene.pass(Duration.ofMinutes(30));
        assertThat(scene.outcomesOf("x@a.org"))
                .as("learning costs an attempt")
                .containsExactly(Outcome.DEFERRED, Outcome.DEFERRED, Outcome.DELIVERED);
        scene.engine.stop();

        DeliveryEngine next = restarted();
        next.submit(Scene.message("tx", "y@a.org"));
        scene.pass(Duration.ofMinutes(30));
        assertThat(scene.outcomesOf("y@a.org")).containsExactly(Outcome.DEFERRED, Outcome.DELIVERED);
        next.stop();
    }

    @Test
    void whatNobodyHasSeenForALongTimeIsForgotten() {
        scene.submit("x@a.org");
        scene.pass(Duration.ofMinutes(30));
        scene.engine.stop();
        assertThat(noted()).hasSize(1);

        scene.pass(GreylistMemory.KEPT.plusHours(1));
        DeliveryEngine next = restarted();
        assertThat(noted()).isEmpty();
        next.submit(Scene.message("tx", "y@a.org"));
        scene.pass(Duration.ofMinutes(30));
        assertThat(scene.outcomesOf("y@a.org")).containsExactly(Outcome.DEFERRED, Outcome.DEFERRED, Outcome.DELIVERED);
        next.stop();
    }

    @Test
    void damagedNotesAreForgotten() {
        Map<String, String> kept = new LinkedHashMap<>();
        GreylistMemory memory = new GreylistMemory(kept::put);
        memory.recall(
                Map.of("a", "", "b", "1 2", "c", "x y z", "d", "1 - 99999999999999999999", "e", "-1 2 3"),
                scene.clock.instant());
        assertThat(kept).containsOnlyKeys("a", "b", "c", "d", "e").allSatisfy((r, note) -> assertThat(note)
                .isEmpty());
    }

    private DeliveryEngine restarted() {
        DeliveryEngine next = scene.newEngine(o -> o, Scene.stream("tx"));
        next.start();
        scene.pass(Duration.ofSeconds(1));
        return next;
    }

    private Map<String, String> noted() {
        return scene.store
                .counters()
                .remembered("greylist ")
                .toCompletableFuture()
                .join();
    }
}
