package io.github.cameldeliverability.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.mail.DeliveryEvent;
import io.github.cameldeliverability.mail.Outcome;
import io.github.cameldeliverability.mail.Permanence;
import io.github.cameldeliverability.mail.Reason;
import io.github.cameldeliverability.mail.SmtpReply;
import io.github.cameldeliverability.mail.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetriesFollowTheReasonTest {

    private final Scene scene = new Scene();

    @BeforeEach
    void oneHost() {
        scene.dns.domain("a.org", "mx.a.org=192.0.2.1");
    }

    @Test
    void aGreylistedMessageComesBackAsSoonAsItMay() {
        Instant opens = scene.clock.instant().plusSeconds(300);
        scene.smtp.recipients(
                "mx.a.org",
                a -> scene.clock.instant().isBefore(opens) ? "451 4.7.1 greylisted, try again in 5 minutes" : null);
        scene.submit("x@a.org");
        scene.pass(Duration.ofMinutes(6));
        assertThat(scene.outcomesOf("x@a.org")).containsExactly(Outcome.DEFERRED, Outcome.DELIVERED);
        assertThat(scene.smtp.sent().get(0).from())
                .isEqualTo(scene.smtp.sent().get(1).from());
    }

    @Test
    void withoutAHintGreylistingIsRetriedAfterOneFiveAndFifteenMinutes() {
        scene.smtp.recipients("mx.a.org", a -> "451 4.7.1 greylisted");
        scene.submit("x@a.org");
        scene.pass(Duration.ofMinutes(25));
        assertThat(gaps("x@a.org")).hasSizeGreaterThanOrEqualTo(3).satisfies(g -> {
            assertThat(g.get(0)).isBetween(Duration.ofMinutes(1), Duration.ofSeconds(70));
            assertThat(g.get(1)).isBetween(Duration.ofMinutes(5), Duration.ofSeconds(331));
            assertThat(g.get(2)).isBetween(Duration.ofMinutes(15), Duration.ofSeconds(991));
        });
    }

    @Test
    void theDeadlineIsKeptToTheSecondAndCarriesTheLastReply() {
        scene.smtp.recipients("mx.a.org", a -> "451 4.3.0 not today");
        Instant accepted = scene.clock.instant();
        scene.submit("x@a.org");
        scene.pass(Duration.ofDays(6));
        List<DeliveryEvent> events = scene.eventsOf("x@a.org");
        DeliveryEvent last = events.get(events.size() - 1);
        assertThat(last.outcome()).isEqualTo(Outcome.EXPIRED);
        assertThat(last.at())
                .isBetween(
                        accepted.plus(Duration.ofDays(5)),
                        accepted.plus(Duration.ofDays(5)).plusSeconds(1));
        assertThat(last.reply().orElseThrow().format()).isEqualTo("451 4.3.0 not today");
        assertThat(scene.smtp.sent()).hasSizeBetween(25, 45);
        assertThat(scene.openRows()).isZero();
    }

    @Test
    void aFullMailboxIsTriedForThreeDays() {
        scene.smtp.recipients("mx.a.org", a -> "452 4.2.2 mailbox full");
        scene.submit("x@a.org");
        scene.pass(Duration.ofDays(6));
        List<DeliveryEvent> events = scene.eventsOf("x@a.org");
        assertThat(events).hasSizeBetween(6, 9);
        DeliveryEvent last = events.get(events.size() - 1);
        assertThat(last.outcome()).isEqualTo(Outcome.EXPIRED);
        assertThat(Duration.between(events.get(0).at(), last.at()))
                .isBetween(Duration.ofDays(3), Duration.ofDays(4).plusHours(3));
    }

    @Test
    void contentThatIsRefusedForNowIsTriedTwice() {
        scene.smtp.recipients("mx.a.org", a -> "451 4.7.1 looks like spam");
        scene.submit("x@a.org");
        scene.pass(Duration.ofDays(6));
        assertThat(scene.outcomesOf("x@a.org")).containsExactly(Outcome.DEFERRED, Outcome.BOUNCED);
    }

    @Test
    void theVerdictOutranksTheFirstDigit() {
        scene.smtp.recipients(
                "mx.a.org",
                a -> a.localPart().equals("soft") ? "550 5.3.2 down for now" : "450 4.1.1 no such user for good");
        scene.submit("soft@a.org", "hard@a.org");
        assertThat(scene.outcomesOf("soft@a.org")).containsExactly(Outcome.DEFERRED);
        assertThat(scene.outcomesOf("hard@a.org")).containsExactly(Outcome.BOUNCED);
    }

    @Test
    void whenTheServerTakesTenAtATimeTheRestFollowsAtOnce() {
        scene.smtp.transactions("mx.a.org", sent -> {
            var results = new java.util.ArrayList<io.github.cameldeliverability.mail.spi.SmtpSession.RecipientResult>();
            for (int i = 0; i < sent.recipients().size(); i++) {
                results.add(
                        i < 10
                                ? io.github.cameldeliverability.testkit.ScriptedSmtp.accepted()
                                : io.github.cameldeliverability.testkit.ScriptedSmtp.refused(
                                        io.github.cameldeliverability.mail.SmtpPhase.RCPT,
                                        "452 4.5.3 too many recipients"));
            }
            return new io.github.cameldeliverability.mail.spi.SmtpSession.TransactionResult(results, false);
        });
        String[] to = new String[25];
        for (int i = 0; i < to.length; i++) {
            to[i] = "u" + i + "@a.org";
        }
        scene.submit(to);
        assertThat(scene.finals()).hasSize(25).allMatch(e -> e.outcome() == Outcome.DELIVERED && e.attempt() == 1);
        assertThat(scene.smtp.sent()).extracting(s -> s.recipients().size()).containsExactly(25, 10, 5);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Greylisted, please try again in 5 minutes | PT5M",
                "try again after 300 seconds | PT5M",
                "please retry in 00:10:00 | PT10M",
                "greylisted for 05:00 | PT5M",
                "wait 90s and come back | PT1M30S",
                "4.7.1 try later | PT0S",
                "error 421 in 7 cases | PT0S"
            })
    void waitsThatServersAskForAreRead(String text, Duration wait) {
        assertThat(RetryHint.in(text)).isEqualTo(wait);
    }

    @Test
    void aHintIsNeverUndercutAndNeverHonouredForDays() {
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        for (int i = 0; i < 200; i++) {
            assertThat(at("try again in 10 minutes", now, i)).isBetween(now.plusSeconds(600), now.plusSeconds(640));
            assertThat(at("try again in 9999 hours", now, i)).isBefore(now.plusSeconds(2 * 3600));
        }
    }

    private static Instant at(String text, Instant now, int seed) {
        Verdict v = Verdict.of(Reason.GREYLISTED, Permanence.TRANSIENT, "t", text);
        SmtpReply reply = SmtpReply.parse("451 4.7.1 " + text).orElseThrow();
        return ((RetryPolicy.Retry) RetryPolicy.defaults().after(v, reply, 1, now, now, new Random(seed))).at();
    }

    private List<Duration> gaps(String recipient) {
        List<DeliveryEvent> events = scene.eventsOf(recipient);
        List<Duration> gaps = new java.util.ArrayList<>();
        for (int i = 1; i < events.size(); i++) {
            gaps.add(Duration.between(events.get(i - 1).at(), events.get(i).at()));
        }
        return gaps;
    }
}
