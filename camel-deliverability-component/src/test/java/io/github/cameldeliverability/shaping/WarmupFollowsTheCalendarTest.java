package io.github.cameldeliverability.shaping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.github.cameldeliverability.mail.Lane;
import io.github.cameldeliverability.mail.Permanence;
import io.github.cameldeliverability.mail.Reason;
import io.github.cameldeliverability.mail.Verdict;
import io.github.cameldeliverability.mail.spi.Shaper.Permit;
import io.github.cameldeliverability.testkit.MemoryStore;
import io.github.cameldeliverability.testkit.MutableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WarmupFollowsTheCalendarTest {

    private static final Lane GOOGLE = new Lane("tx", "192.0.2.1", "google");
    private static final Lane SMALL = new Lane("tx", "192.0.2.1", "mx:mx.a.org");
    private static final Lane SMALL_TOO = new Lane("tx", "192.0.2.1", "mx:mx.b.org");
    private static final Lane OLD = new Lane("tx", "192.0.2.9", "google");

    private static final Verdict SLOW = Verdict.of(Reason.RATELIMITED, Permanence.TRANSIENT, "t/t", "421 too fast");
    private static final Verdict BLOCK = Verdict.of(Reason.BLOCKED, Permanence.PERMANENT, "t/t", "554 blocked");
    private static final Verdict UNKNOWN =
            Verdict.of(Reason.USERUNKNOWN, Permanence.PERMANENT, "t/t", "550 no such user");

    private final MutableClock clock = new MutableClock();
    private final MemoryStore store = new MemoryStore(clock);

    @BeforeEach
    void monday() {
        clock.set(Instant.parse("2026-11-23T09:00:00Z"));
    }

    private AdaptiveShaper shaper(String plan) {
        return shaper(plan, "source: 192.0.2.1");
    }

    private AdaptiveShaper shaper(String plan, String target) {
        String yaml = "plans: {p: {" + plan + "}}\nwarmup: [{" + target + ", plan: p, start: 2026-11-23}]";
        return new AdaptiveShaper(clock, LimitBook.parse("f.yaml", yaml), store.counters(), new LocalMeters());
    }

    private int day(AdaptiveShaper s, Lane lane, int wanted) {
        int sent = 0;
        for (int i = 0; i < wanted; i++) {
            if (s.send(lane, 1) instanceof Permit.Go) {
                s.delivered(lane);
                sent++;
            }
        }
        return sent;
    }

    private List<Integer> days(AdaptiveShaper s, Lane lane, int days, int wanted) {
        List<Integer> sent = new ArrayList<>();
        for (int i = 0; i < days; i++) {
            sent.add(day(s, lane, wanted));
            clock.advance(Duration.ofDays(1));
        }
        return sent;
    }

    @Test
    void eachSendingDayAllowsMoreAndThenEverything() {
        AdaptiveShaper s = shaper("days: '5, 10, 20*2'");
        assertThat(days(s, GOOGLE, 6, 50)).containsExactly(5, 10, 20, 20, 50, 50);
        assertThat(day(s, OLD, 50)).as("an address that is not warmed up").isEqualTo(50);
    }

    @Test
    void theStandardPlanGrowsForThirtyDays() {
        WarmupPlan plan = LimitBook.builtInOnly().plans().get(LimitBook.STANDARD_PLAN);
        assertThat(plan.days()).hasSize(30).isSorted().first().isEqualTo(50L);
        assertThat(plan.daysOf("google")).hasSize(30).isSorted().first().isEqualTo(20L);
        for (int i = 1; i < 30; i++) {
            assertThat(plan.days().get(i)).isLessThanOrEqualTo(2 * plan.days().get(i - 1));
        }
    }

    @Test
    void daysWithoutMailDoNotCountUnlessThePlanSaysSo() {
        AdaptiveShaper sending = shaper("days: '5, 10, 20'");
        assertThat(day(sending, GOOGLE, 50)).isEqualTo(5);
        clock.advance(Duration.ofDays(5));
        assertThat(day(sending, GOOGLE, 50)).isEqualTo(10);
        AdaptiveShaper calendar = shaper("days: '5, 10, 20, 40, 80', count: calendar", "source: 192.0.2.9");
        assertThat(day(calendar, OLD, 50)).as("five days after the start").isEqualTo(50);
        assertThat(calendar.warmups()).singleElement().satisfies(w -> assertThat(w.note())
                .isEqualTo("warm"));
    }

    @Test
    void weekendsRepeatFridayIfAsked() {
        AdaptiveShaper s = shaper("days: '1, 2, 3, 4, 5, 6, 7', skipWeekends: true");
        assertThat(days(s, GOOGLE, 9, 50))
                .as("Monday to Tuesday of the next week")
                .containsExactly(1, 2, 3, 4, 5, 6, 6, 6, 7);
    }

    @Test
    void providersGoTheirOwnWayAndHostsWithoutANameShareOne() {
        AdaptiveShaper s = shaper("days: '6, 12', providers: {google: '3, 9'}");
        assertThat(day(s, GOOGLE, 50)).isEqualTo(3);
        assertThat(day(s, SMALL, 4)).isEqualTo(4);
        assertThat(day(s, SMALL_TOO, 50)).isEqualTo(2);
        clock.advance(Duration.ofDays(1));
        assertThat(day(s, GOOGLE, 50)).isEqualTo(9);
        assertThat(s.warmups())
                .extracting(WarmupStatus::provider, WarmupStatus::day)
                .containsExactly(tuple("google", 2), tuple("others", 2));
    }

    @Test
    void manyDeferralsHoldThePlan() {
        AdaptiveShaper s = shaper("days: '40, 80, 160', hold: {deferrals: 20%, minimum: 20}");
        assertThat(day(s, GOOGLE, 30)).isEqualTo(30);
        for (int i = 0; i < 8; i++) {
            s.observed(GOOGLE, SLOW);
        }
        assertThat(s.warmups()).singleElement().satisfies(w -> assertThat(w.note())
                .isEqualTo("held, 8 of 38 deferred: 421 too fast"));
        clock.advance(Duration.ofDays(1));
        s.cancelEffects(GOOGLE);
        assertThat(day(s, GOOGLE, 100)).as("the same day again").isEqualTo(40);
        clock.advance(Duration.ofDays(1));
        assertThat(day(s, GOOGLE, 100)).isEqualTo(80);
    }

    @Test
    void refusalsOfTheSenderGoBackAtOnceAndDeadAddressesDoNot() {
        AdaptiveShaper s = shaper("days: '10, 20, 40, 80', back: {blocks: 5%, minimum: 20, steps: 2}");
        days(s, GOOGLE, 3, 100);
        assertThat(day(s, GOOGLE, 30)).isEqualTo(30);
        for (int i = 0; i < 30; i++) {
            s.observed(GOOGLE, UNKNOWN);
        }
        assertThat(s.warmups()).singleElement().satisfies(w -> assertThat(w.day())
                .isEqualTo(4));
        for (int i = 0; i < 4; i++) {
            s.observed(GOOGLE, BLOCK);
        }
        assertThat(s.warmups()).singleElement().satisfies(w -> {
            assertThat(w.day()).isEqualTo(2);
            assertThat(w.note()).startsWith("back from day 4, 4 of 64 refused");
        });
        assertThat(day(s, GOOGLE, 100)).as("30 of 20 are used").isZero();
        clock.advance(Duration.ofDays(1));
        s.cancelEffects(GOOGLE);
        assertThat(day(s, GOOGLE, 100)).isEqualTo(20);
    }

    @Test
    void whoRestedIsWarmedUpAgain() {
        AdaptiveShaper s = shaper("days: '1, 2, 3, 4', idle: {after: 10d, steps: 2, restart: 30d}");
        assertThat(days(s, GOOGLE, 6, 9)).containsExactly(1, 2, 3, 4, 9, 9);
        clock.advance(Duration.ofDays(10));
        assertThat(day(s, GOOGLE, 9)).as("two steps before the end").isEqualTo(3);
        clock.advance(Duration.ofDays(40));
        assertThat(day(s, GOOGLE, 9)).as("from the beginning").isEqualTo(1);
    }

    @Test
    void mailAboveTheCapMayUseAnotherAddressOrHasToWait() {
        AdaptiveShaper addresses = shaper("days: '5, 10'");
        day(addresses, GOOGLE, 50);
        assertThat(addresses.mayUseSource(GOOGLE)).isInstanceOf(Permit.Wait.class);
        assertThat(addresses.mayUseSource(OLD)).isInstanceOf(Permit.Go.class);
        AdaptiveShaper later = shaper("days: '5, 10', overflow: later");
        day(later, GOOGLE, 50);
        assertThat(later.mayUseSource(GOOGLE)).isInstanceOf(Permit.Go.class);
        assertThat(later.send(GOOGLE, 1)).isInstanceOfSatisfying(Permit.Wait.class, w -> assertThat(w.until())
                .isEqualTo(Instant.parse("2026-11-24T00:00:00Z")));
    }

    @Test
    void signingDomainsAreWarmedUpWhateverTheirAddress() {
        AdaptiveShaper s = shaper("days: '5, 10'", "domain: news.example.com");
        s.describeStream(
                "tx",
                new StreamFacts(
                        LimitSettings.NONE,
                        Set.of("news.example.com"),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()));
        assertThat(day(s, GOOGLE, 3) + day(s, OLD, 50)).isEqualTo(5);
    }

    @Test
    void beforeTheStartNothingLeavesAndAKilledProcessGoesOnWhereItWas() {
        clock.set(Instant.parse("2026-11-20T09:00:00Z"));
        assertThat(day(shaper("days: '5, 10, 20, 40'"), GOOGLE, 9)).isZero();
        monday();
        assertThat(day(shaper("days: '5, 10, 20, 40'"), GOOGLE, 3)).isEqualTo(3);
        assertThat(day(shaper("days: '5, 10, 20, 40'"), GOOGLE, 50)).isEqualTo(2);
        clock.advance(Duration.ofDays(1));
        assertThat(day(shaper("days: '5, 10, 20, 40'"), GOOGLE, 50)).isEqualTo(10);
        AdaptiveShaper third = shaper("days: '5, 10, 20, 40'");
        assertThat(third.warmups()).singleElement().satisfies(w -> {
            assertThat(w.day()).isEqualTo(2);
            assertThat(w.attempts()).isPositive();
        });
        third.tick().toCompletableFuture().join();
        clock.advance(Duration.ofDays(1));
        assertThat(day(shaper("days: '5, 10, 20, 40'"), GOOGLE, 50)).isEqualTo(20);
    }

    @Test
    void explainTellsTheDay() {
        AdaptiveShaper s = shaper("days: '5, 10', limits: {connections: 1}");
        day(s, GOOGLE, 2);
        assertThat(s.explain(GOOGLE))
                .extracting(Explanation::toString)
                .contains(
                        "connections = 1 (warm-up of source 192.0.2.1)",
                        "dailyCap = 5, 2 used, 3 left until 2026-11-24T00:00Z (warm-up of source 192.0.2.1 by plan p,"
                                + " day 1 of 2)");
        assertThat(s.limits(GOOGLE).connections()).isEqualTo(1);
    }
}
