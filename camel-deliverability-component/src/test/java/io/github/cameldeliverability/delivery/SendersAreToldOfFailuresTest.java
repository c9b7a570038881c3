package io.github.cameldeliverability.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.feedback.FeedbackReader;
import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.Envelope;
import io.github.cameldeliverability.mail.Feedback;
import io.github.cameldeliverability.mail.FeedbackKind;
import io.github.cameldeliverability.mail.NotifySender;
import io.github.cameldeliverability.mail.Reason;
import io.github.cameldeliverability.mail.RecipientFeedback;
import io.github.cameldeliverability.mail.ReversePath;
import io.github.cameldeliverability.mail.Submission;
import io.github.cameldeliverability.testkit.ScriptedSmtp.Sent;
import io.github.cameldeliverability.verdict.RulePackEngine;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SendersAreToldOfFailuresTest {

    private Scene scene;

    @Test
    void aBounceIsReportedToTheSenderAndOurReaderUnderstandsIt() {
        scene(NotifySender.FAILURE);
        scene.smtp.recipients("mx.a.org", a -> "550 5.1.1 no such user");

        String id = scene.submit("gone@a.org");

        Sent notice = only(notices());
        assertThat(notice.from().isNull()).isTrue();
        assertThat(notice.recipients()).extracting(EmailAddress::toString).containsExactly("shop@example.com");
        String text = new String(notice.transaction().content(), StandardCharsets.US_ASCII);
        assertThat(text)
                .contains("\r\nOriginal-Envelope-Id: " + id + "\r\n")
                .contains("\r\nFinal-Recipient: rfc822; gone@a.org\r\n")
                .contains("\r\nAction: failed\r\nStatus: 5.1.1\r\nRemote-MTA: dns; mx.a.org\r\n")
                .contains("\r\nDiagnostic-Code: smtp; 550 5.1.1 no such user\r\n")
                .contains("\r\nSubject: hello\r\n")
                .doesNotContain("\r\nbody\r\n");

        Feedback read = new FeedbackReader(RulePackEngine.builtIn(), scene.clock)
                .read(notice.transaction().content());
        assertThat(read.kind()).isEqualTo(FeedbackKind.BOUNCE);
        RecipientFeedback recipient = read.recipients().get(0);
        assertThat(recipient.status().orElseThrow()).hasToString("5.1.1");
        assertThat(recipient.verdict().reason()).isEqualTo(Reason.USERUNKNOWN);
    }

    @Test
    void aDelayIsReportedOnceAndTheExpiryToo() {
        scene(NotifySender.DELAY_AND_FAILURE);
        scene.smtp.recipients("mx.a.org", a -> "451 4.2.1 not for now");

        scene.submit("slow@a.org");
        scene.pass(Duration.ofHours(3));
        assertThat(notices()).isEmpty();
        scene.pass(Duration.ofDays(2));
        assertThat(text(only(notices()))).contains("Action: delayed").contains("Will-Retry-Until: ");
        scene.pass(Duration.ofDays(4));

        assertThat(notices()).hasSize(2);
        assertThat(text(notices().get(1))).contains("Action: failed").contains("Status: 4.2.1");
    }

    @Test
    void nobodyIsToldWhoDidNotAskOrHasANullReversePath() {
        scene(NotifySender.NEVER);
        scene.smtp.recipients("mx.a.org", a -> "550 5.1.1 no such user");
        scene.submit("gone@a.org");
        assertThat(notices()).isEmpty();

        scene(NotifySender.FAILURE);
        scene.smtp.recipients("mx.a.org", a -> "550 5.1.1 no such user");
        scene.smtp.recipients("mx.example.com", a -> "550 5.1.1 no such user");
        byte[] content = Scene.message("tx", "x@a.org").content();
        scene.engine.submit(new Submission(
                "tx", new Envelope(ReversePath.NULL, List.of(EmailAddress.parse("gone@a.org"))), content));
        assertThat(notices()).isEmpty();
        scene.submit("gone@a.org");
        scene.pass(Duration.ofHours(1));
        assertThat(notices()).as("a notice that bounces is not answered").hasSize(1);
    }

    private void scene(NotifySender notify) {
        scene = new Scene(Scene.stream("tx").with(s -> s.notifySender(notify)));
        scene.dns.domain("a.org", "mx.a.org=192.0.2.1").domain("example.com", "mx.example.com=192.0.2.2");
    }

    private List<Sent> notices() {
        return scene.smtp.sent().stream()
                .filter(s -> s.host().equals("mx.example.com"))
                .toList();
    }

    private static Sent only(List<Sent> all) {
        assertThat(all).hasSize(1);
        return all.get(0);
    }

    private static String text(Sent sent) {
        return new String(sent.transaction().content(), StandardCharsets.US_ASCII);
    }
}
