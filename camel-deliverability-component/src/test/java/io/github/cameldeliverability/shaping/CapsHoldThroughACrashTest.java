package io.github.cameldeliverability.shaping;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.mail.Lane;
import io.github.cameldeliverability.mail.spi.Shaper.Permit;
import io.github.cameldeliverability.testkit.MemoryStore;
import io.github.cameldeliverability.testkit.MutableClock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CapsHoldThroughACrashTest {

    private static final Lane GOOGLE = new Lane("tx", "default", "google");

    private final MutableClock clock = new MutableClock();
    private final MemoryStore store = new MemoryStore(clock);

    private AdaptiveShaper shaper(String yaml) {
        return new AdaptiveShaper(clock, LimitBook.parse("f.yaml", yaml), store.counters(), new LocalMeters());
    }

    /** Sends one by one until the shaper says to wait for longer than a minute. */
    private int sendAll(AdaptiveShaper shaper, Lane lane, int atMost) {
        int sent = 0;
        while (sent < atMost) {
            Permit permit = shaper.send(lane, 1);
            if (permit instanceof Permit.Wait wait) {
                if (wait.until().isAfter(clock.instant().plusSeconds(60))) {
                    break;
                }
                clock.set(wait.until());
            } else {
                sent++;
            }
        }
        return sent;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 20, 150, 5000})
    void aCapIsMetExactlyAndTheNextDayBeginsAtMidnight(int cap) {
        clock.set(Instant.parse("2026-11-22T10:00:00Z"));
        AdaptiveShaper s = shaper("timeZone: Europe/Kyiv\nstreams: {tx: {dailyCap: " + cap + "}}");
        assertThat(sendAll(s, GOOGLE, 10_000)).isEqualTo(cap);
        assertThat(s.send(GOOGLE, 1)).isInstanceOfSatisfying(Permit.Wait.class, w -> {
            assertThat(w.until()).isEqualTo(Instant.parse("2026-11-22T22:00:00Z"));
            assertThat(w.why()).contains("daily cap of lane tx/default/google " + cap + " is used up");
        });
        clock.set(Instant.parse("2026-11-22T22:00:00Z"));
        assertThat(sendAll(s, GOOGLE, 10_000)).isEqualTo(cap);
    }

    @Test
    void killedAgainAndAgainItNeverSendsMoreThanTheCapAndLosesFew() {
        int sent = 0;
        for (int life = 0; life < 10; life++) {
            // Nobody closes the shaper: its blocks are lost.
            sent += sendAll(shaper("streams: {tx: {dailyCap: 1000}}"), GOOGLE, 90 + life);
        }
        sent += sendAll(shaper("streams: {tx: {dailyCap: 1000}}"), GOOGLE, 10_000);
        assertThat(sent).isLessThanOrEqualTo(1000).isGreaterThan(1000 - 11 * 40);
    }

    @Test
    void aStopInGoodOrderLosesNothing() {
        int sent = 0;
        for (int life = 0; life < 10; life++) {
            AdaptiveShaper s = shaper("streams: {tx: {dailyCap: 1000, hourlyCap: 1000}}");
            sent += sendAll(s, GOOGLE, 77);
            s.close().toCompletableFuture().join();
        }
        sent += sendAll(shaper("streams: {tx: {dailyCap: 1000, hourlyCap: 1000}}"), GOOGLE, 10_000);
        assertThat(sent).isEqualTo(1000);
    }

    @Test
    void explainTellsWhatWasUsedAlsoRightAfterARestart() {
        AdaptiveShaper first = shaper("streams: {tx: {dailyCap: 1000}}");
        sendAll(first, GOOGLE, 400);
        first.close().toCompletableFuture().join();
        assertThat(shaper("streams: {tx: {dailyCap: 1000}}").explain(GOOGLE)).anySatisfy(e -> assertThat(e.toString())
                .startsWith("dailyCap = 1000, 400 used, 600 left until ")
                .endsWith("(stream tx in f.yaml:1)"));
    }

    @Test
    void withoutTheStoreNothingIsSentUnderACap() {
        AdaptiveShaper s = shaper("streams: {tx: {dailyCap: 100}}");
        store.breakDown("the disk is away");
        assertThat(s.send(GOOGLE, 1)).isInstanceOf(Permit.Wait.class);
        store.repair();
        clock.advance(Duration.ofSeconds(2));
        assertThat(sendAll(s, GOOGLE, 1000)).isEqualTo(100);
    }

    @Test
    void transactionsShrinkToWhatIsLeft() {
        AdaptiveShaper s = shaper("streams: {tx: {dailyCap: 25, recipientsPerTransaction: 10}}");
        assertThat(s.limits(GOOGLE).recipientsPerTransaction()).isEqualTo(10);
        assertThat(s.send(GOOGLE, 10)).isInstanceOf(Permit.Go.class);
        assertThat(s.send(GOOGLE, 10)).isInstanceOf(Permit.Go.class);
        assertThat(s.limits(GOOGLE).recipientsPerTransaction()).isEqualTo(5);
        assertThat(s.send(GOOGLE, 5)).isInstanceOf(Permit.Go.class);
        assertThat(s.send(GOOGLE, 1)).isInstanceOf(Permit.Wait.class);
    }

    @Test
    void anotherBookHoldsAtOnceAndForgetsNothing() {
        AdaptiveShaper s = shaper("streams: {tx: {dailyCap: 100}}");
        assertThat(sendAll(s, GOOGLE, 60)).isEqualTo(60);
        s.use(LimitBook.parse("f.yaml", "streams: {tx: {dailyCap: 80}}"));
        assertThat(sendAll(s, GOOGLE, 1000)).isEqualTo(20);
        s.use(LimitBook.parse("f.yaml", "streams: {tx: {dailyCap: 200, connections: 2}}"));
        assertThat(sendAll(s, GOOGLE, 1000)).isEqualTo(120);
        assertThat(s.limits(GOOGLE).connections()).isEqualTo(2);
    }

    @Test
    void aRefusedSendTakesNothingFromTheOtherLimits() {
        AdaptiveShaper s = shaper("streams: {tx: {dailyCap: 100, messagesPerSecond: 1}}");
        int go = 0;
        for (int i = 0; i < 500; i++) {
            go += s.send(GOOGLE, 1) instanceof Permit.Go ? 1 : 0;
            clock.advance(Duration.ofMillis(100));
        }
        assertThat(go).isEqualTo(50);
        assertThat(s.explain(GOOGLE)).anySatisfy(e -> assertThat(e.value()).startsWith("100, 50 used"));
    }

    @Test
    void burstsAndOctetsAreLimitsToo() {
        AdaptiveShaper s = shaper("streams: {tx: {messagesPerSecond: 1/m, burst: 5}}");
        assertThat(sendAll(s, GOOGLE, 5)).isEqualTo(5);
        assertThat(s.send(GOOGLE, 1)).isInstanceOf(Permit.Wait.class);
        AdaptiveShaper bytes = shaper("streams: {tx: {bytesPerSecond: 1MB}}");
        assertThat(bytes.send(GOOGLE, 1, 5 << 20)).isInstanceOf(Permit.Go.class);
        assertThat(bytes.send(GOOGLE, 1, 1)).isInstanceOfSatisfying(Permit.Wait.class, w -> assertThat(w.until())
                .isBetween(clock.instant().plusSeconds(4), clock.instant().plusSeconds(5)));
    }
}
