package io.github.cameldeliverability.shaping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.cameldeliverability.mail.Fault;
import io.github.cameldeliverability.mail.Lane;
import io.github.cameldeliverability.mail.Permanence;
import io.github.cameldeliverability.mail.Reason;
import io.github.cameldeliverability.mail.Verdict;
import io.github.cameldeliverability.mail.spi.Shaper.Permit;
import io.github.cameldeliverability.testkit.MutableClock;
import java.io.IOException;
import java.io.StringReader;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LimitsFollowWhatServersSayTest {

    private static final Verdict TOO_FAST =
            Verdict.of(Reason.RATELIMITED, Permanence.TRANSIENT, "test/rate", "421 too fast");
    private static final Verdict TOO_MANY =
            Verdict.of(Reason.TOOMANYCONN, Permanence.TRANSIENT, "test/sessions", "421 too many");
    private static final Verdict BLOCKED =
            Verdict.of(Reason.BLOCKED, Permanence.PERMANENT, "test/block", "554 blocked");

    private final MutableClock clock = new MutableClock();
    private final AdaptiveShaper shaper = new AdaptiveShaper(clock);
    private final Lane lane = new Lane("tx", Lane.DEFAULT_SOURCE, "mx:mx.a.org");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gmail-smtp-in.l.google.com alt1.gmail-smtp-in.l.google.com | google",
                "ASPMX.L.GOOGLE.COM. | google",
                "notgoogle.com | mx:notgoogle.com",
                "hotmail-com.olc.protection.outlook.com | microsoft-consumer",
                "contoso-com.mail.protection.outlook.com | microsoft-365",
                "mta5.am0.yahoodns.net mta6.am0.yahoodns.net | yahoo",
                "mxs.mail.ru | mail.ru",
                "mx.yandex.ru | yandex",
                "mx1.mail.icloud.com mx2.mail.icloud.com | apple",
                "mx.wp.pl | wp",
                "aspmx.l.google.com mail.self.org | mx:aspmx.l.google.com,mail.self.org",
                "b.self.org A.self.org. | mx:a.self.org,b.self.org"
            })
    void hostsTellTheProviderOnlyIfTheyAgree(String hosts, String provider) {
        assertThat(shaper.provider("vanity.org", List.of(hosts.split(" ", -1)))).isEqualTo(provider);
    }

    @Test
    void usersDefinitionsGoOverTheBuiltInOnesAndSayWhoTheyAre() throws IOException {
        List<ProviderDefinition> mine = ProviderTable.parse(
                new StringReader(
                        """
                        google.connections = 3
                        club.mx = *.club.example, mxs.mail.ru
                        club.messagesPerSecond = 30/m
                        """),
                "my.properties");
        AdaptiveShaper own = new AdaptiveShaper(clock, LimitSettings.NONE.withMessagesPerConnection(7), mine);
        Lane google = new Lane("tx", Lane.DEFAULT_SOURCE, "google");
        assertThat(own.limits(google).connections()).isEqualTo(3);
        assertThat(own.provider("x", List.of("mx1.club.example"))).isEqualTo("club");
        assertThat(own.provider("x", List.of("mxs.mail.ru"))).isEqualTo("club");
        Lane club = new Lane("tx", Lane.DEFAULT_SOURCE, "club");
        assertThat(own.limits(club).messagesPerSecond()).isEqualTo(0.5);
        assertThat(own.limits(club).messagesPerConnection()).isEqualTo(7);
        assertThat(own.explain(club))
                .extracting(Explanation::toString)
                .contains("messagesPerSecond = 0.5/s (provider club in my.properties)", "connections = 10 (defaults)");
    }

    @Test
    void definitionsThatCannotWorkAreRefused() {
        assertThatThrownBy(() -> ProviderTable.parse(new StringReader("x.connections = many"), "f"))
                .hasMessageContaining("f: x.connections");
        assertThatThrownBy(() -> ProviderTable.parse(new StringReader("x.speed = 3"), "f"))
                .hasMessageContaining("is no limit");
        assertThatThrownBy(() -> new AdaptiveShaper(
                        clock,
                        LimitSettings.NONE,
                        List.of(new ProviderDefinition(
                                "gmail", List.of(), LimitSettings.NONE.withConnections(2), "f"))))
                .hasMessageContaining("never match");
    }

    @Test
    void whoWaitsForASlotWakesExactlyWhenItIsFree() {
        AdaptiveShaper slow = new AdaptiveShaper(clock, LimitSettings.NONE.withMessagesPerSecond(0.1), List.of());
        assertThat(slow.send(lane, 1)).isInstanceOf(Permit.Go.class);
        Permit.Wait wait = (Permit.Wait) slow.send(lane, 1);
        assertThat(wait.until()).isEqualTo(clock.instant().plusSeconds(10));
        assertThat(wait.why()).contains("message rate");
        clock.set(wait.until().minusMillis(1));
        assertThat(slow.send(lane, 1)).isInstanceOf(Permit.Wait.class);
        clock.set(wait.until());
        assertThat(slow.send(lane, 1)).isInstanceOf(Permit.Go.class);
    }

    @Test
    void overAnHourTheRateIsKeptWhateverTheTransactionsSize() {
        AdaptiveShaper s = new AdaptiveShaper(clock, LimitSettings.NONE.withMessagesPerSecond(5), List.of());
        Instant end = clock.instant().plusSeconds(3600);
        int sent = 0;
        int size = 0;
        while (clock.instant().isBefore(end)) {
            int n = 1 + size++ % 13;
            if (s.send(lane, n) instanceof Permit.Wait w) {
                clock.set(w.until());
                size--;
            } else {
                sent += n;
            }
        }
        assertThat(sent).isBetween(18_000 - 20, 18_000 + 20);
    }

    @Test
    void tooFastSlowsDownOnceAndDeliveriesGiveBackStepByStep() {
        AdaptiveShaper s = new AdaptiveShaper(clock, LimitSettings.NONE.withMessagesPerSecond(8), List.of());
        send(s, 400, 8);
        s.observed(lane, TOO_FAST);
        s.observed(lane, TOO_FAST);
        Permit.Wait held = (Permit.Wait) s.send(lane, 1);
        assertThat(held.why()).contains("slowed down: ratelimited by rule test/rate");
        assertThat(s.explain(lane)).extracting(Explanation::limit).contains("held");
        clock.set(held.until());
        assertThat(s.send(lane, 1)).as("one message asks").isInstanceOf(Permit.Go.class);
        assertThat(s.send(lane, 1)).as("the others wait for its answer").isInstanceOf(Permit.Wait.class);
        s.delivered(lane);
        double before = s.limits(lane).messagesPerSecond();
        assertThat(before).as("once, not twice").isEqualTo(4);
        for (int i = 0; i < 30 && before < 8; i++) {
            send(s, (int) (25 * before), before);
            double now = s.limits(lane).messagesPerSecond();
            assertThat(now).isBetween(before, before * 1.5);
            before = now;
        }
        assertThat(s.limits(lane).messagesPerSecond()).isEqualTo(8);
    }

    @Test
    void aSessionRefusedWhileOthersLiveLowersTheirNumberOnly() {
        for (int i = 0; i < 5; i++) {
            assertThat(shaper.connect(lane)).isInstanceOf(Permit.Go.class);
        }
        shaper.observed(lane, TOO_MANY);
        shaper.disconnected(lane);
        assertThat(shaper.limits(lane).connections()).isEqualTo(4);
        assertThat(shaper.limits(lane).messagesPerSecond()).isZero();
        assertThat(shaper.send(lane, 1)).isInstanceOf(Permit.Go.class);
        assertThat(shaper.connect(lane)).isInstanceOf(Permit.Wait.class);
    }

    private void send(AdaptiveShaper s, int messages, double perSecond) {
        for (int i = 0; i < messages; i++) {
            s.delivered(lane);
            clock.advance(Duration.ofNanos((long) (1e9 / perSecond)));
        }
    }

    @Test
    void repeatedRefusalsOfTheSenderSuspendWithGrowingProbes() {
        for (int i = 0; i < 4; i++) {
            shaper.observed(lane, BLOCKED);
        }
        assertThat(shaper.send(lane, 1)).as("four are no sample").isInstanceOf(Permit.Go.class);
        shaper.observed(lane, BLOCKED);
        Instant first = ((Permit.Wait) shaper.send(lane, 1)).until();
        assertThat(first).isEqualTo(clock.instant().plus(Duration.ofMinutes(5)));
        clock.set(first);
        assertThat(shaper.limits(lane).connections()).as("a probe").isEqualTo(1);
        shaper.observed(lane, BLOCKED);
        Instant second = ((Permit.Wait) shaper.send(lane, 1)).until();
        assertThat(second).isEqualTo(clock.instant().plus(Duration.ofMinutes(10)));
        clock.set(second);
        shaper.delivered(lane);
        assertThat(shaper.send(lane, 1)).isInstanceOf(Permit.Go.class);
    }

    @Test
    void aFewRefusalsAmongManyDeliveriesSuspendNothing() {
        for (int i = 0; i < 100; i++) {
            shaper.delivered(lane);
            if (i % 10 == 0) {
                shaper.observed(lane, BLOCKED);
            }
        }
        assertThat(shaper.send(lane, 1)).isInstanceOf(Permit.Go.class);
    }

    @Test
    void aMailboxThatReceivesTooMuchSlowsNobody() {
        shaper.observed(
                lane, new Verdict(Reason.RATELIMITED, Permanence.TRANSIENT, Fault.RECIPIENT, "test/user", "450 4.2.1"));
        assertThat(shaper.send(lane, 1)).isInstanceOf(Permit.Go.class);
    }

    @Test
    void effectsCanBeCancelled() {
        shaper.observed(lane, TOO_FAST);
        assertThat(shaper.send(lane, 1)).isInstanceOf(Permit.Wait.class);
        shaper.cancelEffects(lane);
        assertThat(shaper.send(lane, 1)).isInstanceOf(Permit.Go.class);
        shaper.suspend(lane, clock.instant().plusSeconds(60), "anna");
        assertThat(shaper.explain(lane)).extracting(Explanation::setBy).contains("suspended by anna");
    }
}
