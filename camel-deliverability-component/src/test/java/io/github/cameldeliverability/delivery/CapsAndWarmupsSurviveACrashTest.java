package io.github.cameldeliverability.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.mail.Lane;
import io.github.cameldeliverability.mail.Outcome;
import io.github.cameldeliverability.mail.SourceAddress;
import io.github.cameldeliverability.mail.StreamConfig;
import io.github.cameldeliverability.mail.spi.QueueControl;
import io.github.cameldeliverability.shaping.AdaptiveShaper;
import io.github.cameldeliverability.shaping.LimitBook;
import io.github.cameldeliverability.shaping.LocalMeters;
import io.github.cameldeliverability.testkit.ManualScheduler;
import io.github.cameldeliverability.testkit.MapMxResolver;
import io.github.cameldeliverability.testkit.MemoryStore;
import io.github.cameldeliverability.testkit.MutableClock;
import io.github.cameldeliverability.testkit.ScriptedSmtp;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whole engines that die without a word, one after the other, on one store. */
class CapsAndWarmupsSurviveACrashTest {

    private static final Lane LANE = new Lane("tx", Lane.DEFAULT_SOURCE, "mx:mx.a.org");

    private final MutableClock clock = new MutableClock();
    private final MemoryStore store = new MemoryStore(clock);
    private final MapMxResolver dns = new MapMxResolver();
    private final ScriptedSmtp smtp = new ScriptedSmtp();
    private int ids;

    /** One life of the engine; a crash is that nothing of it moves any more. */
    private final class Life {
        final ManualScheduler time = new ManualScheduler(clock);
        final AdaptiveShaper shaper;
        final DeliveryEngine engine;

        Life(String limits, StreamConfig stream) {
            // What the dead one held is free.
            store.freeAll();
            shaper = new AdaptiveShaper(
                    clock, LimitBook.parse("limits.yaml", limits), store.counters(), new LocalMeters());
            engine = new DeliveryEngine(
                    new EngineRooms(store, dns, smtp, shaper, Scene::judge, Optional.empty()),
                    new EngineMachinery(
                            clock,
                            time,
                            Runnable::run,
                            new Random(7),
                            () -> String.format(Locale.ROOT, "%016d", ++ids)),
                    EngineOptions.DEFAULTS,
                    RetryPolicy.defaults(),
                    List.of(stream));
            engine.start();
            time.settle();
        }

        Life(String limits) {
            this(limits, Scene.stream("tx"));
        }

        void submit(int n) {
            for (int i = 0; i < n; i++) {
                assertThat(engine.submit(Scene.message("tx", "u" + ids + "@a.org")))
                        .isCompleted();
            }
        }

        void pass(Duration d) {
            time.advance(d);
        }
    }

    @BeforeEach
    void oneHost() {
        clock.set(Instant.parse("2026-11-23T08:00:00Z"));
        dns.domain("a.org", "mx.a.org=192.0.2.1");
    }

    private long delivered() {
        return store.events().all().stream()
                .filter(e -> e.outcome() == Outcome.DELIVERED)
                .count();
    }

    @Test
    void aCapIsKeptByAllLivesTogether() {
        String limits = "streams: {tx: {dailyCap: 100, messagesPerSecond: 1}}";
        Life life = new Life(limits);
        life.submit(400);
        for (int crashes = 0; crashes < 6; crashes++) {
            life.pass(Duration.ofSeconds(13));
            life = new Life(limits);
        }
        life.pass(Duration.ofHours(3));
        assertThat(delivered()).isLessThanOrEqualTo(100).isGreaterThan(100 - 7 * 4);
        assertThat(life.engine.snapshot().toCompletableFuture().join().lanes())
                .as("who waits until tomorrow waits on disk")
                .allSatisfy(l -> assertThat(l.queued()).isZero());
        assertThat(life.shaper.explain(LANE))
                .anySatisfy(e -> assertThat(e.toString()).contains("dailyCap = 100, 100 used, 0 left"));
        life.pass(Duration.ofHours(24));
        assertThat(delivered()).isBetween(100L + 72, 200L);
        life.pass(Duration.ofDays(3));
        assertThat(delivered()).isEqualTo(400);
        assertThat(store.events().all()).as("a wait is no attempt").allSatisfy(e -> assertThat(e.attempt())
                .isEqualTo(1));
    }

    @Test
    void aWarmUpGoesOnWhereItWas() {
        String limits = "plans: {p: {days: '10, 20, 40, 80, 160', limits: {messagesPerSecond: 1}}}\n"
                + "warmup: [{source: default, plan: p, start: 2026-11-23}]";
        Life life = new Life(limits);
        life.submit(100);
        life.pass(Duration.ofSeconds(6));
        assertThat(delivered()).isBetween(5L, 7L);
        life = new Life(limits);
        life.pass(Duration.ofHours(10));
        // The one that waited for its slot when the engine died had its place in the cap already.
        assertThat(delivered()).isBetween(9L, 10L);
        life = new Life(limits);
        life.pass(Duration.ofHours(7));
        assertThat(delivered()).as("the second day, begun").isBetween(29L, 30L);
        life = new Life(limits);
        life.pass(Duration.ofHours(10));
        assertThat(delivered()).isBetween(29L, 30L);
        assertThat(life.shaper.warmups()).singleElement().satisfies(w -> {
            assertThat(w.provider()).isEqualTo("others");
            assertThat(w.day()).isEqualTo(2);
        });
        life.pass(Duration.ofDays(1));
        assertThat(delivered()).isBetween(69L, 70L);
    }

    @Test
    void whatAColdAddressMayNotTakeAWarmOneTakes() throws Exception {
        String limits = "plans: {p: {days: '10, 20'}}\nwarmup: [{source: 192.0.2.50, plan: p, start: 2026-11-23}]";
        List<SourceAddress> sources = List.of(
                new SourceAddress(InetAddress.getByName("192.0.2.50"), "a.example.com"),
                new SourceAddress(InetAddress.getByName("192.0.2.51"), "b.example.com"));
        StreamConfig stream = Scene.stream("tx").with(d -> d.sources(sources));
        Life life = new Life(limits, stream);
        life.submit(200);
        life.pass(Duration.ofMinutes(5));
        assertThat(delivered()).as("nothing waits").isEqualTo(200);
        assertThat(life.shaper.warmups()).singleElement().satisfies(w -> assertThat(w.attempts())
                .isEqualTo(10));
    }

    @Test
    void aRaisedCapIsTakenUpByMailThatIsHurried() {
        Life life = new Life("streams: {tx: {dailyCap: 5}}");
        life.submit(20);
        life.pass(Duration.ofMinutes(1));
        assertThat(delivered()).isEqualTo(5);
        life.shaper.use(LimitBook.parse("limits.yaml", "streams: {tx: {dailyCap: 12}}"));
        life.engine.limitsChanged();
        var order = store.control()
                .retry(
                        new QueueControl.Selection(
                                Optional.empty(), Optional.of("tx"), Optional.empty(), Optional.empty()),
                        false);
        assertThat(order).isCompleted();
        life.pass(Duration.ofMinutes(1));
        assertThat(delivered()).isEqualTo(12);
    }
}
