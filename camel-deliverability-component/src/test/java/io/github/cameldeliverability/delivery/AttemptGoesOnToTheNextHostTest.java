package io.github.cameldeliverability.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.mail.DeliveryEvent;
import io.github.cameldeliverability.mail.DeliveryReport;
import io.github.cameldeliverability.mail.Outcome;
import io.github.cameldeliverability.mail.SmtpPhase;
import io.github.cameldeliverability.mail.SmtpReply;
import io.github.cameldeliverability.mail.spi.SmtpSession.Kind;
import io.github.cameldeliverability.mail.spi.SmtpSession.RecipientResult;
import io.github.cameldeliverability.shaping.LimitSettings;
import io.github.cameldeliverability.testkit.ScriptedSmtp;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AttemptGoesOnToTheNextHostTest {

    private final Scene scene = new Scene();

    AttemptGoesOnToTheNextHostTest() {
        scene.dns.domain("a.org", "mx1.a.org=192.0.2.1", "mx2.a.org=192.0.2.2", "mx3.a.org=192.0.2.3");
    }

    @Test
    void troubleOfOneHostIsNotTroubleOfAll() {
        scene.smtp.recipients("mx1.a.org", a -> "451 4.3.0 disk trouble");
        scene.submit("x@a.org");
        assertThat(scene.outcomesOf("x@a.org")).containsExactly(Outcome.DELIVERED);
        assertThat(scene.eventsOf("x@a.org").get(0).attempt()).isEqualTo(1);
        assertThat(scene.eventsOf("x@a.org").get(0).host()).contains("mx2.a.org [192.0.2.2]");
    }

    @Test
    void aSessionThatBreaksBeforeTheEndOfTheContentLeadsOn() {
        scene.smtp.transactions(
                "mx1.a.org",
                sent -> ScriptedSmtp.all(
                        sent,
                        new RecipientResult(
                                Kind.FAILED, SmtpPhase.DATA, SmtpReply.synthetic(421, "4.4.2", "connection lost"))));
        scene.submit("x@a.org");
        assertThat(scene.outcomesOf("x@a.org")).containsExactly(Outcome.DELIVERED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"550 5.1.1 no such user", "451 4.7.1 greylisted", "450 4.7.0 too fast", "452 4.2.2 mailbox full"
            })
    void whatIsSaidOfTheRecipientOrOfUsIsSaidForAllHosts(String reply) {
        scene.smtp.recipients("mx1.a.org", a -> reply);
        scene.submit("x@a.org");
        assertThat(scene.smtp.connects()).hasSize(1);
        assertThat(scene.eventsOf("x@a.org").get(0).reply().orElseThrow().format())
                .isEqualTo(reply);
    }

    @Test
    void eachRecipientGoesAsFarAsItMust() {
        scene.smtp.recipients(
                "mx1.a.org",
                a -> a.localPart().equals("x") ? null : a.localPart().equals("y") ? "550 no such user" : "451 no");
        scene.smtp.recipients("mx2.a.org", a -> a.localPart().equals("z") ? null : "451 no");
        scene.smtp.recipients("mx3.a.org", a -> "451 not here either");
        DeliveryReport report = scene.direct("x@a.org", "y@a.org", "z@a.org", "w@a.org");
        assertThat(report.recipients())
                .extracting(DeliveryEvent::outcome)
                .containsExactly(Outcome.DELIVERED, Outcome.BOUNCED, Outcome.DELIVERED, Outcome.DEFERRED);
        assertThat(report.recipients().get(3).reply().orElseThrow().text()).isEqualTo("not here either");
    }

    @Test
    void aHostThatSpokeCountsMoreThanHostsThatWereSilent() {
        scene.smtp.recipients("mx1.a.org", a -> "451 4.3.0 disk trouble");
        scene.smtp.unreachable("mx2.a.org");
        scene.smtp.unreachable("mx3.a.org");
        DeliveryEvent event = scene.direct("x@a.org").recipients().get(0);
        assertThat(event.outcome()).isEqualTo(Outcome.DEFERRED);
        assertThat(event.reply().orElseThrow().format()).isEqualTo("451 4.3.0 disk trouble");
        assertThat(event.host()).contains("mx1.a.org [192.0.2.1]");
    }

    @Test
    void aLostReplyToTheEndOfTheContentEndsTheAttempt() {
        scene.smtp.transactions(
                "mx1.a.org",
                sent -> ScriptedSmtp.all(
                        sent,
                        new RecipientResult(
                                Kind.UNCERTAIN, SmtpPhase.DOT, SmtpReply.synthetic(421, "4.4.2", "connection lost"))));
        DeliveryEvent event = scene.direct("x@a.org").recipients().get(0);
        assertThat(event.verdict().orElseThrow().isUncertain()).isTrue();
        assertThat(scene.smtp.connects()).hasSize(1);
    }

    @Test
    void noMoreHostsAreAskedThanOneAttemptMay() {
        Scene two = new Scene(o -> o.withHostsPerAttempt(2), LimitSettings.NONE, Scene.stream("tx"));
        two.dns.domain("a.org", "mx1.a.org=192.0.2.1", "mx2.a.org=192.0.2.2", "mx3.a.org=192.0.2.3");
        two.smtp.recipients("mx1.a.org", a -> "451 no").recipients("mx2.a.org", a -> "451 no");
        assertThat(two.direct("x@a.org").anyDeferred()).isTrue();
        assertThat(two.smtp.connects()).hasSize(2);
    }

    @Test
    void aDirectDeliveryIsOverAtItsDeadlineWhateverTheServerDoes() {
        Scene slow = new Scene(o -> o.withDirectTotal(Duration.ofMinutes(3)), LimitSettings.NONE, Scene.stream("tx"));
        slow.dns.domain("a.org", "mx1.a.org=192.0.2.1");
        slow.smtp.hold();
        var report = slow.engine.deliverNow(Scene.message("tx", "x@a.org")).toCompletableFuture();
        slow.time.settle();
        slow.pass(Duration.ofSeconds(179));
        assertThat(report).isNotDone();
        slow.pass(Duration.ofSeconds(3));
        assertThat(report.join().anyDeferred()).isTrue();
    }
}
