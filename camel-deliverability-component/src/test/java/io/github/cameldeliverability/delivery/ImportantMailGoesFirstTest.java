package io.github.cameldeliverability.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.mail.DeliveryEvent;
import io.github.cameldeliverability.mail.Outcome;
import io.github.cameldeliverability.mail.SmtpPhase;
import io.github.cameldeliverability.mail.SmtpReply;
import io.github.cameldeliverability.mail.StreamConfig;
import io.github.cameldeliverability.mail.spi.SmtpConnector.ConnectResult;
import io.github.cameldeliverability.shaping.LimitSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

class ImportantMailGoesFirstTest {

    private static final StreamConfig TX = Scene.stream("tx").with(s -> s.priority(10));
    private static final StreamConfig NEWS = Scene.stream("mk").with(s -> s.priority(-10));

    @Test
    void sessionsWithSlowServersNeverTakeTheLastPlaces() {
        Scene scene = new Scene(o -> o.withMaxConnections(20), LimitSettings.NONE.withConnections(50), TX, NEWS);
        scene.dns.domain("a.org", "mx.a.org=192.0.2.1").domain("b.org", "mx.b.org=192.0.2.2");
        scene.smtp.hold();
        for (int i = 0; i < 300; i++) {
            scene.submitTo("mk", "m" + i + "@a.org");
            scene.pass(Duration.ofMillis(300));
        }
        assertThat(scene.smtp.open()).as("a tenth is kept free").isEqualTo(18);
        scene.submitTo("tx", "x@b.org");
        assertThat(scene.smtp.sent()).as("begun at once").last().returns("mx.b.org", s -> s.host());
    }

    @Test
    void whereNothingIsMoreImportantAllPlacesAreUsed() {
        Scene scene = new Scene(o -> o.withMaxConnections(20), LimitSettings.NONE.withConnections(50), NEWS);
        scene.dns.domain("a.org", "mx.a.org=192.0.2.1");
        scene.smtp.hold();
        for (int i = 0; i < 300; i++) {
            scene.submitTo("mk", "m" + i + "@a.org");
            scene.pass(Duration.ofMillis(300));
        }
        assertThat(scene.smtp.open()).isEqualTo(20);
    }

    /** The receiver counts by address, and blames whoever comes too many. */
    @Test
    void whoIsRefusedBecauseOfLessImportantMailIsNotDeferred() {
        Scene scene = new Scene(o -> o, LimitSettings.NONE.withConnections(20), TX, NEWS);
        scene.dns.domain("a.org", "mx.a.org=192.0.2.1");
        Deque<Instant> taken = new ArrayDeque<>();
        scene.smtp.recipients("mx.a.org", a -> {
            Instant now = scene.clock.instant();
            while (!taken.isEmpty() && !taken.peekFirst().isAfter(now.minusSeconds(1))) {
                taken.removeFirst();
            }
            if (taken.size() >= 20) {
                return "451 4.7.1 too fast";
            }
            taken.add(now);
            return null;
        });
        List<Duration> waits = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            scene.submitTo("mk", "m" + i + "@a.org");
        }
        for (int i = 0; i < 60; i++) {
            Instant submitted = scene.clock.instant();
            String to = "x" + i + "@a.org";
            scene.submitTo("tx", to);
            scene.pass(Duration.ofSeconds(7));
            List<DeliveryEvent> events = scene.eventsOf(to);
            assertThat(events).as(to).hasSize(1).allMatch(e -> e.outcome() == Outcome.DELIVERED && e.attempt() == 1);
            waits.add(Duration.between(submitted, events.get(0).at()));
        }
        assertThat(waits).allMatch(w -> w.compareTo(Duration.ofSeconds(2)) <= 0);
        scene.pass(Duration.ofHours(12));
        assertThat(scene.finals()).hasSize(460).allMatch(e -> e.outcome() == Outcome.DELIVERED);
    }

    @Test
    void aReceiverThatTakesNoFurtherSessionGetsOneLessOfTheNewsletter() {
        Scene scene = new Scene(o -> o, LimitSettings.NONE.withConnections(20), TX, NEWS);
        scene.dns.domain("a.org", "mx.a.org=192.0.2.1");
        scene.smtp.door(
                "mx.a.org",
                t -> scene.smtp.open() < 6
                        ? null
                        : new ConnectResult.Failed(
                                SmtpReply.parse("421 4.7.0 too fast").orElseThrow(), SmtpPhase.GREETING, false));
        scene.smtp.hold();
        for (int i = 0; i < 100; i++) {
            scene.submitTo("mk", "m" + i + "@a.org");
            scene.pass(Duration.ofMillis(300));
        }
        assertThat(scene.smtp.open()).isEqualTo(6);
        Instant submitted = scene.clock.instant();
        scene.submitTo("tx", "x@a.org");
        scene.pass(Duration.ofMillis(150));
        scene.smtp.letGo();
        scene.pass(Duration.ofSeconds(2));
        assertThat(scene.eventsOf("x@a.org"))
                .singleElement()
                .returns(Outcome.DELIVERED, DeliveryEvent::outcome)
                .satisfies(e -> assertThat(Duration.between(submitted, e.at())).isLessThan(Duration.ofSeconds(1)));
    }

    @Test
    void whoIsTooFastAloneIsMeantHimself() {
        Scene scene = new Scene(o -> o, LimitSettings.NONE, TX, NEWS);
        scene.dns.domain("a.org", "mx.a.org=192.0.2.1");
        scene.smtp.recipients("mx.a.org", a -> "451 4.7.1 too fast");
        scene.submitTo("tx", "x@a.org");
        assertThat(scene.outcomesOf("x@a.org")).containsExactly(Outcome.DEFERRED);
    }

    @Test
    void streamsOfOnePriorityShareThePlacesByWeight() {
        StreamConfig heavy = Scene.stream("heavy").with(s -> s.weight(3));
        Scene scene = new Scene(
                o -> o.withMaxConnections(8),
                LimitSettings.NONE.withConnections(50).withMessagesPerConnection(1),
                heavy,
                Scene.stream("light"));
        scene.dns.domain("a.org", "mx.a.org=192.0.2.1").domain("b.org", "mx.b.org=192.0.2.2");
        scene.smtp.hold();
        for (int i = 0; i < 400; i++) {
            scene.submitTo("heavy", "h" + i + "@a.org");
            scene.submitTo("light", "l" + i + "@b.org");
        }
        for (int turn = 0; turn < 40; turn++) {
            scene.pass(Duration.ofMillis(300));
            scene.smtp.answerHeld();
        }
        scene.pass(Duration.ofMillis(300));
        EngineSnapshot now = scene.snapshot();
        int ofHeavy = connections(now, "heavy");
        int ofLight = connections(now, "light");
        assertThat(ofHeavy + ofLight).isEqualTo(8);
        assertThat(ofHeavy).as("three of four").isBetween(5, 7);
    }

    private static int connections(EngineSnapshot s, String stream) {
        return s.lanes().stream()
                .filter(l -> l.lane().stream().equals(stream))
                .mapToInt(l -> l.connections() + l.connecting())
                .sum();
    }
}
