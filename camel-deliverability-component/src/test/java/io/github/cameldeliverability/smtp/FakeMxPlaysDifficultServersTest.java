package io.github.cameldeliverability.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.cameldeliverability.mail.spi.SmtpConnector.ConnectResult.Failed;
import io.github.cameldeliverability.mail.spi.SmtpSession;
import io.github.cameldeliverability.mail.spi.SmtpSession.RecipientResult;
import io.github.cameldeliverability.mail.spi.TlsPolicy;
import io.github.cameldeliverability.testkit.FakeMx;
import io.github.cameldeliverability.testkit.MutableClock;
import io.github.cameldeliverability.testkit.ReceivedMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The test kit's server does what its builder says. */
class FakeMxPlaysDifficultServersTest {

    private final SmtpClient client = new SmtpClient();
    private final MutableClock clock = new MutableClock();

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void greylistingPutsEachSenderAndRecipientOffOnce() {
        try (FakeMx mx =
                FakeMx.builder().clock(clock).greylist(Duration.ofMinutes(5)).build()) {
            SmtpSession session = client.connect(mx);
            assertThat(replies(session, "a@b.test")).containsExactly("451 4.7.1 Greylisted, please try again later");
            clock.advance(Duration.ofMinutes(4));
            assertThat(replies(session, "a@b.test", "c@b.test")).allMatch(r -> r.startsWith("451"));
            clock.advance(Duration.ofMinutes(1));
            assertThat(replies(session, "a@b.test", "c@b.test"))
                    .containsExactly("250 2.0.0 queued", "451 4.7.1 Greylisted, please try again later");
            assertThat(mx.messages()).extracting(ReceivedMessage::at).containsExactly(clock.instant());
        }
    }

    @Test
    void overAHiddenRateItSays421() {
        try (FakeMx mx = FakeMx.builder()
                .clock(clock)
                .maxRate(2, Duration.ofMinutes(1))
                .limitReply("421 4.7.0 slow down")
                .build()) {
            SmtpSession session = client.connect(mx);
            assertThat(replies(session, "a@b.test")).containsExactly("250 2.0.0 queued");
            assertThat(replies(session, "a@b.test")).containsExactly("250 2.0.0 queued");
            assertThat(replies(session, "a@b.test")).containsExactly("421 4.7.0 slow down");
            assertThat(session.isOpen()).isFalse();
            clock.advance(Duration.ofMinutes(1));
            assertThat(replies(client.connect(mx), "a@b.test")).containsExactly("250 2.0.0 queued");
        }
    }

    @Test
    void overAHiddenNumberOfConnectionsItGreetsWith421() {
        try (FakeMx mx = FakeMx.builder().maxConnections(1).build()) {
            SmtpSession first = client.connect(mx);
            Failed second = (Failed) client.tryConnect(mx, TlsPolicy.NONE);
            assertThat(second.reply().code()).isEqualTo(421);
            assertThat(second.reply().synthetic()).isFalse();
            assertThat(replies(first, "a@b.test")).containsExactly("250 2.0.0 queued");
            assertThat(mx.connections()).isEqualTo(2);
        }
    }

    @Test
    void declaredLimitsAreKept() {
        // The client obeys RCPTMAX; a fake that did not enforce it would prove nothing.
        try (FakeMx mx =
                        FakeMx.builder().extension("LIMITS RCPTMAX=1 MAILMAX=1").build();
                FakeMx secret = FakeMx.builder().maxRecipients(1).build()) {
            assertThat(replies(client.connect(mx), "a@b.test", "c@b.test"))
                    .satisfiesExactly(r -> assertThat(r).startsWith("250"), r -> assertThat(r)
                            .startsWith("452 4.5.3 not sent"));
            assertThat(replies(client.connect(secret), "a@b.test", "c@b.test"))
                    .containsExactly("250 2.0.0 queued", "452 4.5.3 too many recipients");
        }
    }

    @Test
    void sendersAndContentsAreRefusedByPredicate() {
        try (FakeMx mx = FakeMx.builder()
                .rejectMessages(m -> m.text().contains("Hello"), "554 5.7.1 spam")
                .build()) {
            assertThat(replies(client.connect(mx), "a@b.test")).containsExactly("554 5.7.1 spam");
            assertThat(mx.accepted()).isZero();
        }
        try (FakeMx mx = FakeMx.builder()
                .rejectSenders(from -> from.endsWith("@example.test"), "550 5.1.8 unknown sender domain")
                .build()) {
            assertThat(replies(client.connect(mx), "a@b.test")).containsExactly("550 5.1.8 unknown sender domain");
        }
    }

    @Test
    void aTarpitTakesItsTime() {
        try (FakeMx mx = FakeMx.builder().tarpit(Duration.ofMillis(20)).build()) {
            long start = System.nanoTime();
            assertThat(replies(client.connect(mx), "a@b.test")).containsExactly("250 2.0.0 queued");
            // Greeting, EHLO, MAIL, RCPT, DATA, end of content.
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(120));
        }
    }

    @Test
    void onlyAsMuchIsKeptAsAsked() throws InterruptedException {
        List<ReceivedMessage> heard = Collections.synchronizedList(new ArrayList<>());
        try (FakeMx mx = FakeMx.builder().keep(2).onMessage(heard::add).build()) {
            SmtpSession session = client.connect(mx);
            for (int i = 0; i < 5; i++) {
                replies(session, "a" + i + "@b.test");
            }
            assertThat(mx.awaitAccepted(5, Duration.ofSeconds(5))).isTrue();
            assertThat(mx.awaitAccepted(6, Duration.ofMillis(1))).isFalse();
            assertThat(mx.messages()).extracting(m -> m.to().get(0)).containsExactly("a3@b.test", "a4@b.test");
            assertThat(mx.acceptedRecipients()).isEqualTo(5);
            assertThat(heard).hasSize(5);
            mx.forget();
            assertThat(mx.messages()).isEmpty();
        }
    }

    @Test
    void itListensOnLoopbackOnly() {
        assertThatThrownBy(() -> FakeMx.builder().address("0.0.0.0"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("loopback");
        try (FakeMx mx = FakeMx.builder().address("127.0.0.7").build()) {
            assertThat(mx.address().getHostAddress()).isEqualTo("127.0.0.7");
            assertThat(replies(client.connect(mx), "a@b.test")).containsExactly("250 2.0.0 queued");
        }
    }

    private static List<String> replies(SmtpSession session, String... to) {
        return SmtpClient.send(session, to).recipients().stream()
                .map(RecipientResult::reply)
                .map(Object::toString)
                .toList();
    }
}
