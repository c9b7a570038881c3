package io.github.cameldeliverability.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.mail.DeliveryEvent;
import io.github.cameldeliverability.mail.Outcome;
import io.github.cameldeliverability.shaping.LimitSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LanesDoNotDelayEachOtherTest {

    @Test
    void aProviderThatThrottlesSlowsOnlyItsOwnLane() {
        Scene scene =
                new Scene(o -> o.withQueues(20, 50).withMemory(100, 1 << 20), LimitSettings.NONE, Scene.stream("tx"));
        scene.dns.domain("slow.org", "mx.slow.org=192.0.2.1").domain("fast.org", "mx.fast.org=192.0.2.2");
        Instant start = scene.clock.instant();
        long[] taken = {0};
        scene.smtp.recipients("mx.slow.org", a -> {
            long allowed = 1 + Duration.between(start, scene.clock.instant()).toSeconds();
            return taken[0] < allowed && ++taken[0] > 0 ? null : "421 4.7.0 too fast";
        });
        for (int i = 0; i < 300; i++) {
            scene.submit("u" + i + "@slow.org");
        }
        scene.submit("x@fast.org");
        scene.pass(Duration.ZERO);
        assertThat(scene.outcomesOf("x@fast.org")).containsExactly(Outcome.DELIVERED);
        assertThat(scene.snapshot().lanes())
                .anySatisfy(l -> assertThat(l.why().orElse("")).contains("slowed down: ratelimited"));

        scene.pass(Duration.ofDays(1));
        assertThat(scene.finals()).hasSize(301).allMatch(e -> e.outcome() == Outcome.DELIVERED);
        long refused = scene.events().stream()
                .filter(e -> e.outcome() == Outcome.DEFERRED)
                .count();
        assertThat(refused).as("the lane learns instead of knocking").isLessThan(60);
    }

    @Test
    void aMessageRateIsKeptToTheSlotAndWaitingIsNoAttempt() {
        Scene scene = new Scene(o -> o, LimitSettings.NONE.withMessagesPerSecond(1 / 30.0), Scene.stream("tx"));
        scene.dns.domain("a.org", "mx.a.org=192.0.2.1");
        for (int i = 0; i < 10; i++) {
            scene.submit("u" + i + "@a.org");
        }
        scene.pass(Duration.ofMinutes(10));
        List<Instant> at = scene.finals().stream().map(DeliveryEvent::at).toList();
        assertThat(at).hasSize(10);
        for (int i = 1; i < at.size(); i++) {
            assertThat(Duration.between(at.get(i - 1), at.get(i))).isEqualTo(Duration.ofSeconds(30));
        }
        assertThat(scene.finals()).allMatch(e -> e.attempt() == 1);
    }

    @Test
    void connectionsStayWithinTheLimitOfTheLane() {
        Scene scene = new Scene(o -> o, LimitSettings.NONE.withConnections(3), Scene.stream("tx"));
        scene.dns.domain("a.org", "mx.a.org=192.0.2.1");
        scene.smtp.hold();
        for (int i = 0; i < 30; i++) {
            scene.submit("u" + i + "@a.org");
        }
        scene.pass(Duration.ofMillis(200));
        assertThat(scene.smtp.open()).isEqualTo(3);
        scene.smtp.letGo();
        assertThat(scene.finals()).hasSize(30);
        assertThat(scene.smtp.mostOpen()).isEqualTo(3);
        scene.pass(Duration.ofSeconds(10));
        assertThat(scene.smtp.open()).as("idle sessions are closed").isZero();
        assertThat(scene.snapshot().lanes()).as("idle lanes are forgotten").isEmpty();
    }

    @Test
    void aSecondSessionIsOpenedOnlyWhenMailHasWaitedForTheFirst() {
        Scene scene = new Scene(o -> o, LimitSettings.NONE, Scene.stream("tx"));
        scene.dns.domain("a.org", "mx.a.org=192.0.2.1");
        scene.smtp.hold();
        for (int i = 0; i < 10; i++) {
            scene.submit("u" + i + "@a.org");
        }
        scene.pass(Duration.ofMillis(199));
        assertThat(scene.smtp.open()).as("the first is at work").isEqualTo(1);
        scene.pass(Duration.ofMillis(1));
        assertThat(scene.smtp.open()).as("nine have waited").isGreaterThan(1);
        scene.smtp.letGo();
        assertThat(scene.finals()).hasSize(10);
    }

    @Test
    void aSessionCarriesOnlySoManyMessages() {
        Scene scene = new Scene(
                o -> o, LimitSettings.NONE.withConnections(1).withMessagesPerConnection(4), Scene.stream("tx"));
        scene.dns.domain("a.org", "mx.a.org=192.0.2.1");
        for (int i = 0; i < 10; i++) {
            scene.submit("u" + i + "@a.org");
        }
        assertThat(scene.smtp.connects()).hasSize(3);
    }

    @Test
    void marketingThatFillsMemoryAndConnectionsDoesNotDelayTransactionalMail() {
        Scene scene = new Scene(
                o -> o.withMemory(40, 1 << 20).withQueues(200, 50).withMaxConnections(4),
                LimitSettings.NONE,
                Scene.stream("tx", 10, Optional.empty(), Duration.ofDays(5)),
                Scene.stream("mk", 0, Optional.empty(), Duration.ofDays(5)));
        scene.dns.domain("a.org", "mx.a.org=192.0.2.1").domain("b.org", "mx.b.org=192.0.2.2");
        scene.smtp.hold();
        for (int i = 0; i < 200; i++) {
            scene.submitTo("mk", "m" + i + "@a.org");
        }
        scene.pass(Duration.ofMillis(200));
        scene.submitTo("tx", "x@b.org");
        assertThat(scene.smtp.sent())
                .as("one of four places was kept free")
                .hasSizeLessThanOrEqualTo(4)
                .last()
                .returns("mx.b.org", s -> s.host());
        scene.smtp.letGo();
        scene.pass(Duration.ofMinutes(2));
        assertThat(scene.finals()).hasSize(201);
    }

    @Test
    void whatDoesNotFitIntoMemoryWaitsOnDiskAndIsSent() {
        Scene scene = new Scene(
                o -> o.withMemory(16, 1 << 20).withQueues(8, 8),
                LimitSettings.NONE.withConnections(2),
                Scene.stream("tx"));
        scene.dns.domain("a.org", "mx.a.org=192.0.2.1");
        scene.smtp.hold();
        for (int i = 0; i < 500; i++) {
            scene.submit("u" + i + "@a.org");
        }
        assertThat(scene.snapshot().memoryMessages()).isLessThanOrEqualTo(16);
        scene.smtp.letGo();
        scene.pass(Duration.ofSeconds(1));
        assertThat(scene.finals()).hasSize(500);
    }

    @Test
    void manySlowLanesThatFillTheMemoryDoNotStopAFastOne() {
        Scene scene = new Scene(
                o -> o.withMemory(64, 1 << 20).withQueues(50, 50).withSpoolRecheck(Duration.ofSeconds(30)),
                LimitSettings.NONE,
                Scene.stream("tx"));
        for (int d = 0; d < 10; d++) {
            scene.dns.domain("slow" + d + ".org", "mx.slow" + d + ".org=192.0.2." + (d + 1));
            scene.shaper.suspend(
                    scene.lane("mx:mx.slow" + d + ".org"), scene.clock.instant().plusSeconds(110), "an operator");
        }
        scene.dns.domain("fast.org", "mx.fast.org=192.0.2.99");
        for (int i = 0; i < 400; i++) {
            scene.submit("u" + i + "@slow" + (i % 10) + ".org");
        }
        for (int i = 0; i < 20; i++) {
            scene.submit("x" + i + "@fast.org");
        }
        scene.pass(Duration.ofSeconds(60));
        assertThat(scene.finals()).hasSize(20);
        scene.pass(Duration.ofMinutes(10));
        assertThat(scene.finals()).hasSize(420).allMatch(e -> e.outcome() == Outcome.DELIVERED);
    }
}
