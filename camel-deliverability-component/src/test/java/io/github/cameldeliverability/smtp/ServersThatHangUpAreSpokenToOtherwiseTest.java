package io.github.cameldeliverability.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.mail.SmtpPhase;
import io.github.cameldeliverability.mail.spi.SmtpConnector.ConnectResult;
import io.github.cameldeliverability.mail.spi.SmtpSession.Kind;
import io.github.cameldeliverability.mail.spi.TlsPolicy;
import io.github.cameldeliverability.testkit.Behaviour;
import io.github.cameldeliverability.testkit.FakeMx;
import io.github.cameldeliverability.testkit.Moment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ServersThatHangUpAreSpokenToOtherwiseTest {

    private final SmtpClient client = new SmtpClient();

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void whoHangsUpOnEhloIsGreetedWithHelo() {
        try (FakeMx mx = FakeMx.builder().on(Moment.EHLO, Behaviour.drop()).build()) {
            assertThat(SmtpClient.send(client.connect(mx, TlsPolicy.OPPORTUNISTIC), "a@b.test")
                            .recipients()
                            .get(0)
                            .kind())
                    .isEqualTo(Kind.ACCEPTED);
            assertThat(mx.connections()).isEqualTo(2);
        }
    }

    @Test
    void whoHangsUpOnHeloTooHasFailed() {
        try (FakeMx mx = FakeMx.builder()
                .on(Moment.EHLO, Behaviour.drop())
                .on(Moment.HELO, Behaviour.drop())
                .build()) {
            assertThat(client.tryConnect(mx, TlsPolicy.NONE)).isInstanceOf(ConnectResult.Failed.class);
            assertThat(mx.connections()).isEqualTo(2);
        }
    }

    @Test
    void withoutEhloThereIsNoTlsSoWhereItIsRequiredNobodyTries() {
        try (FakeMx mx = FakeMx.builder().on(Moment.EHLO, Behaviour.drop()).build()) {
            assertThat(client.tryConnect(mx, TlsPolicy.ENCRYPT)).isInstanceOf(ConnectResult.Failed.class);
            assertThat(mx.connections()).isEqualTo(1);
        }
    }

    @Test
    void whoHangsUpOnStarttlsHasBrokenTls() {
        try (FakeMx mx = FakeMx.builder()
                .startTls()
                .on(Moment.STARTTLS, Behaviour.drop())
                .build()) {
            assertThat(client.tryConnect(mx, TlsPolicy.OPPORTUNISTIC))
                    .isInstanceOfSatisfying(ConnectResult.Failed.class, failed -> {
                        assertThat(failed.tlsFault()).isTrue();
                        assertThat(failed.phase()).isEqualTo(SmtpPhase.STARTTLS);
                    });
        }
    }
}
