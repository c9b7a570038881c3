package io.github.cameldeliverability.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.mail.DeliveryEvent;
import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.Outcome;
import io.github.cameldeliverability.mail.Reason;
import io.github.cameldeliverability.mail.SmtpPhase;
import io.github.cameldeliverability.mail.spi.MxResolver.MxAnswer;
import io.github.cameldeliverability.mail.spi.SmtpSession.Transaction;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EachRecipientGetsOneFinalOutcomeTest {

    private final Scene scene = new Scene();

    @Test
    void aTakenMessageIsDeliveredOnceAndLeavesTheSpool() {
        scene.dns.domain("a.org", "mx.a.org=192.0.2.1");

        String id = scene.submit("x@a.org");

        assertThat(scene.outcomesOf("x@a.org")).containsExactly(Outcome.DELIVERED);
        DeliveryEvent e = scene.events().get(0);
        assertThat(e.queueId()).isEqualTo(id);
        assertThat(e.attempt()).isEqualTo(1);
        assertThat(e.host()).hasValue("mx.a.org [192.0.2.1]");
        assertThat(e.provider()).hasValue("mx:mx.a.org");
        assertThat(e.messageId()).isEqualTo("<" + id + "@example.com>");
        assertThat(scene.openRows()).isZero();
        Transaction t = scene.smtp.sent().get(0).transaction();
        String content = new String(t.content(), StandardCharsets.US_ASCII);
        assertThat(content)
                .contains("Message-ID: <" + id + "@example.com>\r\n")
                .contains("\r\nDate: Thu, 1 Jan 2026 00:00:00 +0000\r\n")
                .endsWith("\r\nbody\r\n");
    }

    @Test
    void recipientsOfOneDomainShareATransactionAndOneRefusalDoesNotStopTheOthers() {
        scene.dns.domain("a.org", "mx.a.org=192.0.2.1");
        scene.smtp.recipients("mx.a.org", a -> a.localPart().equals("bad") ? "550 5.1.1 no such user" : null);

        scene.submit("one@a.org", "bad@a.org", "two@a.org");

        assertThat(scene.smtp.sent()).hasSize(1);
        assertThat(scene.outcomesOf("one@a.org")).containsExactly(Outcome.DELIVERED);
        assertThat(scene.outcomesOf("two@a.org")).containsExactly(Outcome.DELIVERED);
        assertThat(scene.outcomesOf("bad@a.org")).containsExactly(Outcome.BOUNCED);
        assertThat(scene.eventsOf("bad@a.org").get(0).verdict().orElseThrow().reason())
                .isEqualTo(Reason.USERUNKNOWN);
    }

    @Test
    void domainsOfOneMailHostShareASessionButNotATransaction() {
        scene.dns.domain("a.org", "mx.host.net=192.0.2.1").domain("b.org", "mx.host.net");
        scene.submit("x@a.org");
        scene.submit("x@b.org");
        assertThat(scene.smtp.connects()).hasSize(1);
        assertThat(scene.smtp.sent()).hasSize(2);
    }

    @Test
    void whatTheDnsSaysForGoodBouncesAndWhatItCannotSayNowWaits() {
        scene.dns
                .answer("null.org", new MxAnswer.NullMx())
                .answer("gone.org", new MxAnswer.NoSuchDomain())
                .answer("web.org", new MxAnswer.NoMailHost())
                .answer("sick.org", new MxAnswer.TemporaryFailure("SERVFAIL"));

        scene.submit("x@null.org", "x@gone.org", "x@web.org", "x@sick.org");

        assertThat(replyOf("x@null.org")).startsWith("556 5.1.10");
        assertThat(scene.outcomesOf("x@null.org")).containsExactly(Outcome.BOUNCED);
        assertThat(replyOf("x@gone.org")).startsWith("550 5.1.2");
        assertThat(scene.outcomesOf("x@gone.org")).containsExactly(Outcome.BOUNCED);
        assertThat(replyOf("x@web.org")).startsWith("550 5.4.4");
        assertThat(replyOf("x@sick.org")).startsWith("451 4.4.3");
        assertThat(scene.outcomesOf("x@sick.org")).containsExactly(Outcome.DEFERRED);

        scene.dns.domain("sick.org", "mx.sick.org=192.0.2.9");
        scene.pass(Duration.ofMinutes(10));
        assertThat(scene.outcomesOf("x@sick.org")).containsExactly(Outcome.DEFERRED, Outcome.DELIVERED);
    }

    @Test
    void anAddressLiteralNeedsNoDns() {
        scene.submit("x@[192.0.2.77]");
        assertThat(scene.outcomesOf("x@[192.0.2.77]")).containsExactly(Outcome.DELIVERED);
        assertThat(scene.smtp.connects().get(0).address().getHostAddress()).isEqualTo("192.0.2.77");
    }

    @Test
    void hostsOnOurOwnNetworkAreRefused() {
        scene.dns.domain("evil.org", "mx.evil.org=127.0.0.1");
        scene.submit("x@evil.org");
        assertThat(scene.smtp.connects()).isEmpty();
        assertThat(scene.outcomesOf("x@evil.org")).containsExactly(Outcome.BOUNCED);
        assertThat(scene.eventsOf("x@evil.org").get(0).verdict().orElseThrow().isHard())
                .as("suppresses nobody")
                .isFalse();
    }

    @Test
    void fiveDaysOfMoodyServersEndInOneFinalOutcomeForEveryone() {
        Random mood = new Random(42);
        for (int d = 0; d < 20; d++) {
            scene.dns.domain("d" + d + ".org", "mx" + d + ".net=192.0.2." + (d + 1));
            scene.smtp.transactions("mx" + d + ".net", sent -> {
                var results = sent.recipients().stream()
                        .map(a -> switch (mood.nextInt(8)) {
                            case 0 -> io.github.cameldeliverability.testkit.ScriptedSmtp.accepted();
                            case 1 -> refused("550 5.1.1 no such user");
                            case 2 -> refused("421 4.7.0 too fast");
                            case 3 -> refused("450 4.2.2 mailbox full");
                            default -> refused("451 4.7.1 greylisted, try again in 5 minutes");
                        })
                        .toList();
                return new io.github.cameldeliverability.mail.spi.SmtpSession.TransactionResult(results, false);
            });
        }
        Set<String> all = new HashSet<>();
        for (int i = 0; i < 300; i++) {
            String a = "u" + i + "@d" + (i % 20) + ".org";
            String b = "v" + i + "@d" + ((i * 7) % 20) + ".org";
            all.add(a);
            all.add(b);
            scene.submit(a, b);
            scene.pass(Duration.ofSeconds(3));
        }
        scene.pass(Duration.ofDays(6));

        List<EmailAddress> finals =
                scene.finals().stream().map(DeliveryEvent::recipient).toList();
        assertThat(finals).doesNotHaveDuplicates().hasSize(all.size());
        assertThat(scene.openRows()).isZero();
        assertThat(scene.snapshot().memoryMessages()).isZero();
        for (String address : all) {
            List<Integer> attempts =
                    scene.eventsOf(address).stream().map(DeliveryEvent::attempt).toList();
            for (int i = 0; i < attempts.size() - 1; i++) {
                assertThat(attempts.get(i)).as("attempts of %s", address).isEqualTo(i + 1);
            }
        }
    }

    private String replyOf(String recipient) {
        return scene.eventsOf(recipient).get(0).reply().orElseThrow().format();
    }

    private static io.github.cameldeliverability.mail.spi.SmtpSession.RecipientResult refused(String reply) {
        return io.github.cameldeliverability.testkit.ScriptedSmtp.refused(SmtpPhase.RCPT, reply);
    }
}
