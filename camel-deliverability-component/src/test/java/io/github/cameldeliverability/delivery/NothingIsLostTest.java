package io.github.cameldeliverability.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.mail.DeliveryEvent;
import io.github.cameldeliverability.mail.DeliveryReport;
import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.Outcome;
import io.github.cameldeliverability.mail.Suppression;
import io.github.cameldeliverability.mail.SuppressionKind;
import io.github.cameldeliverability.shaping.LimitSettings;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class NothingIsLostTest {

    @Test
    void stoppingInTheMiddleLosesNothingAndAnotherEngineGoesOn() {
        Scene scene = new Scene(o -> o, LimitSettings.NONE.withConnections(2), Scene.stream("tx"));
        scene.dns.domain("a.org", "mx.a.org=192.0.2.1");
        scene.smtp.hold();
        for (int i = 0; i < 20; i++) {
            scene.submit("u" + i + "@a.org");
        }
        scene.pass(Duration.ofMillis(200));
        CompletableFuture<Void> stopped = scene.engine.stopAsync().toCompletableFuture();
        assertThat(stopped).as("two transactions are under way").isNotDone();
        scene.smtp.letGo();
        scene.pass(Duration.ofSeconds(1));
        assertThat(stopped).isDone();
        assertThat(scene.finals()).hasSize(2);
        assertThat(scene.openRows()).isEqualTo(18);
        assertThat(scene.store
                        .spool()
                        .list(new io.github.cameldeliverability.mail.spi.Spool.ListRequest(
                                Optional.empty(), Optional.empty(), 100))
                        .toCompletableFuture()
                        .join())
                .noneMatch(r -> r.held());
        assertThat(scene.smtp.open()).isZero();
        assertThat(scene.engine.submit(Scene.message("tx", "late@a.org")).toCompletableFuture())
                .isCompletedExceptionally();

        DeliveryEngine next = scene.newEngine(o -> o, Scene.stream("tx"));
        next.start();
        scene.pass(Duration.ofMinutes(1));
        assertThat(scene.finals()).hasSize(20);
        assertThat(scene.finals().stream().map(DeliveryEvent::recipient)).doesNotHaveDuplicates();
    }

    @Test
    void aStopThatTransactionsDoNotAllowIsBounded() {
        Scene scene = new Scene();
        scene.dns.domain("a.org", "mx.a.org=192.0.2.1");
        scene.smtp.hold();
        scene.submit("x@a.org");
        CompletableFuture<Void> stopped = scene.engine.stopAsync().toCompletableFuture();
        scene.pass(Duration.ofSeconds(30));
        assertThat(stopped).isDone();
    }

    @Test
    void outcomesWaitForTheStoreAndNothingIsTriedMeanwhile() {
        Scene scene = new Scene(o -> o, LimitSettings.NONE.withConnections(1), Scene.stream("tx"));
        scene.dns.domain("a.org", "mx.a.org=192.0.2.1");
        scene.smtp.hold();
        scene.submit("x@a.org");
        scene.submit("y@a.org");
        scene.store.breakDown("disk full");
        scene.smtp.letGo();
        scene.pass(Duration.ofMinutes(3));
        assertThat(scene.smtp.sent()).as("y waits for the store").hasSize(1);
        assertThat(scene.snapshot().storeTrouble().orElseThrow()).contains("disk full");
        assertThat(scene.snapshot().unsettled()).isEqualTo(1);
        assertThat(scene.engine.submit(Scene.message("tx", "z@a.org")).toCompletableFuture())
                .failsWithin(Duration.ofSeconds(1))
                .withThrowableThat()
                .withCauseInstanceOf(IOException.class);

        scene.store.repair();
        scene.pass(Duration.ofSeconds(20));
        assertThat(scene.outcomesOf("x@a.org")).containsExactly(Outcome.DELIVERED);
        assertThat(scene.outcomesOf("y@a.org")).containsExactly(Outcome.DELIVERED);
        assertThat(scene.smtp.sent()).hasSize(2);
    }

    @Test
    void suppressionIsLookedUpRightBeforeSending() {
        Scene scene = new Scene(
                o -> o,
                LimitSettings.NONE.withMessagesPerSecond(1 / 60.0),
                Scene.stream("tx", 0, Optional.of("default"), Duration.ofDays(5)));
        scene.dns.domain("a.org", "mx.a.org=192.0.2.1");
        scene.submit("first@a.org");
        scene.submit("late@a.org");
        scene.submit("third@a.org");
        scene.pass(Duration.ofSeconds(30));
        scene.store
                .suppressions()
                .add(new Suppression(
                        "default",
                        Suppression.GLOBAL,
                        EmailAddress.parse("Late@a.org"),
                        SuppressionKind.UNSUBSCRIBE,
                        Optional.empty(),
                        "asked",
                        Optional.empty(),
                        "api",
                        scene.clock.instant(),
                        Optional.empty()));
        scene.pass(Duration.ofMinutes(5));
        assertThat(scene.outcomesOf("late@a.org")).containsExactly(Outcome.SUPPRESSED);
        assertThat(scene.eventsOf("late@a.org").get(0).attempt()).isZero();
        assertThat(scene.eventsOf("late@a.org").get(0).reply()).isEmpty();
        assertThat(scene.outcomesOf("third@a.org")).containsExactly(Outcome.DELIVERED);
        assertThat(scene.smtp.sent()).hasSize(2);
        Instant third = scene.eventsOf("third@a.org").get(0).at();
        Instant late = scene.eventsOf("late@a.org").get(0).at();
        assertThat(third).as("the place in the rate goes to the next").isEqualTo(late);
    }

    @Test
    void theDeadlineHoldsWhileALaneWaits() {
        Scene scene =
                new Scene(o -> o, LimitSettings.NONE, Scene.stream("tx", 0, Optional.empty(), Duration.ofMinutes(10)));
        scene.dns.domain("a.org", "mx.a.org=192.0.2.1").domain("dead.org", "mx.dead.org=192.0.2.2");
        scene.smtp.unreachable("mx.dead.org");
        Instant start = scene.clock.instant();
        scene.shaper.suspend(scene.lane("mx:mx.a.org"), start.plus(Duration.ofHours(5)), "an operator");
        for (int i = 0; i < 5; i++) {
            scene.submit("held" + i + "@a.org", "u" + i + "@dead.org");
        }
        scene.pass(Duration.ofMinutes(9));
        assertThat(scene.finals()).isEmpty();
        scene.pass(Duration.ofMinutes(1).plusSeconds(2));
        assertThat(scene.finals()).hasSize(10).allMatch(e -> e.outcome() == Outcome.EXPIRED);
        assertThat(scene.smtp.sent()).isEmpty();
    }

    @Test
    void mailForLaterLeavesThenAndMailSubmittedBeforeTheStartIsKept() {
        Scene scene = new Scene();
        scene.dns.domain("a.org", "mx.a.org=192.0.2.1");
        Instant at = scene.clock.instant().plus(Duration.ofHours(3));
        var m = Scene.message("tx", "x@a.org");
        CompletionStage<String> id = scene.engine.submit(new io.github.cameldeliverability.mail.Submission(
                "tx", m.envelope(), m.content(), Optional.of(at), java.util.Set.of()));
        assertThat(id.toCompletableFuture()).isCompleted();
        scene.pass(Duration.ofHours(3).minusSeconds(1));
        assertThat(scene.events()).isEmpty();
        scene.pass(Duration.ofSeconds(2));
        assertThat(scene.outcomesOf("x@a.org")).containsExactly(Outcome.DELIVERED);
    }

    @Test
    void aDirectDeliveryTriesOnceAndWritesNothing() {
        Scene scene = new Scene();
        scene.dns.domain("a.org", "mx.a.org=192.0.2.1");
        scene.smtp.recipients("mx.a.org", a -> a.localPart().equals("later") ? "451 4.7.1 greylisted" : null);
        DeliveryReport report = scene.direct("x@a.org", "later@a.org", "x@gone.org");
        assertThat(report.recipients())
                .extracting(DeliveryEvent::outcome)
                .containsExactly(Outcome.DELIVERED, Outcome.DEFERRED, Outcome.BOUNCED);
        assertThat(scene.events()).isEmpty();
        assertThat(scene.openRows()).isZero();
    }

    @Test
    void aDirectDeliveryDoesNotWaitForeverForItsLane() {
        Scene scene = new Scene();
        scene.dns.domain("a.org", "mx.a.org=192.0.2.1");
        scene.shaper.suspend(scene.lane("mx:mx.a.org"), scene.clock.instant().plusSeconds(3600), "an operator");
        DeliveryReport report = scene.direct("x@a.org");
        assertThat(report.recipients().get(0).outcome()).isEqualTo(Outcome.DEFERRED);
        assertThat(report.recipients().get(0).reply().orElseThrow().text()).contains("suspended by an operator");
    }

    @Test
    void submissionsBeyondTheBoundCompleteLater() {
        Scene scene = new Scene(o -> o.withSubmitting(1, 100), LimitSettings.NONE, Scene.stream("tx"));
        scene.dns.domain("a.org", "mx.a.org=192.0.2.1");
        assertThat(scene.engine.submit(Scene.message("nope", "x@a.org")).toCompletableFuture())
                .failsWithin(Duration.ofSeconds(1))
                .withThrowableThat()
                .withCauseInstanceOf(IllegalArgumentException.class)
                .withMessageContaining("unknown stream nope");
        for (int i = 0; i < 10; i++) {
            scene.submit("u" + i + "@a.org");
        }
        assertThat(scene.finals()).hasSize(10);
    }
}
