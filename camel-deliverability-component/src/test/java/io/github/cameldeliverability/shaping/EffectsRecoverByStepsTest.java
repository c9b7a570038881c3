package io.github.cameldeliverability.shaping;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.mail.Effect;
import io.github.cameldeliverability.mail.Effect.Phase;
import io.github.cameldeliverability.mail.EffectKey;
import io.github.cameldeliverability.mail.EffectKind;
import io.github.cameldeliverability.mail.Lane;
import io.github.cameldeliverability.mail.Permanence;
import io.github.cameldeliverability.mail.Reason;
import io.github.cameldeliverability.mail.Verdict;
import io.github.cameldeliverability.mail.spi.EffectStore;
import io.github.cameldeliverability.mail.spi.Shaper.Permit;
import io.github.cameldeliverability.testkit.MemoryStore;
import io.github.cameldeliverability.testkit.MutableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EffectsRecoverByStepsTest {

    private static final Verdict LISTED = Verdict.of(
            Reason.BLOCKED, Permanence.PERMANENT, "block-lists/spamhaus", "550 5.7.1 blocked using zen.spamhaus.org");

    private final MutableClock clock = new MutableClock();
    private final MemoryStore store = new MemoryStore(clock);
    private final EffectShaper shaper = new EffectShaper(new AdaptiveShaper(clock), clock, new Random(1));
    private final ShapingMemory memory = new ShapingMemory(store.effects(), store.control(), shaper, clock);
    private final Lane lane = new Lane("news", "192.0.2.7", "yahoo");
    private final Lane other = new Lane("tx", "192.0.2.7", "yahoo");

    private void listed(int times) {
        for (int i = 0; i < times; i++) {
            shaper.observed(lane, LISTED, Set.of());
        }
    }

    @Test
    void aCountAndARatioOfAMinimumSampleMakeAnEffectWithItsEvidence() {
        shaper.use(Rules.builtIn());
        listed(4);
        assertThat(shaper.send(lane, 1)).as("four are no sample").isEqualTo(Permit.GO);

        listed(1);

        Permit.Wait wait = (Permit.Wait) shaper.send(lane, 1);
        assertThat(wait.until()).isEqualTo(clock.instant().plus(Duration.ofMinutes(5)));
        assertThat(wait.why()).contains("source-refused", "5 of 5 attempts", "zen.spamhaus.org");
        assertThat(shaper.connect(lane)).isInstanceOf(Permit.Wait.class);
        assertThat(shaper.send(other, 1)).as("the other stream").isEqualTo(Permit.GO);
        Effect e = shaper.effects().get(0);
        assertThat(e.key()).isEqualTo(EffectKey.of(lane));
        assertThat(e.evidence()).hasSize(3).allMatch(r -> r.contains("zen.spamhaus.org"));
        assertThat(shaper.explain(lane).get(0).limit()).isEqualTo("effect " + e.id());
    }

    @Test
    void refusalsAmongManyDeliveriesMakeNone() {
        shaper.use(Rules.builtIn());
        for (int i = 0; i < 200; i++) {
            shaper.delivered(lane);
            if (i % 20 == 0) {
                listed(1);
            }
        }
        assertThat(shaper.effects()).isEmpty();
    }

    @Test
    void aProbeThatFailsDoublesAndOneThatSucceedsGoesOnByDoublings() {
        shaper.use(Rules.builtIn());
        listed(5);
        Instant first = ((Permit.Wait) shaper.send(lane, 1)).until();
        clock.set(first);
        assertThat(shaper.limits(lane).connections()).as("a probe").isEqualTo(1);
        assertThat(shaper.send(lane, 1)).isEqualTo(Permit.GO);
        assertThat(((Permit.Wait) shaper.send(lane, 1)).until()).isEqualTo(first.plusSeconds(2));
        listed(1);
        Instant second = ((Permit.Wait) shaper.send(lane, 1)).until();
        assertThat(second).isEqualTo(first.plus(Duration.ofMinutes(10)));

        clock.set(second);
        List<Integer> perStep = new ArrayList<>();
        Instant step = clock.instant();
        int sent = 0;
        while (!shaper.effects().isEmpty() && perStep.size() < 20) {
            if (shaper.send(lane, 1) instanceof Permit.Wait wait) {
                clock.set(wait.until());
            } else {
                sent++;
                // A lane that has five hundred a minute to send.
                clock.advance(Duration.ofMillis(120));
                shaper.delivered(lane);
            }
            if (!clock.instant().isBefore(step.plusSeconds(30))) {
                perStep.add(sent);
                sent = 0;
                step = clock.instant();
            }
        }
        assertThat(shaper.effects()).isEmpty();
        assertThat(perStep).hasSizeBetween(4, 8);
        for (int i = 1; i < perStep.size(); i++) {
            assertThat((double) perStep.get(i))
                    .as("step %d of %s", i, perStep)
                    .isLessThan(2.6 * perStep.get(i - 1) + 2);
        }
        assertThat(perStep.get(0)).isBetween(14, 17);
    }

    @Test
    void aCancelledEffectRecoversByStepsAndOneCancelledTwiceIsGone() {
        shaper.use(Rules.builtIn());
        AutoCloseable following = memory.follow();
        listed(5);
        String id = shaper.effects().get(0).id();

        assertThat(join(store.effects().cancel(id, "anna"))).isTrue();

        assertThat(shaper.effects().get(0).phase()).isEqualTo(Phase.RECOVERING);
        assertThat(shaper.effects().get(0).why()).contains("cancelled by anna");
        assertThat(shaper.limits(lane).connections()).isEqualTo(1);
        assertThat(shaper.send(lane, 1)).isEqualTo(Permit.GO);
        assertThat(shaper.send(lane, 1)).isInstanceOf(Permit.Wait.class);

        assertThat(join(store.effects().cancel(id, "anna"))).isTrue();

        assertThat(shaper.effects()).isEmpty();
        assertThat(shaper.send(lane, 1)).isEqualTo(Permit.GO);
        assertThat(join(store.effects().cancel(id, "anna"))).as("it is over").isFalse();
        assertThat(following).isNotNull();
    }

    @Test
    void anEndThatAnOperatorSetIsKept() {
        shaper.use(Rules.builtIn());
        AutoCloseable following = memory.follow();
        listed(5);
        Instant end = clock.instant().plus(Duration.ofHours(9));

        assertThat(join(store.effects().extend(shaper.effects().get(0).id(), end, "anna")))
                .isTrue();
        listed(3);
        memory.save();

        assertThat(((Permit.Wait) shaper.send(lane, 1)).until()).isEqualTo(end);
        assertThat(join(store.effects().effects(false)).get(0).until()).contains(end);
        assertThat(following).isNotNull();
    }

    @Test
    void killSwitchesHoldUntilRevived() {
        AutoCloseable following = memory.follow();
        for (EffectKey key :
                List.of(EffectKey.ofStream("news"), EffectKey.ofProvider("yahoo"), EffectKey.ofTag("black-friday"))) {
            Effect kill = Effect.begin(
                    "kill-1",
                    EffectKind.KILL,
                    key,
                    0,
                    Effect.OPERATOR,
                    "by anna",
                    List.of(),
                    clock.instant(),
                    Optional.empty());
            EffectStore fresh = new MemoryStore(clock).effects();
            EffectShaper own = new EffectShaper(new AdaptiveShaper(clock), clock, new Random(1));
            new ShapingMemory(fresh, store.control(), own, clock).follow();
            join(fresh.impose(kill));

            boolean byTag = key.tag().isPresent();
            Permit permit = byTag ? own.mayBegin("news", Set.of("black-friday")) : own.send(lane, 1);
            assertThat(permit).as(key.toString()).isInstanceOf(Permit.Wait.class);
            assertThat(own.mayBegin("news", Set.of("other"))).isEqualTo(Permit.GO);
            assertThat(own.send(new Lane("tx", "192.0.2.7", "google"), 1)).isEqualTo(Permit.GO);

            join(fresh.cancel("kill-1", "anna"));
            assertThat(byTag ? own.mayBegin("news", Set.of("black-friday")) : own.send(lane, 1))
                    .isEqualTo(Permit.GO);
        }
        assertThat(following).isNotNull();
    }

    @Test
    void aSourceThatIsListedGivesWayToAnother() {
        shaper.use(
                Rules.of(
                        """
                reactions:
                  - id: listed
                    when: {reason: blocked}
                    by: [source, provider]
                    trigger: {count: 2}
                    effect: {switch-source: 6h}
                """));
        assertThat(shaper.mayUseSource(lane)).isEqualTo(Permit.GO);
        listed(2);

        assertThat(((Permit.Wait) shaper.mayUseSource(lane)).until())
                .isEqualTo(clock.instant().plus(Duration.ofHours(6)));
        assertThat(shaper.mayUseSource(other)).as("all streams of the source").isInstanceOf(Permit.Wait.class);
        assertThat(shaper.mayUseSource(new Lane("news", "192.0.2.8", "yahoo"))).isEqualTo(Permit.GO);
        assertThat(shaper.mayUseSource(new Lane("news", "192.0.2.7", "google"))).isEqualTo(Permit.GO);

        clock.advance(Duration.ofHours(6));
        assertThat(shaper.mayUseSource(lane)).isEqualTo(Permit.GO);
    }

    @Test
    void slowIsAShareOfWhatTheLaneCarriedAndCapsAreRates() {
        shaper.use(
                Rules.of(
                        """
                reactions:
                  - id: spam
                    when: {reason: spamdetected}
                    by: [stream, provider]
                    trigger: {count: 10, window: 100s}
                    effect: {slow: 25%, for: 10m}
                """));
        Verdict spam = Verdict.of(Reason.SPAMDETECTED, Permanence.PERMANENT, "x/y", "550 spam");
        for (int i = 0; i < 400; i++) {
            clock.advance(Duration.ofMillis(250));
            if (i >= 390) {
                shaper.observed(lane, spam, Set.of());
            } else {
                shaper.delivered(lane);
            }
        }
        assertThat(shaper.effects()).hasSize(1);
        assertThat(shaper.limits(lane).messagesPerSecond())
                .as("a quarter of 4/s")
                .isBetween(0.9, 1.1);
        int sent = 0;
        Instant end = clock.instant().plusSeconds(60);
        while (clock.instant().isBefore(end)) {
            if (shaper.send(lane, 1) instanceof Permit.Wait w) {
                clock.set(w.until());
            } else {
                sent++;
            }
        }
        assertThat(sent).isBetween(54, 67);
    }

    @Test
    void effectsByDkimDomainReachEveryStreamThatSignsWithIt() {
        shaper.use(
                Rules.of(
                        """
                reactions:
                  - id: domain
                    when: {reason: blocked, fault: sender-domain}
                    by: [dkim-domain, provider]
                    trigger: {count: 2}
                    effect: {suspend: 1h}
                """));
        shaper.streamSigns("news", Set.of("example.com"));
        shaper.streamSigns("tx", Set.of("example.com"));
        Verdict v = new Verdict(
                Reason.BLOCKED,
                Permanence.PERMANENT,
                io.github.cameldeliverability.mail.Fault.SENDER_DOMAIN,
                "x/y",
                "554 domain");
        shaper.observed(lane, v, Set.of());
        shaper.observed(lane, v, Set.of());

        assertThat(shaper.send(lane, 1)).isInstanceOf(Permit.Wait.class);
        assertThat(shaper.send(other, 1)).isInstanceOf(Permit.Wait.class);
        assertThat(shaper.send(new Lane("else", "192.0.2.7", "yahoo"), 1)).isEqualTo(Permit.GO);
    }

    @Test
    void whoChangesTheRuleReleasesWhatItDid() {
        shaper.use(Rules.of(
                "reactions:\n  - {id: wrong, when: {reason: blocked}, trigger: {count: 1}, effect: {suspend: 20h}}"));
        listed(1);
        assertThat(shaper.send(lane, 1)).isInstanceOf(Permit.Wait.class);

        shaper.use(Rules.builtIn());

        assertThat(shaper.effects().get(0).phase()).isEqualTo(Phase.RECOVERING);
        assertThat(shaper.effects().get(0).why()).contains("its rule wrong was changed");
        assertThat(shaper.send(lane, 1)).isEqualTo(Permit.GO);
    }

    @Test
    void whatBelongsToOneRecipientIsNoReason() {
        shaper.use(
                Rules.of(
                        "reactions:\n  - {id: any, when: {permanence: permanent}, trigger: {count: 1}, effect: {suspend: 20h}}"));
        shaper.observed(
                lane, Verdict.of(Reason.USERUNKNOWN, Permanence.PERMANENT, "x/y", "550 5.1.1 unknown"), Set.of());
        assertThat(shaper.effects()).isEmpty();
    }

    private static <T> T join(java.util.concurrent.CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }
}
