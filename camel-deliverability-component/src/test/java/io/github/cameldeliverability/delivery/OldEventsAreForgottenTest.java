package io.github.cameldeliverability.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.mail.spi.EventLog.LoggedEvent;
import io.github.cameldeliverability.shaping.LimitSettings;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class OldEventsAreForgottenTest {

    private final Scene scene = new Scene(
            o -> o.withEventRetention(Duration.ofDays(10)),
            LimitSettings.NONE,
            Scene.stream("tx"),
            Scene.stream("news"));

    @Test
    void consumedEventsGoAfterTheRetentionAndOthersThreeTimesLater() {
        scene.dns.domain("a.org", "mx.a.org=192.0.2.1");
        scene.submit("consumed@a.org");
        scene.submitTo("news", "ignored@a.org");
        List<LoggedEvent> claimed = scene.store
                .events()
                .claim("tx", 10, Duration.ofMinutes(1))
                .toCompletableFuture()
                .join();
        scene.store.events().acknowledge(claimed.stream().map(LoggedEvent::id).toList());

        scene.pass(Duration.ofDays(10).minusMinutes(5));
        assertThat(scene.events()).hasSize(2);
        scene.pass(Duration.ofMinutes(10));
        assertThat(scene.eventsOf("consumed@a.org")).isEmpty();
        assertThat(scene.eventsOf("ignored@a.org")).hasSize(1);
        scene.pass(Duration.ofDays(20));
        assertThat(scene.events()).isEmpty();
    }

    @Test
    void aStreamThatNobodyConsumesIsBounded() {
        scene.dns.domain("a.org", "mx.a.org=192.0.2.1");
        int most = 0;
        for (int day = 0; day < 120; day++) {
            for (int i = 0; i < 20; i++) {
                scene.submit("u" + i + "@a.org");
            }
            scene.pass(Duration.ofDays(1));
            most = Math.max(most, scene.events().size());
        }
        assertThat(most).isBetween(30 * 20, 32 * 20);
    }

    @Test
    void aStoreThatIsAwayOnlyDelaysIt() {
        scene.dns.domain("a.org", "mx.a.org=192.0.2.1");
        scene.submit("x@a.org");
        scene.pass(Duration.ofDays(29));
        scene.store.breakDown("the disk is away");
        scene.pass(Duration.ofDays(2));
        scene.store.repair();
        scene.pass(Duration.ofMinutes(2));
        assertThat(scene.events()).isEmpty();
    }
}
