package io.github.cameldeliverability.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.mail.Outcome;
import io.github.cameldeliverability.mail.SmtpPhase;
import io.github.cameldeliverability.mail.SmtpReply;
import io.github.cameldeliverability.mail.spi.SmtpConnector.ConnectResult;
import io.github.cameldeliverability.mail.spi.SmtpSession.Kind;
import io.github.cameldeliverability.mail.spi.SmtpSession.RecipientResult;
import io.github.cameldeliverability.mail.spi.SmtpSession.TransactionResult;
import io.github.cameldeliverability.mail.spi.TlsPolicy;
import io.github.cameldeliverability.testkit.ScriptedSmtp;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class HostsAreTriedInOrderTest {

    private final Scene scene = new Scene();

    @Test
    void aDeadHostIsPassedByAndRemembered() {
        scene.dns.domain("a.org", "mx1.a.org=192.0.2.1", "mx2.a.org=192.0.2.2");
        scene.smtp.unreachable("mx1.a.org");
        scene.submit("x@a.org");
        assertThat(hosts()).containsExactly("mx1.a.org", "mx2.a.org");
        assertThat(scene.outcomesOf("x@a.org")).containsExactly(Outcome.DELIVERED);

        scene.pass(Duration.ofSeconds(20));
        scene.submit("y@a.org");
        assertThat(hosts()).as("not again within the minute").containsExactly("mx1.a.org", "mx2.a.org", "mx2.a.org");
    }

    @Test
    void aBusyGreetingLeadsToTheNextHost() {
        scene.dns.domain("a.org", "mx1.a.org=192.0.2.1", "mx2.a.org=192.0.2.2");
        scene.smtp.greeting("mx1.a.org", "421 4.3.2 busy");
        scene.submit("x@a.org");
        assertThat(scene.outcomesOf("x@a.org")).containsExactly(Outcome.DELIVERED);
    }

    @Test
    void everyAddressOfAHostIsAnAlternative() {
        scene.dns.domain("a.org", "mx.a.org").host("mx.a.org", "2001:db8::1", "192.0.2.1");
        scene.smtp.door(
                "mx.a.org",
                t -> t.address() instanceof java.net.Inet6Address
                        ? new ConnectResult.Failed(
                                SmtpReply.synthetic(421, "4.4.1", "no route"), SmtpPhase.CONNECT, false)
                        : null);
        scene.submit("x@a.org");
        assertThat(scene.outcomesOf("x@a.org")).containsExactly(Outcome.DELIVERED);
        assertThat(scene.smtp.connects()).hasSize(2);
    }

    @Test
    void aSessionThatBreaksOffLeadsToTheOtherAddressesOfItsHost() {
        scene.dns.domain("two.org", "mx.two.org").host("mx.two.org", "192.0.2.21", "192.0.2.22");
        scene.smtp.transactions(
                "mx.two.org",
                sent -> scene.smtp
                                .peers()
                                .get(sent.session() - 1)
                                .address()
                                .getHostAddress()
                                .equals("192.0.2.21")
                        ? ScriptedSmtp.all(
                                sent,
                                new RecipientResult(
                                        Kind.FAILED,
                                        SmtpPhase.RCPT,
                                        SmtpReply.synthetic(421, "4.4.2", "connection lost")))
                        : null);
        scene.submit("a@two.org");

        assertThat(scene.outcomesOf("a@two.org")).containsExactly(Outcome.DELIVERED);
        assertThat(scene.smtp.peers().stream().map(t -> t.address().getHostAddress()))
                .containsExactly("192.0.2.21", "192.0.2.22");
    }

    @Test
    void afterTheEndOfTheContentNoSecondHostIsAsked() {
        scene.dns.domain("a.org", "mx1.a.org=192.0.2.1", "mx2.a.org=192.0.2.2");
        AtomicInteger times = new AtomicInteger();
        scene.smtp.transactions(
                "mx1.a.org",
                sent -> times.incrementAndGet() > 1
                        ? null
                        : ScriptedSmtp.all(
                                sent,
                                new RecipientResult(
                                        Kind.UNCERTAIN,
                                        SmtpPhase.DOT,
                                        SmtpReply.synthetic(421, "4.4.2", "no reply to the final dot"))));
        String id = scene.submit("x@a.org");
        assertThat(hosts()).containsExactly("mx1.a.org");
        assertThat(scene.outcomesOf("x@a.org")).containsExactly(Outcome.DEFERRED);
        assertThat(scene.events().get(0).verdict().orElseThrow().ruleId()).isEqualTo("delivery/uncertain");
        scene.pass(Duration.ofMinutes(6));
        assertThat(scene.outcomesOf("x@a.org")).containsExactly(Outcome.DEFERRED, Outcome.DELIVERED);
        assertThat(scene.smtp.sent()).allSatisfy(s -> assertThat(
                        new String(s.transaction().content(), java.nio.charset.StandardCharsets.US_ASCII))
                .contains("Message-ID: <" + id + "@example.com>"));
    }

    @Test
    void aSessionThatDiedIdleCostsNoAttempt() {
        scene.dns.domain("a.org", "mx.a.org=192.0.2.1");
        AtomicInteger times = new AtomicInteger();
        scene.smtp.transactions(
                "mx.a.org",
                sent -> times.incrementAndGet() != 2
                        ? null
                        : new TransactionResult(
                                List.of(new RecipientResult(
                                        Kind.FAILED, SmtpPhase.MAIL, SmtpReply.synthetic(421, "4.4.2", "closed"))),
                                true));
        scene.submit("x@a.org");
        scene.submit("y@a.org");
        assertThat(scene.outcomesOf("y@a.org")).containsExactly(Outcome.DELIVERED);
        assertThat(scene.eventsOf("y@a.org").get(0).attempt()).isEqualTo(1);
        assertThat(scene.smtp.connects()).hasSize(2);
    }

    @Test
    void aReplayIsTriedOnceOnly() {
        scene.dns.domain("a.org", "mx.a.org=192.0.2.1");
        scene.smtp.transactions(
                "mx.a.org",
                sent -> new TransactionResult(
                        List.of(new RecipientResult(
                                Kind.FAILED, SmtpPhase.MAIL, SmtpReply.synthetic(421, "4.4.2", "closed"))),
                        true));
        scene.submit("x@a.org");
        assertThat(scene.smtp.sent()).hasSize(2);
        assertThat(scene.outcomesOf("x@a.org")).containsExactly(Outcome.DEFERRED);
    }

    @Test
    void brokenTlsIsGivenUpWhereItIsOnlyAnOpportunity() {
        scene.dns.domain("a.org", "mx.a.org=192.0.2.1");
        scene.smtp.door(
                "mx.a.org",
                t -> t.tls() == TlsPolicy.NONE
                        ? null
                        : new ConnectResult.Failed(
                                SmtpReply.synthetic(454, "4.7.0", "handshake failed"), SmtpPhase.STARTTLS, true));
        scene.submit("x@a.org");
        scene.pass(Duration.ofSeconds(30));
        scene.submit("y@a.org");
        assertThat(scene.smtp.connects())
                .extracting(t -> t.tls())
                .containsExactly(TlsPolicy.OPPORTUNISTIC, TlsPolicy.NONE, TlsPolicy.NONE);
        assertThat(scene.finals()).hasSize(2).allMatch(e -> e.outcome() == Outcome.DELIVERED);
    }

    @Test
    void aDeadDestinationChargesOneMessageAnAttemptAndTheOthersNone() {
        scene.dns.domain("dead.org", "mx.dead.org=192.0.2.1");
        scene.smtp.unreachable("mx.dead.org");
        for (int i = 0; i < 50; i++) {
            scene.submit("u" + i + "@dead.org");
        }
        scene.pass(Duration.ofHours(1));
        assertThat(scene.smtp.connects()).hasSizeLessThan(20);
        assertThat(scene.events()).as("one event a connection that was tried").hasSameSizeAs(scene.smtp.connects());
        scene.smtp.opens("mx.dead.org");
        scene.pass(Duration.ofHours(5));
        assertThat(scene.finals()).hasSize(50).allMatch(e -> e.outcome() == Outcome.DELIVERED);
        scene.finals().forEach(e -> assertThat(e.attempt())
                .isEqualTo(scene.eventsOf(e.recipient().toString()).size()));
    }

    private List<String> hosts() {
        return scene.smtp.connects().stream().map(t -> t.hostName()).toList();
    }
}
