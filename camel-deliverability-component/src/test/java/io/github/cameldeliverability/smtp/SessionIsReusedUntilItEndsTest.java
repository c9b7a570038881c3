package io.github.cameldeliverability.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.cameldeliverability.mail.SmtpPhase;
import io.github.cameldeliverability.mail.spi.SmtpConnector.ConnectResult;
import io.github.cameldeliverability.mail.spi.SmtpConnector.ConnectResult.Failed;
import io.github.cameldeliverability.mail.spi.SmtpConnector.Target;
import io.github.cameldeliverability.mail.spi.SmtpSession;
import io.github.cameldeliverability.mail.spi.SmtpSession.Kind;
import io.github.cameldeliverability.mail.spi.SmtpSession.RecipientResult;
import io.github.cameldeliverability.mail.spi.SmtpSession.TransactionResult;
import io.github.cameldeliverability.mail.spi.SmtpTimeouts;
import io.github.cameldeliverability.mail.spi.TlsPolicy;
import io.github.cameldeliverability.testkit.Behaviour;
import io.github.cameldeliverability.testkit.FakeMx;
import io.github.cameldeliverability.testkit.Moment;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionIsReusedUntilItEndsTest {

    @Test
    void manyMessagesTravelOnOneConnection() {
        try (FakeMx mx = FakeMx.start();
                SmtpClient client = new SmtpClient()) {
            SmtpSession session = client.connect(mx);
            for (int i = 0; i < 50; i++) {
                assertThat(SmtpClient.send(session, "a@b.test")
                                .recipients()
                                .get(0)
                                .kind())
                        .isEqualTo(Kind.ACCEPTED);
            }
            assertThat(session.transactions()).isEqualTo(50);
            assertThat(mx.accepted()).isEqualTo(50);
            assertThat(mx.connections()).isEqualTo(1);
            assertThat(session.peer()).isEqualTo("mx.example.test [127.0.0.1]:" + mx.port());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"421 4.4.2 idle too long\r\n", "250 by the way\r\n", "421", ""})
    void aServerThatSpeaksOrHangsUpBetweenTransactionsEndsIt(String lastWords) {
        try (FakeMx mx = FakeMx.builder()
                        .onIdle(Duration.ofMillis(100), lastWords)
                        .build();
                SmtpClient client = new SmtpClient()) {
            SmtpSession session = client.connect(mx);
            assertThat(SmtpClient.send(session, "a@b.test").recipients().get(0).kind())
                    .isEqualTo(Kind.ACCEPTED);

            await().atMost(Duration.ofSeconds(5)).until(() -> !session.isOpen());

            TransactionResult next = SmtpClient.send(session, "a@b.test");
            assertThat(next.replayable()).isTrue();
            assertThat(next.recipients()).extracting(RecipientResult::kind).containsExactly(Kind.FAILED);
            assertThat(next.recipients().get(0).phase()).isEqualTo(SmtpPhase.MAIL);
            assertThat(mx.accepted()).isEqualTo(1);
        }
    }

    /** The farewell and our MAIL cross: what looks like the reply to MAIL was said before it. */
    @Test
    void aGoodbyeInReplyToMailMayBeReplayedOnlyOnAReusedSession() {
        try (FakeMx mx = FakeMx.builder().maxMessagesPerConnection(1).build();
                FakeMx closed = FakeMx.builder()
                        .limitReply("421 4.7.0 go away")
                        .on(Moment.MAIL, Behaviour.reply("421 4.7.0 go away"))
                        .build();
                SmtpClient client = new SmtpClient()) {
            SmtpSession session = client.connect(mx);
            SmtpClient.send(session, "a@b.test");
            TransactionResult second = SmtpClient.send(session, "a@b.test");
            TransactionResult first = SmtpClient.send(client.connect(closed), "a@b.test");

            assertThat(second.recipients().get(0).reply().code()).isEqualTo(421);
            assertThat(second.replayable()).isTrue();
            assertThat(first.recipients().get(0).reply().code()).isEqualTo(421);
            assertThat(first.replayable()).isFalse();
            assertThat(session.isOpen()).isFalse();
        }
    }

    @Test
    void anIdleSessionSaysQuitByItself() {
        try (FakeMx mx = FakeMx.start();
                SmtpClient client = new SmtpClient(
                        SmtpClientOptions.defaults().withIdleTimeout(Duration.ofMillis(100)),
                        SmtpTimeouts.DEFAULT.atMost(SmtpClient.LONG))) {
            SmtpSession session = client.connect(mx);
            await().atMost(Duration.ofSeconds(5))
                    .until(() -> !session.isOpen() && mx.commands().contains("QUIT"));
        }
    }

    @Test
    void quitIsSaidAndItsReplyAwaitedWithinABound() {
        try (FakeMx polite = FakeMx.start();
                FakeMx mute =
                        FakeMx.builder().on(Moment.QUIT, Behaviour.stall()).build();
                SmtpClient client =
                        new SmtpClient(SmtpClientOptions.defaults(), SmtpTimeouts.DEFAULT.atMost(SmtpClient.SHORT))) {
            for (FakeMx mx : List.of(polite, mute)) {
                SmtpSession session = client.connect(mx);
                SmtpClient.get(session.quit());
                assertThat(session.isOpen()).isFalse();
                assertThat(mx.commands()).containsExactly("EHLO client.example.test", "QUIT");
                SmtpClient.get(session.quit());
            }
        }
    }

    @Test
    void abortInTheMiddleOfATransactionEndsItAtOnce() {
        try (FakeMx mx = FakeMx.builder().on(Moment.RCPT, Behaviour.stall()).build();
                SmtpClient client = new SmtpClient()) {
            SmtpSession session = client.connect(mx);
            var sending = session.send(SmtpClient.message("x\r\n", "a@b.test"));
            await().until(() -> mx.commands().stream().anyMatch(c -> c.startsWith("RCPT")));

            session.abort();

            TransactionResult result = SmtpClient.get(sending);
            assertThat(result.recipients()).extracting(RecipientResult::kind).containsExactly(Kind.FAILED);
            assertThat(session.isOpen()).isFalse();
        }
    }

    @Test
    void aSecondTransactionAtTheSameTimeIsRefusedAndTheFirstIsNotDisturbed() {
        try (FakeMx mx = FakeMx.builder()
                        .on(Moment.DOT, Behaviour.delay(Duration.ofMillis(100)))
                        .build();
                SmtpClient client = new SmtpClient()) {
            SmtpSession session = client.connect(mx);
            var first = session.send(SmtpClient.message("x\r\n", "a@b.test"));
            var second = session.send(SmtpClient.message("y\r\n", "a@b.test"));

            assertThat(SmtpClient.get(second).recipients().get(0).kind()).isEqualTo(Kind.FAILED);
            assertThat(SmtpClient.get(first).recipients().get(0).kind()).isEqualTo(Kind.ACCEPTED);
        }
    }

    @Test
    void closingTheConnectorEndsWhatIsUnderWay() {
        try (FakeMx mx = FakeMx.builder().on(Moment.DATA, Behaviour.stall()).build()) {
            SmtpClient client = new SmtpClient();
            SmtpSession session = client.connect(mx);
            var sending = session.send(SmtpClient.message("x\r\n", "a@b.test"));

            client.connector().close();

            assertThat(SmtpClient.get(sending).recipients().get(0).kind()).isEqualTo(Kind.FAILED);
            assertThat(SmtpClient.send(session, "a@b.test").replayable()).isTrue();
            assertThat(client.tryConnect(mx, TlsPolicy.NONE)).isInstanceOf(Failed.class);
            client.close();
        }
    }

    @Test
    void nobodyAtHomeIsASyntheticReply() throws UnknownHostException {
        FakeMx gone = FakeMx.start();
        gone.close();
        try (SmtpClient client = new SmtpClient()) {
            Failed refused = (Failed) client.tryConnect(gone, TlsPolicy.NONE);
            assertThat(refused.reply().format()).startsWith("421 4.4.1").contains("mx.example.test", "127.0.0.1");
            assertThat(refused.phase()).isEqualTo(SmtpPhase.CONNECT);

            // TEST-NET-1 is not ours to bind.
            ConnectResult unbound = SmtpClient.get(client.connector()
                    .connect(new Target(
                            "mx.example.test",
                            gone.address(),
                            gone.port(),
                            Optional.of(InetAddress.getByName("192.0.2.1")),
                            "client.example.test",
                            TlsPolicy.NONE,
                            SmtpTimeouts.DEFAULT.atMost(SmtpClient.SHORT))));
            assertThat(((Failed) unbound).reply().format())
                    .startsWith("421 4.3.5")
                    .contains("192.0.2.1");
        }
    }

    @Test
    void theSourceAddressIsBound() throws UnknownHostException {
        try (FakeMx mx = FakeMx.start();
                SmtpClient client = new SmtpClient()) {
            ConnectResult result = SmtpClient.get(client.connector()
                    .connect(new Target(
                            mx.name(),
                            mx.address(),
                            mx.port(),
                            Optional.of(InetAddress.getByName("127.0.0.9")),
                            "client.example.test",
                            TlsPolicy.NONE,
                            SmtpTimeouts.DEFAULT)));
            SmtpClient.send(SmtpClient.session(result), "a@b.test");
            assertThat(mx.messages().get(0).client()).startsWith("127.0.0.9:");
        }
    }

    @Test
    void usersCodeRunsOnTheirExecutorOnly() {
        List<String> threads = new CopyOnWriteArrayList<>();
        List<String> lines = new CopyOnWriteArrayList<>();
        SmtpClientOptions options = SmtpClientOptions.defaults().withTranscript((peer, speaker, line) -> {
            threads.add(Thread.currentThread().getName());
            lines.add(speaker + " " + line);
            throw new IllegalStateException("listeners may fail");
        });
        try (FakeMx mx = FakeMx.start();
                SmtpClient client = new SmtpClient(options, SmtpTimeouts.DEFAULT.atMost(SmtpClient.LONG))) {
            CompletableFuture<Void> done = client.connector()
                    .connect(client.target(mx, TlsPolicy.NONE))
                    .thenCompose(r -> {
                        threads.add(Thread.currentThread().getName());
                        return SmtpClient.session(r).send(SmtpClient.message("secret content\r\n", "a@b.test"));
                    })
                    .thenAccept(r -> threads.add(Thread.currentThread().getName()))
                    .toCompletableFuture();
            SmtpClient.get(done);

            await().atMost(Duration.ofSeconds(5)).until(() -> lines.contains("SERVER 250 2.0.0 queued"));
            assertThat(threads).containsOnly("callback");
            assertThat(lines)
                    .contains("CLIENT EHLO client.example.test", "CLIENT RCPT TO:<a@b.test>", "SERVER 354 go ahead")
                    .noneMatch(l -> l.contains("secret"));
        }
    }
}
