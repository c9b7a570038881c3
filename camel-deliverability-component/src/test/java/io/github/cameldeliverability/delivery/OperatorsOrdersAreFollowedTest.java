package io.github.cameldeliverability.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.mail.DeliveryEvent;
import io.github.cameldeliverability.mail.Outcome;
import io.github.cameldeliverability.mail.spi.QueueControl.Affected;
import io.github.cameldeliverability.mail.spi.QueueControl.Selection;
import io.github.cameldeliverability.shaping.LimitSettings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class OperatorsOrdersAreFollowedTest {

    private static final Duration MOMENT = Duration.ofSeconds(2);

    @Test
    void aSuspendedStreamTakesMailInAndSendsItWhenResumed() {
        Scene scene = new Scene(Scene.stream("tx"), Scene.stream("news"));
        scene.dns.domain("a.org", "mx.a.org=192.0.2.1");
        get(scene.store.control().suspend("tx", Optional.empty(), "wrong price"));
        scene.pass(MOMENT);

        scene.submit("one@a.org");
        scene.submitTo("news", "two@a.org");
        scene.pass(Duration.ofHours(1));

        assertThat(scene.outcomesOf("one@a.org")).isEmpty();
        assertThat(scene.outcomesOf("two@a.org")).containsExactly(Outcome.DELIVERED);
        assertThat(scene.snapshot().suspensions()).hasSize(1);
        DeliveryEvent direct = scene.direct("three@a.org").recipients().get(0);
        assertThat(direct.outcome()).isEqualTo(Outcome.DEFERRED);
        assertThat(direct.reply().orElseThrow().text()).contains("wrong price");

        get(scene.store.control().resume("tx", Optional.empty()));
        scene.pass(MOMENT);

        assertThat(scene.outcomesOf("one@a.org")).containsExactly(Outcome.DELIVERED);
    }

    @Test
    void aSuspendedDomainWaitsAndTheOthersDoNot() {
        Scene scene = new Scene();
        scene.dns.domain("a.org", "mx.a.org=192.0.2.1").domain("b.org", "mx.a.org");
        get(scene.store.control().suspend("tx", Optional.of("a.org"), ""));

        scene.submit("one@a.org", "two@b.org");
        scene.submit("three@b.org");
        scene.pass(MOMENT);

        assertThat(scene.outcomesOf("one@a.org")).isEmpty();
        assertThat(scene.outcomesOf("two@b.org")).containsExactly(Outcome.DELIVERED);
        assertThat(scene.outcomesOf("three@b.org")).containsExactly(Outcome.DELIVERED);

        get(scene.store.control().resume("tx", Optional.of("a.org")));
        scene.pass(MOMENT);
        assertThat(scene.outcomesOf("one@a.org")).containsExactly(Outcome.DELIVERED);
    }

    @Test
    void anEngineThatStartsKnowsWhatIsSuspended() {
        Scene scene = new Scene();
        scene.dns.domain("a.org", "mx.a.org=192.0.2.1");
        scene.engine.stop();
        get(scene.store.control().suspend("tx", Optional.empty(), ""));
        DeliveryEngine second = scene.newEngine(o -> o, Scene.stream("tx"));
        second.submit(Scene.message("tx", "x@a.org"));

        second.start();
        scene.pass(MOMENT);

        assertThat(scene.events()).isEmpty();
        assertThat(scene.smtp.connects()).isEmpty();
    }

    @Test
    void whatWaitsInMemoryIsSuspendedAndCancelledToo() {
        LimitSettings slow = LimitSettings.NONE.withMessagesPerSecond(0.1);
        Scene scene = new Scene(o -> o, slow, Scene.stream("tx"));
        scene.dns.domain("a.org", "mx.a.org=192.0.2.1");
        for (int i = 0; i < 5; i++) {
            scene.submit("u" + i + "@a.org");
        }
        int sent = scene.smtp.sent().size();
        assertThat(sent).isLessThan(5);

        get(scene.store.control().suspend("tx", Optional.empty(), ""));
        scene.pass(Duration.ofMinutes(5));
        assertThat(scene.smtp.sent()).hasSize(sent);
        assertThat(scene.snapshot().memoryMessages()).isZero();

        get(scene.store.control().resume("tx", Optional.empty()));
        scene.pass(Duration.ofMillis(10));
        Affected affected = get(scene.store.control().cancel(stream("tx"), false));
        scene.pass(MOMENT);

        assertThat(affected.total()).isPositive();
        assertThat(scene.openRows()).isZero();
        assertThat(scene.finals()).hasSize(5);
        assertThat(scene.finals().stream().filter(e -> e.outcome() == Outcome.CANCELLED))
                .hasSize((int) affected.total());
    }

    @Test
    void waitingMailIsRetriedNowAlsoWhereTheServerWasDown() {
        Scene scene = new Scene();
        scene.dns.domain("a.org", "mx.a.org=192.0.2.1");
        scene.smtp.greeting("mx.a.org", "421 4.3.2 down for now");
        scene.submit("x@a.org");
        scene.pass(Duration.ofHours(2));
        int tried = scene.eventsOf("x@a.org").size();
        assertThat(scene.outcomesOf("x@a.org")).doesNotContain(Outcome.DELIVERED);

        scene.smtp.opens("mx.a.org");
        get(scene.store.control().retry(stream("tx"), false));
        scene.pass(MOMENT);

        List<Outcome> outcomes = scene.outcomesOf("x@a.org");
        assertThat(outcomes).hasSize(tried + 1).endsWith(Outcome.DELIVERED);
    }

    @Test
    void nothingIsSentBeforeTheOrdersAreKnown() {
        Scene scene = new Scene();
        scene.dns.domain("a.org", "mx.a.org=192.0.2.1");
        scene.engine.stop();
        DeliveryEngine second = scene.newEngine(o -> o, Scene.stream("tx"));
        second.submit(Scene.message("tx", "x@a.org"));
        scene.store.breakDown("the disk is away");
        second.start();
        scene.pass(Duration.ofMinutes(1));
        assertThat(scene.smtp.connects()).isEmpty();

        scene.store.repair();
        scene.pass(Duration.ofMinutes(1));
        assertThat(scene.outcomesOf("x@a.org")).containsExactly(Outcome.DELIVERED);
    }

    private static Selection stream(String name) {
        return new Selection(Optional.empty(), Optional.of(name), Optional.empty(), Optional.empty());
    }

    private static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }
}
