package io.github.cameldeliverability.store;

import static io.github.cameldeliverability.store.StoreContract.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.cameldeliverability.mail.Effect;
import io.github.cameldeliverability.mail.Effect.Phase;
import io.github.cameldeliverability.mail.EffectEvent;
import io.github.cameldeliverability.mail.EffectEvent.What;
import io.github.cameldeliverability.mail.EffectKey;
import io.github.cameldeliverability.mail.EffectKind;
import io.github.cameldeliverability.mail.spi.EffectStore;
import io.github.cameldeliverability.mail.spi.EffectStore.Batch;
import io.github.cameldeliverability.mail.spi.EffectStore.Report;
import io.github.cameldeliverability.mail.spi.EffectStore.ReportKind;
import io.github.cameldeliverability.mail.spi.Store;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store does with effects. */
abstract class EffectStoreContract {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Instant LATER = NOW.plusSeconds(3600);

    private Store store;
    private EffectStore effects;

    abstract Store open(Clock clock);

    @BeforeEach
    void begin() {
        store = open(Clock.fixed(NOW, ZoneOffset.UTC));
        effects = store.effects();
    }

    @AfterEach
    void end() {
        store.close();
    }

    private static Effect effect(String id, EffectKey key) {
        return Effect.begin(
                id,
                EffectKind.SUSPEND,
                key,
                0,
                "source-refused",
                "5 of 5 attempts were refused",
                List.of("550 one", "550 two", "550 three", "550 four"),
                NOW,
                Optional.of(LATER));
    }

    private void write(Effect e, What what) {
        get(effects.write(new Batch(List.of(e), List.of(new EffectEvent(0, what, e, NOW)), Map.of(), List.of())));
    }

    @Test
    void anEffectComesBackAsItWasWithItsLastThreeReplies() {
        Effect e = effect(
                "a-1",
                new EffectKey(
                        Optional.of("news"),
                        Optional.of("192.0.2.1"),
                        Optional.of("mx:a.org,b.org"),
                        Optional.of("example.com"),
                        Optional.of("black friday")));
        write(e, What.BEGAN);

        assertThat(get(effects.effects(false))).containsExactly(e);
        assertThat(e.evidence()).containsExactly("550 two", "550 three", "550 four");
    }

    @Test
    void whatAnEngineWritesWithoutKnowingOfAnOrderDoesNotUndoIt() {
        Effect e = effect("a-1", EffectKey.ofStream("news"));
        write(e, What.BEGAN);
        assertThat(get(effects.cancel("a-1", "anna"))).isTrue();

        write(e.seen("550 five"), What.RENEWED);

        Effect now = get(effects.effects(false)).get(0);
        assertThat(now.phase()).isEqualTo(Phase.RECOVERING);
        assertThat(now.orders()).isEqualTo(1);
        assertThat(now.why()).contains("cancelled by anna");
        assertThat(get(effects.extend("a-1", LATER, "anna"))).as("it recovers").isFalse();
        assertThat(get(effects.cancel("a-1", "anna"))).isTrue();
        assertThat(get(effects.effects(false))).isEmpty();
        assertThat(get(effects.effects(true))).extracting(Effect::phase).containsExactly(Phase.ENDED);
        assertThat(get(effects.cancel("a-1", "anna"))).isFalse();
        assertThat(get(effects.cancel("nobody", "anna"))).isFalse();
    }

    @Test
    void whatHasNoEndIsNotGivenOne() {
        Effect kill = Effect.begin(
                "kill-1",
                EffectKind.KILL,
                EffectKey.ofStream("news"),
                0,
                Effect.OPERATOR,
                "by anna",
                List.of(),
                NOW,
                Optional.empty());
        assertThat(get(effects.impose(kill))).isTrue();
        assertThatThrownBy(() -> get(effects.extend("kill-1", LATER, "bert")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("kill-1 (kill) has no end");
        assertThat(get(effects.effects(false))).containsExactly(kill);
        assertThat(get(effects.cancel("kill-1", "anna"))).isTrue();
    }

    @Test
    void anIdIsGivenOnce() {
        assertThat(get(effects.impose(effect("a-1", EffectKey.ofTag("x"))))).isTrue();
        assertThat(get(effects.impose(effect("a-1", EffectKey.ofTag("y"))))).isFalse();
        assertThat(get(effects.effects(false)).get(0).key()).isEqualTo(EffectKey.ofTag("x"));
    }

    @Test
    void feedsTellAStreamWhatConcernsItAndKeepPlaces() {
        write(effect("a-1", EffectKey.ofStream("news")), What.BEGAN);
        write(effect("a-2", EffectKey.ofStream("tx")), What.BEGAN);
        write(effect("a-3", EffectKey.ofProvider("google")), What.BEGAN);
        get(effects.extend("a-1", LATER.plusSeconds(60), "anna"));

        List<EffectEvent> feed = get(effects.feed("news", 0, 10));
        assertThat(feed).extracting(x -> x.effect().id()).containsExactly("a-1", "a-3", "a-1");
        assertThat(feed).extracting(EffectEvent::what).containsExactly(What.BEGAN, What.BEGAN, What.EXTENDED);
        assertThat(get(effects.feed("news", feed.get(1).sequence(), 10))).hasSize(1);
        assertThat(get(effects.position("news", "alerts"))).isZero();
        get(effects.setPosition("news", "alerts", feed.get(0).sequence()));
        assertThat(get(effects.position("news", "alerts")))
                .isEqualTo(feed.get(0).sequence());
        assertThat(get(effects.position("tx", "alerts"))).isZero();
    }

    @Test
    void notesAreRememberedAndForgotten() {
        get(effects.write(new Batch(List.of(), List.of(), Map.of("a", "1", "b", "2"), List.of())));
        get(effects.write(new Batch(List.of(), List.of(), Map.of("a", "", "b", "3"), List.of())));

        assertThat(get(effects.notes())).containsExactly(Map.entry("b", "3"));
    }

    @Test
    void reportsWaitUntilTheyAreTakenAndWakeTheListener() {
        AtomicInteger woken = new AtomicInteger();
        AutoCloseable listening = effects.onNews(woken::incrementAndGet);
        get(effects.report(new Report(0, ReportKind.COMPLAINT, "news", "google", NOW, LATER, "complaint about q1")));
        get(effects.report(new Report(0, ReportKind.HARD_BOUNCE, "news", "google", NOW, LATER, "returned mail")));

        List<Report> reports = get(effects.reports(10));
        assertThat(reports).extracting(Report::kind).containsExactly(ReportKind.COMPLAINT, ReportKind.HARD_BOUNCE);
        assertThat(reports.get(0).deliveredAt()).isEqualTo(NOW);
        get(effects.write(
                new Batch(List.of(), List.of(), Map.of(), List.of(reports.get(0).id()))));
        assertThat(get(effects.reports(10))).containsExactly(reports.get(1));
        Awaitility.await().until(() -> woken.get() >= 2);
        assertThat(listening).isNotNull();
    }
}
