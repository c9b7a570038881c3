package io.github.cameldeliverability.shaping;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.mail.Effect;
import io.github.cameldeliverability.mail.EffectKey;
import io.github.cameldeliverability.mail.EffectKind;
import io.github.cameldeliverability.mail.Lane;
import io.github.cameldeliverability.mail.Permanence;
import io.github.cameldeliverability.mail.Reason;
import io.github.cameldeliverability.mail.Verdict;
import io.github.cameldeliverability.mail.spi.EffectStore.Report;
import io.github.cameldeliverability.mail.spi.EffectStore.ReportKind;
import io.github.cameldeliverability.mail.spi.Shaper.Permit;
import io.github.cameldeliverability.testkit.MemoryStore;
import io.github.cameldeliverability.testkit.MutableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReputationGuardPausesOnlyItsStreamTest {

    private static final Verdict UNKNOWN =
            Verdict.of(Reason.USERUNKNOWN, Permanence.PERMANENT, "x/unknown", "550 5.1.1 unknown");
    private static final Verdict NOT_NOW =
            Verdict.of(Reason.POLICYVIOLATION, Permanence.TRANSIENT, "x/later", "451 4.7.1 try again later");
    private static final Verdict GREY =
            Verdict.of(Reason.GREYLISTED, Permanence.TRANSIENT, "x/grey", "451 4.7.1 greylisted");

    private final MutableClock clock = new MutableClock();
    private final MemoryStore store = new MemoryStore(clock);
    private final EffectShaper shaper = new EffectShaper(new AdaptiveShaper(clock), clock, new Random(1));
    private final ShapingMemory memory = new ShapingMemory(store.effects(), store.control(), shaper, clock);
    private final Lane news = new Lane("news", "default", "google");
    private final Lane newsElsewhere = new Lane("news", "default", "yahoo");
    private final Lane tx = new Lane("tx", "default", "google");

    @BeforeEach
    void useTheBuiltInRules() {
        shaper.use(Rules.builtIn());
        memory.follow();
    }

    private void delivered(Lane lane, int times) {
        for (int i = 0; i < times; i++) {
            clock.advance(Duration.ofMillis(100));
            shaper.delivered(lane);
        }
    }

    private void refused(Lane lane, Verdict v, int times) {
        for (int i = 0; i < times; i++) {
            clock.advance(Duration.ofMillis(100));
            shaper.observed(lane, v, Set.of());
        }
    }

    private void complaint(Instant deliveredAt) {
        store.effects()
                .report(new Report(
                        0, ReportKind.COMPLAINT, "news", "google", deliveredAt, clock.instant(), "complaint about q1"));
    }

    @Test
    void unknownUsersAboveTheLimitPauseTheStreamAtThatProviderAndNothingElse() {
        delivered(tx, 300);
        delivered(news, 180);
        refused(news, UNKNOWN, 19);
        assertThat(shaper.effects()).as("no sample yet").isEmpty();
        for (int i = 0; i < 20 && shaper.effects().isEmpty(); i++) {
            refused(news, UNKNOWN, 1);
        }

        assertThat(shaper.effects()).hasSize(1);
        Effect e = shaper.effects().get(0);
        assertThat(e.rule()).isEqualTo("unknown-users");
        assertThat(e.kind()).isEqualTo(EffectKind.SUSPEND);
        assertThat(e.key()).isEqualTo(EffectKey.of("news", "google"));
        assertThat(e.why()).contains("unknown-users at", "limit 10.00 %");
        assertThat(e.evidence()).containsOnly("550 5.1.1 unknown").hasSize(3);
        assertThat(shaper.send(news, 1)).isInstanceOf(Permit.Wait.class);
        assertThat(shaper.send(newsElsewhere, 1)).isEqualTo(Permit.GO);
        assertThat(shaper.send(tx, 1)).isEqualTo(Permit.GO);
        assertThat(store.effects().feed("news", 0, 10).toCompletableFuture().join())
                .hasSize(1);
        assertThat(store.effects().feed("tx", 0, 10).toCompletableFuture().join())
                .isEmpty();
    }

    @Test
    void threeComplaintsInAThousandPauseAndTwoDoNot() {
        delivered(news, 1000);
        Instant then = clock.instant();
        complaint(then);
        complaint(then);
        assertThat(shaper.effects()).isEmpty();

        complaint(then);

        assertThat(shaper.effects()).extracting(Effect::rule).containsExactly("complaints");
        assertThat(shaper.effects().get(0).why()).contains("limit 0.30 %");
        memory.save();
        assertThat(store.effects().reports(10).toCompletableFuture().join())
                .as("each is counted once")
                .isEmpty();
        // Complaints about what had been sent before the pause come in for days.
        clock.advance(Duration.ofHours(6));
        delivered(news, 1200);
        for (int i = 0; i < 8; i++) {
            complaint(then);
        }
        assertThat(shaper.effects().stream().filter(Effect::holdsNow)).isEmpty();
    }

    @Test
    void threeComplaintsAmongFewDeliveriesAreNoSample() {
        delivered(news, 200);
        for (int i = 0; i < 3; i++) {
            complaint(clock.instant());
        }
        assertThat(shaper.effects()).isEmpty();
    }

    @Test
    void deferralsAreComparedWithWhatIsUsualThere() {
        // A receiver that always defers a third.
        for (int i = 0; i < 600; i++) {
            delivered(tx, 2);
            refused(tx, NOT_NOW, 1);
        }
        assertThat(shaper.effects()).as("usual here").isEmpty();

        delivered(news, 800);
        clock.advance(Duration.ofHours(2));
        for (int i = 0; i < 100; i++) {
            delivered(news, 1);
            refused(news, NOT_NOW, 1);
        }
        assertThat(shaper.effects()).extracting(Effect::rule).containsExactly("deferrals");
        assertThat(shaper.effects().get(0).kind()).isEqualTo(EffectKind.SLOW);
        assertThat(shaper.effects().get(0).why()).contains("usual are 0.");
        assertThat(shaper.send(tx, 1)).isEqualTo(Permit.GO);
    }

    @Test
    void greylistingIsNoBadReputation() {
        delivered(news, 400);
        clock.advance(Duration.ofHours(2));
        refused(news, GREY, 400);
        assertThat(shaper.effects()).isEmpty();
    }

    @Test
    void ratesSurviveARestart() {
        delivered(news, 1000);
        complaint(clock.instant());
        complaint(clock.instant());
        memory.saveAll().toCompletableFuture().join();

        EffectShaper second = new EffectShaper(new AdaptiveShaper(clock), clock, new Random(2));
        second.use(Rules.builtIn());
        ShapingMemory again = new ShapingMemory(store.effects(), store.control(), second, clock);
        again.load().toCompletableFuture().join();
        assertThat(second.explain(news)).isEqualTo(shaper.explain(news));
        again.follow();
        complaint(clock.instant());

        assertThat(second.effects()).extracting(Effect::rule).containsExactly("complaints");
    }

    @Test
    void whatALaneHasLearntSurvivesARestart() {
        Verdict tooFast = Verdict.of(Reason.RATELIMITED, Permanence.TRANSIENT, "x/rate", "421 too fast");
        delivered(news, 100);
        shaper.observed(news, tooFast, Set.of());
        clock.advance(Duration.ofMinutes(1));
        assertThat(shaper.send(news, 1)).isEqualTo(Permit.GO);
        shaper.delivered(news);
        double rate = shaper.limits(news).messagesPerSecond();
        assertThat(rate).isPositive();
        memory.saveAll().toCompletableFuture().join();

        EffectShaper second = new EffectShaper(new AdaptiveShaper(clock), clock, new Random(2));
        new ShapingMemory(store.effects(), store.control(), second, clock)
                .load()
                .toCompletableFuture()
                .join();

        assertThat(second.limits(news)).isEqualTo(shaper.limits(news));
        assertThat(second.limits(tx).messagesPerSecond()).isZero();
    }
}
