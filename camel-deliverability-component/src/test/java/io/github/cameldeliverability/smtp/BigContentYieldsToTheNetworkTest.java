package io.github.cameldeliverability.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.mail.SmtpPhase;
import io.github.cameldeliverability.mail.spi.SmtpSession;
import io.github.cameldeliverability.mail.spi.SmtpSession.Kind;
import io.github.cameldeliverability.mail.spi.SmtpSession.RecipientResult;
import io.github.cameldeliverability.mail.spi.SmtpSession.TransactionResult;
import io.github.cameldeliverability.mail.spi.SmtpTimeouts;
import io.github.cameldeliverability.mail.spi.TlsPolicy;
import io.github.cameldeliverability.testkit.Behaviour;
import io.github.cameldeliverability.testkit.FakeMx;
import io.github.cameldeliverability.testkit.FakeMxBuilder;
import io.github.cameldeliverability.testkit.Moment;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages that do not fit into the socket's buffers. */
class BigContentYieldsToTheNetworkTest {

    private static final byte[] CONTENT =
            ("." + "x".repeat(75) + "\r\n").repeat(150_000).getBytes(StandardCharsets.US_ASCII);

    @ParameterizedTest
    @CsvSource({"false, NONE", "true, NONE", "false, ENCRYPT", "true, ENCRYPT"})
    void elevenMegabytesArriveWhole(boolean chunking, TlsPolicy tls) {
        try (FakeMx mx = server(chunking).startTls().build();
                SmtpClient client = new SmtpClient()) {
            TransactionResult result =
                    SmtpClient.send(client.connect(mx, tls), SmtpClient.message(CONTENT, "a@b.test"));

            assertThat(result.recipients()).extracting(RecipientResult::kind).containsExactly(Kind.ACCEPTED);
            assertThat(mx.messages().get(0).content()).isEqualTo(CONTENT);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aServerThatStopsReadingIsLeftAfterTheBlockTimeout(boolean chunking) {
        SmtpTimeouts d = SmtpTimeouts.DEFAULT.atMost(SmtpClient.LONG);
        SmtpTimeouts timeouts = new SmtpTimeouts(
                d.connect(), d.greeting(), d.command(), d.data(), SmtpClient.SHORT, d.dataDone(), d.quit());
        try (FakeMx mx = server(chunking)
                        .receiveBuffer(16 * 1024)
                        .on(Moment.CONTENT, Behaviour.stall())
                        .build();
                SmtpClient client = new SmtpClient(SmtpClientOptions.defaults(), timeouts)) {
            SmtpSession session = client.connect(mx);
            TransactionResult result = SmtpClient.send(session, SmtpClient.message(CONTENT, "a@b.test"));

            // Not uncertain: the end was never sent.
            assertThat(result.recipients().get(0).kind()).isEqualTo(Kind.FAILED);
            assertThat(result.recipients().get(0).reply().format())
                    .startsWith("421 4.4.2")
                    .contains("300 ms");
            assertThat(session.isOpen()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aConnectionLostInTheMiddleHasDeliveredNothing(boolean chunking) {
        for (Behaviour end : new Behaviour[] {Behaviour.drop(), Behaviour.reset()}) {
            try (FakeMx mx = server(chunking)
                            .receiveBuffer(16 * 1024)
                            .on(Moment.CONTENT, end.after(Duration.ofMillis(50)))
                            .build();
                    SmtpClient client = new SmtpClient()) {
                TransactionResult result = SmtpClient.send(client.connect(mx), SmtpClient.message(CONTENT, "a@b.test"));

                assertThat(result.recipients().get(0).kind()).isEqualTo(Kind.FAILED);
                assertThat(result.recipients().get(0).phase()).isEqualTo(SmtpPhase.DOT);
                assertThat(result.recipients().get(0).reply().format()).startsWith("421 4.4.2");
                assertThat(result.replayable()).isFalse();
            }
        }
    }

    /** Some servers refuse in the middle and hang up. Their words are the result, not the broken pipe. */
    @ParameterizedTest
    @CsvSource({
        "552 5.3.4 too big, false",
        "552 5.3.4 too big, true",
        "421 4.3.0 overload, false",
        "421 4.3.0 overload, true"
    })
    void aRefusalInTheMiddleIsHeard(String words, boolean chunking) {
        try (FakeMx mx = server(chunking)
                        .receiveBuffer(16 * 1024)
                        .on(
                                Moment.CONTENT,
                                Behaviour.rawThenDrop(words + "\r\n").after(Duration.ofMillis(50)))
                        .build();
                SmtpClient client = new SmtpClient()) {
            SmtpSession session = client.connect(mx);
            TransactionResult result = SmtpClient.send(session, SmtpClient.message(CONTENT, "a@b.test"));

            assertThat(result.recipients().get(0).reply().format()).isEqualTo(words);
            assertThat(result.recipients().get(0).kind()).isEqualTo(Kind.REFUSED);
            assertThat(session.isOpen()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anAcceptanceInTheMiddleIsALie(boolean chunking) {
        try (FakeMx mx = server(chunking)
                        .receiveBuffer(16 * 1024)
                        .on(
                                Moment.CONTENT,
                                Behaviour.raw("250 2.0.0 queued\r\n")
                                        .after(Duration.ofMillis(50))
                                        .then(Behaviour.stall()))
                        .build();
                SmtpClient client = new SmtpClient()) {
            TransactionResult result = SmtpClient.send(client.connect(mx), SmtpClient.message(CONTENT, "a@b.test"));

            assertThat(result.recipients().get(0).kind()).isEqualTo(Kind.FAILED);
            assertThat(result.recipients().get(0).reply().format()).startsWith("421 4.5.0");
        }
    }

    private static FakeMxBuilder server(boolean chunking) {
        FakeMxBuilder builder = FakeMx.builder();
        return chunking ? builder.extension("CHUNKING") : builder;
    }
}
