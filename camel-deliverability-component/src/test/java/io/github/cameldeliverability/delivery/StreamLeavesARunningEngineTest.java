package io.github.cameldeliverability.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.mail.Outcome;
import io.github.cameldeliverability.shaping.LimitSettings;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StreamLeavesARunningEngineTest {

    private final Scene scene =
            new Scene(o -> o, LimitSettings.NONE.withConnections(2), Scene.stream("tx"), Scene.stream("news"));

    @BeforeEach
    void world() {
        scene.dns.domain("a.org", "mx.a.org=192.0.2.1");
    }

    @Test
    void whatIsUnderWayEndsTheRestWaitsOnDiskAndTheOthersGoOn() {
        scene.smtp.hold();
        for (int i = 0; i < 20; i++) {
            scene.submitTo("news", "n" + i + "@a.org");
        }
        int begun = scene.smtp.sent().size();
        scene.engine.removeStream("news");
        scene.smtp.letGo();
        scene.submit("x@a.org");
        scene.pass(Duration.ofHours(1));

        assertThat(scene.finals()).hasSize(begun + 1).allMatch(e -> e.outcome() == Outcome.DELIVERED);
        assertThat(scene.openRows()).isEqualTo(20L - begun);
        assertThat(scene.snapshot().memoryMessages()).isZero();
        assertThat(scene.smtp.open()).as("its sessions are closed").isZero();
        assertThat(scene.snapshot().lanes()).isEmpty();
        CompletableFuture<String> late =
                scene.engine.submit(Scene.message("news", "late@a.org")).toCompletableFuture();
        assertThat(late).isCompletedExceptionally();
    }

    @Test
    void whoAddsItAgainDeliversWhatWaited() {
        scene.smtp.hold();
        for (int i = 0; i < 20; i++) {
            scene.submitTo("news", "n" + i + "@a.org");
        }
        scene.engine.removeStream("news");
        scene.engine.addStream(Scene.stream("news"));
        scene.pass(Duration.ofSeconds(1));
        scene.smtp.letGo();
        scene.pass(Duration.ofMinutes(2));

        assertThat(scene.finals()).hasSize(20).allMatch(e -> e.outcome() == Outcome.DELIVERED && e.attempt() == 1);
        assertThat(scene.openRows()).isZero();
    }
}
