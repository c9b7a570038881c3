package io.github.cameldeliverability.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.mail.Smarthost;
import io.github.cameldeliverability.mail.Smarthost.Login;
import io.github.cameldeliverability.mail.Smarthost.Mechanism;
import io.github.cameldeliverability.mail.Smarthost.Protocol;
import io.github.cameldeliverability.mail.SmtpPhase;
import io.github.cameldeliverability.mail.spi.SmtpConnector.ConnectResult;
import io.github.cameldeliverability.mail.spi.SmtpConnector.Target;
import io.github.cameldeliverability.mail.spi.SmtpSession.Kind;
import io.github.cameldeliverability.mail.spi.SmtpSession.RecipientResult;
import io.github.cameldeliverability.mail.spi.SmtpTimeouts;
import io.github.cameldeliverability.mail.spi.TlsPolicy;
import io.github.cameldeliverability.testkit.FakeMx;
import io.github.cameldeliverability.testkit.FakeMxBuilder;
import io.github.cameldeliverability.testkit.FakeMxTls;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SmarthostIsSpokenToAsItWantsTest {

    private final List<String> transcript = new CopyOnWriteArrayList<>();
    private final SmtpClient client = new SmtpClient(
            SmtpClientOptions.defaults()
                    .withVerifyContext(FakeMxTls.client())
                    .withTranscript((peer, speaker, line) -> transcript.add(line)),
            SmtpTimeouts.DEFAULT.atMost(SmtpClient.LONG));

    @AfterEach
    void close() {
        client.close();
    }

    @ParameterizedTest
    @CsvSource({"PLAIN,PASSWORD", "LOGIN,PASSWORD", "LOGIN PLAIN,PASSWORD", "PLAIN XOAUTH2,XOAUTH2"})
    void whoHasTheRightLoginIsLetIn(String offered, Mechanism mechanism) {
        try (FakeMx mx = FakeMx.builder()
                .startTls()
                .login(offered, "shop", "s\u00e9same")
                .build()) {
            ConnectResult result = connect(mx, Protocol.SMTP, TlsPolicy.VERIFY, "s\u00e9same", mechanism);
            assertThat(SmtpClient.send(SmtpClient.session(result), "a@b.test").recipients())
                    .extracting(RecipientResult::kind)
                    .containsExactly(Kind.ACCEPTED);
            assertThat(String.join(" ", transcript)).doesNotContain("c2hvcA");
        }
    }

    @ParameterizedTest
    @CsvSource({"PLAIN,PASSWORD", "LOGIN,PASSWORD", "XOAUTH2,XOAUTH2", "PLAIN,XOAUTH2", "CRAM-MD5,PASSWORD"})
    void whoCannotLogInWaits(String offered, Mechanism mechanism) {
        try (FakeMx mx =
                FakeMx.builder().startTls().login(offered, "shop", "sesame").build()) {
            assertThat(connect(mx, Protocol.SMTP, TlsPolicy.VERIFY, "wrong", mechanism))
                    .isInstanceOfSatisfying(ConnectResult.Failed.class, failed -> {
                        assertThat(failed.phase()).isEqualTo(SmtpPhase.AUTH);
                        assertThat(failed.reply().isTransient()).isTrue();
                        assertThat(failed.tlsFault()).isFalse();
                    });
        }
    }

    @Test
    void aPasswordIsNotSentInClearUnlessThatIsAskedFor() {
        try (FakeMx mx = FakeMx.builder().login("PLAIN", "shop", "sesame").build()) {
            assertThat(connect(mx, Protocol.SMTP, TlsPolicy.OPPORTUNISTIC, "sesame", Mechanism.PASSWORD))
                    .isInstanceOf(ConnectResult.Failed.class);
            assertThat(mx.commands()).noneMatch(c -> c.startsWith("AUTH"));
            assertThat(connect(mx, Protocol.SMTP, TlsPolicy.NONE, "sesame", Mechanism.PASSWORD))
                    .isInstanceOf(ConnectResult.Connected.class);
        }
    }

    @Test
    void tlsMayComeFirst() {
        try (FakeMx mx =
                FakeMx.builder().implicitTls().login("PLAIN", "shop", "sesame").build()) {
            ConnectResult result = connect(mx, Protocol.SMTPS, TlsPolicy.VERIFY, "sesame", Mechanism.PASSWORD);
            assertThat(SmtpClient.session(result).tls()).isPresent();
            assertThat(SmtpClient.send(SmtpClient.session(result), "a@b.test")
                            .recipients()
                            .get(0)
                            .kind())
                    .isEqualTo(Kind.ACCEPTED);
        }
    }

    @Test
    void aServerThatIsNotTheOneNamedGetsNoPassword() {
        try (FakeMx mx = FakeMx.builder()
                .name("other.example.org")
                .implicitTls()
                .login("PLAIN", "shop", "x")
                .build()) {
            assertThat(connect(mx, Protocol.SMTPS, TlsPolicy.VERIFY, "x", Mechanism.PASSWORD))
                    .isInstanceOfSatisfying(ConnectResult.Failed.class, f -> assertThat(f.tlsFault())
                            .isTrue());
            assertThat(mx.commands()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void lmtpAnswersForEachRecipient(boolean chunking) {
        FakeMxBuilder builder = FakeMx.builder()
                .rejectRecipients(a -> a.startsWith("nobody@"), "550 5.1.1 no such user")
                .lmtp(a -> a.startsWith("full@") ? "452 4.2.2 mailbox full" : null);
        try (FakeMx mx = (chunking ? builder.extension("CHUNKING") : builder).build()) {
            Target target =
                    target(mx, new Smarthost(mx.name(), mx.port(), Protocol.LMTP, TlsPolicy.NONE, Optional.empty()));
            var session = SmtpClient.session(SmtpClient.get(client.connector().connect(target)));
            for (int i = 0; i < 2; i++) {
                assertThat(SmtpClient.send(session, "a@b.test", "nobody@b.test", "full@b.test", "c@b.test")
                                .recipients())
                        .extracting(r -> r.reply().code())
                        .containsExactly(250, 550, 452, 250);
            }
            assertThat(mx.commands()).first().asString().startsWith("LHLO ");
        }
    }

    private ConnectResult connect(FakeMx mx, Protocol protocol, TlsPolicy tls, String secret, Mechanism mechanism) {
        Login login = new Login("shop", secret, mechanism);
        Smarthost smarthost = new Smarthost(mx.name(), mx.port(), protocol, tls, Optional.of(login));
        return SmtpClient.get(client.connector().connect(target(mx, smarthost)));
    }

    private static Target target(FakeMx mx, Smarthost smarthost) {
        return new Target(
                mx.name(),
                mx.address(),
                mx.port(),
                Optional.empty(),
                "client.example.test",
                smarthost.tls(),
                SmtpTimeouts.DEFAULT.atMost(SmtpClient.LONG),
                Optional.empty(),
                Optional.of(smarthost));
    }
}
