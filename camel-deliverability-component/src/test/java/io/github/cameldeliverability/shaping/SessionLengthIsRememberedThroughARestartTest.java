package io.github.cameldeliverability.shaping;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.mail.Lane;
import io.github.cameldeliverability.mail.Permanence;
import io.github.cameldeliverability.mail.Reason;
import io.github.cameldeliverability.mail.SmtpPhase;
import io.github.cameldeliverability.mail.Verdict;
import io.github.cameldeliverability.mail.spi.Shaper.Sighting;
import io.github.cameldeliverability.testkit.MutableClock;
import io.github.cameldeliverability.testkit.TemporaryStore;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SessionLengthIsRememberedThroughARestartTest {

    private static final Lane LANE = new Lane("tx", Lane.DEFAULT_SOURCE, "mx:mx.club.test");
    private static final Verdict CUT_OFF =
            Verdict.of(Reason.RATELIMITED, Permanence.TRANSIENT, "x/y", "421 4.7.0 too many messages in this session");

    private final MutableClock clock = new MutableClock();
    private final TemporaryStore store = TemporaryStore.open(clock);

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void andForgottenWhenItIsOld() {
        EffectShaper first = shaper();
        ShapingMemory memory = memory(first);
        int before = first.limits(LANE).messagesPerConnection();
        session(first, 20);
        clock.advance(Duration.ofSeconds(10));
        session(first, 20);
        assertThat(first.limits(LANE).messagesPerConnection()).isEqualTo(20).isLessThan(before);
        memory.saveAll().toCompletableFuture().join();

        store.reopen();
        clock.advance(Duration.ofHours(1));
        EffectShaper second = shaper();
        ShapingMemory again = memory(second);
        assertThat(second.limits(LANE).messagesPerConnection()).isEqualTo(20);
        again.saveAll().toCompletableFuture().join();

        store.reopen();
        clock.advance(Duration.ofHours(6));
        EffectShaper third = shaper();
        memory(third);
        assertThat(third.limits(LANE).messagesPerConnection()).isEqualTo(before);
    }

    @Test
    void notesOfEarlierReleasesAndDamagedOnesAreRead() {
        AdaptiveShaper limits = new AdaptiveShaper(clock);
        int before = limits.limits(LANE).messagesPerConnection();
        for (String text : new String[] {
            "",
            ";;0;false;0;;",
            ";;0;false;0;;;",
            ";;0;false;0;;;x",
            ";;0;false;0;;;20,x",
            ";;0;false;0;;;,",
            ";;0;false;0;;;20,9223372036854775807",
            ";;0;false;0;;;20,-9223372036854775808",
            ";;0;false;0;;;-3,0"
        }) {
            limits.recall(LANE.stream() + "|" + LANE.source() + "|" + LANE.provider(), text);
            assertThat(limits.limits(LANE).messagesPerConnection()).as(text).isEqualTo(before);
        }
        limits.recall(
                LANE.stream() + "|" + LANE.source() + "|" + LANE.provider(),
                ";;0;false;0;;;20," + clock.instant().toEpochMilli());
        assertThat(limits.limits(LANE).messagesPerConnection()).isEqualTo(20);
    }

    private EffectShaper shaper() {
        EffectShaper shaper = new EffectShaper(new AdaptiveShaper(clock), clock, new Random(1));
        shaper.use(Rules.builtIn());
        return shaper;
    }

    private ShapingMemory memory(EffectShaper shaper) {
        ShapingMemory memory = new ShapingMemory(store.effects(), store.control(), shaper, clock);
        memory.load().toCompletableFuture().join();
        return memory;
    }

    /** So many messages, then the receiver closes the session. */
    private static void session(EffectShaper shaper, int messages) {
        for (int i = 0; i < messages; i++) {
            shaper.delivered(LANE, new Sighting(SmtpPhase.DOT, 250, 1, i, Duration.ofMillis(100)));
        }
        shaper.observed(LANE, CUT_OFF, Set.of(), new Sighting(SmtpPhase.MAIL, 421, 1, messages, Duration.ofMillis(10)));
    }
}
