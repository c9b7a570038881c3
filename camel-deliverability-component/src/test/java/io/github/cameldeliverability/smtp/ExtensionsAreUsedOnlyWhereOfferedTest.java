package io.github.cameldeliverability.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.mail.DsnRequest;
import io.github.cameldeliverability.mail.DsnRequest.Notify;
import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.Recipient;
import io.github.cameldeliverability.mail.ReversePath;
import io.github.cameldeliverability.mail.spi.SmtpSession;
import io.github.cameldeliverability.mail.spi.SmtpSession.Kind;
import io.github.cameldeliverability.mail.spi.SmtpSession.RecipientResult;
import io.github.cameldeliverability.mail.spi.SmtpSession.Transaction;
import io.github.cameldeliverability.mail.spi.SmtpSession.TransactionResult;
import io.github.cameldeliverability.mail.spi.SmtpTimeouts;
import io.github.cameldeliverability.mail.spi.TlsPolicy;
import io.github.cameldeliverability.smtp.SmtpClientOptions.EightBit;
import io.github.cameldeliverability.testkit.Behaviour;
import io.github.cameldeliverability.testkit.FakeMx;
import io.github.cameldeliverability.testkit.FakeMxTls;
import io.github.cameldeliverability.testkit.Moment;
import io.github.cameldeliverability.testkit.ReceivedMessage;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ExtensionsAreUsedOnlyWhereOfferedTest {

    private final SmtpClient client = new SmtpClient(
            SmtpClientOptions.defaults().withVerifyContext(FakeMxTls.client()),
            SmtpTimeouts.DEFAULT.atMost(SmtpClient.LONG));

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void nothingIsSaidToAServerThatOnlyKnowsHelo() {
        try (FakeMx mx = FakeMx.builder()
                .on(Moment.EHLO, Behaviour.reply("500 5.5.1 what?"))
                .build()) {
            SmtpSession session = client.connect(mx, TlsPolicy.OPPORTUNISTIC);

            Transaction everything = new Message("gr\u00fc\u00dfe")
                    .eightBit()
                    .envelopeId("id")
                    .notifying(Notify.FAILURE)
                    .to("a@b.test");

            assertThat(kinds(session, everything)).containsExactly(Kind.ACCEPTED);
            assertThat(session.features().names()).isEmpty();
            assertThat(mx.commands())
                    .containsExactly(
                            "EHLO client.example.test",
                            "HELO client.example.test",
                            "MAIL FROM:<sender@example.test>",
                            "RCPT TO:<a@b.test>",
                            "DATA");
            assertThat(mx.messages().get(0).text()).isEqualTo("gr\u00fc\u00dfe\r\n");
        }
    }

    @Test
    void sizeIsDeclaredAndAMessageOverTheLimitIsNotTried() {
        try (FakeMx mx = FakeMx.builder().maxSize(20).build()) {
            SmtpSession session = client.connect(mx);

            TransactionResult big = SmtpClient.send(session, new Message("0123456789012345678").to("a@b.test"));
            assertThat(big.recipients().get(0).kind()).isEqualTo(Kind.REFUSED);
            assertThat(big.recipients().get(0).reply().format())
                    .startsWith("552 5.3.4")
                    .contains("21 octets", "20");
            assertThat(big.recipients().get(0).reply().synthetic()).isTrue();
            assertThat(session.transactions()).isZero();

            assertThat(kinds(session, new Message("012345678901234567").to("a@b.test")))
                    .containsExactly(Kind.ACCEPTED);
            assertThat(mx.messages().get(0).mailParameters()).containsExactly("SIZE=20");
            assertThat(mx.commands()).hasSize(4);
        }
    }

    @Test
    void eightBitContentIsDeclaredOrSentAllTheSameOrRefusedByOption() {
        try (FakeMx with = FakeMx.start();
                FakeMx without = FakeMx.builder().without("8BITMIME").build();
                SmtpClient strict = new SmtpClient(
                        SmtpClientOptions.defaults().withEightBit(EightBit.REFUSE),
                        SmtpTimeouts.DEFAULT.atMost(SmtpClient.LONG))) {
            Transaction message = new Message("gr\u00fc\u00dfe").eightBit().to("a@b.test");

            assertThat(kinds(client.connect(with), message)).containsExactly(Kind.ACCEPTED);
            assertThat(kinds(client.connect(without), message)).containsExactly(Kind.ACCEPTED);
            assertThat(with.messages().get(0).mailParameters()).contains("BODY=8BITMIME");
            assertThat(without.messages().get(0).text()).isEqualTo("gr\u00fc\u00dfe\r\n");
            assertThat(SmtpClient.send(strict.connect(without), message)
                            .recipients()
                            .get(0)
                            .reply()
                            .format())
                    .startsWith("554 5.6.3");
        }
    }

    @Test
    void internationalAddressesWaitForAServerThatKnowsThem() {
        try (FakeMx with = FakeMx.start();
                FakeMx without = FakeMx.builder().without("SMTPUTF8").build()) {
            Transaction mixed = new Message("x").to("j\u00fcrgen@b.test", "a@b\u00fccher.test");

            assertThat(kinds(client.connect(with), mixed)).containsExactly(Kind.ACCEPTED, Kind.ACCEPTED);
            ReceivedMessage message = with.messages().get(0);
            assertThat(message.to()).containsExactly("j\u00fcrgen@b.test", "a@xn--bcher-kva.test");
            assertThat(message.mailParameters()).contains("SMTPUTF8");

            TransactionResult partly = SmtpClient.send(client.connect(without), mixed);
            assertThat(partly.recipients())
                    .extracting(RecipientResult::kind)
                    .containsExactly(Kind.REFUSED, Kind.ACCEPTED);
            assertThat(partly.recipients().get(0).reply().format()).startsWith("553 5.6.7");
            assertThat(without.messages().get(0).mailParameters()).doesNotContain("SMTPUTF8");

            TransactionResult header = SmtpClient.send(
                    client.connect(without), new Message("x").utf8Header().to("a@b.test"));
            assertThat(header.recipients().get(0).reply().format()).startsWith("553 5.6.7");
            assertThat(kinds(client.connect(with), new Message("x").utf8Header().to("a@b.test")))
                    .containsExactly(Kind.ACCEPTED);
            assertThat(with.messages().get(1).mailParameters()).contains("SMTPUTF8", "BODY=8BITMIME");
        }
    }

    @Test
    void deliveryNotificationsAreAskedForInXtext() {
        try (FakeMx mx = FakeMx.builder().extension("DSN").build()) {
            Transaction message = new Message("x")
                    .envelopeId("id+1=\r\nRCPT TO:<evil@x.test>")
                    .notifying(Notify.DELAY, Notify.SUCCESS)
                    .original("rfc822;o+tag=x y@b.test")
                    .to("a@b.test");

            assertThat(kinds(client.connect(mx), message)).containsExactly(Kind.ACCEPTED);
            ReceivedMessage received = mx.messages().get(0);
            assertThat(received.mailParameters()).contains("RET=HDRS", "ENVID=id+2B1+3D+0D+0ARCPT+20TO:<evil@x.test>");
            assertThat(received.recipients().get(0).parameters())
                    .containsExactly("NOTIFY=SUCCESS,DELAY", "ORCPT=rfc822;o+2Btag+3Dx+20y@b.test");
        }
    }

    @Test
    void anInternationalOriginalRecipientIsWrittenInAscii() {
        try (FakeMx mx = FakeMx.builder().extension("DSN").build()) {
            Transaction message =
                    new Message("x").original("rfc822;j\u00fcrgen@b.test").to("a@b.test");

            assertThat(kinds(client.connect(mx), message)).containsExactly(Kind.ACCEPTED);
            assertThat(mx.messages().get(0).recipients().get(0).parameters())
                    .containsExactly("ORCPT=utf-8;j\\x{FC}rgen@b.test");
        }
    }

    @Test
    void chunksAreUsedWhereOfferedAndWanted() {
        try (FakeMx mx = FakeMx.builder().extension("CHUNKING").build();
                SmtpClient plain = new SmtpClient(
                        SmtpClientOptions.defaults().withChunking(false),
                        SmtpTimeouts.DEFAULT.atMost(SmtpClient.LONG))) {
            assertThat(kinds(client.connect(mx), new Message(".x").to("a@b.test")))
                    .containsExactly(Kind.ACCEPTED);
            assertThat(kinds(plain.connect(mx), new Message(".x").to("a@b.test")))
                    .containsExactly(Kind.ACCEPTED);

            assertThat(mx.messages()).extracting(ReceivedMessage::chunked).containsExactly(true, false);
            assertThat(mx.messages()).extracting(ReceivedMessage::text).containsOnly(".x\r\n");
        }
    }

    @Test
    void requireTlsIsPassedOnOrTheMessageStays() {
        try (FakeMx with = FakeMx.builder().startTls().requireTls().build();
                FakeMx without = FakeMx.builder().startTls().build()) {
            Transaction message = new Message("x").requireTls().to("a@b.test");

            assertThat(kinds(client.connect(with, TlsPolicy.VERIFY), message)).containsExactly(Kind.ACCEPTED);
            assertThat(with.messages().get(0).mailParameters()).contains("REQUIRETLS");
            assertThat(refusal(client.connect(without, TlsPolicy.VERIFY), message))
                    .startsWith("550 5.7.30");
            assertThat(refusal(client.connect(with, TlsPolicy.ENCRYPT), message))
                    .startsWith("454 4.7.4");
            assertThat(refusal(client.connect(with, TlsPolicy.NONE), message)).startsWith("454 4.7.4");
            assertThat(without.messages()).isEmpty();
        }
    }

    @Test
    void theOlderWordForTheLimitOfRecipientsIsUnderstoodToo() {
        try (FakeMx mx = FakeMx.builder().extension("X-RCPTLIMIT 2").build()) {
            assertThat(kinds(client.connect(mx), new Message("x").to("a@b.test", "c@b.test", "d@b.test")))
                    .containsExactly(Kind.ACCEPTED, Kind.ACCEPTED, Kind.REFUSED);
        }
    }

    @Test
    void limitsOfRecipientsAndDomainsLeaveTheRestForLater() {
        try (FakeMx mx = FakeMx.builder().extension("LIMITS RCPTMAX=2").build();
                FakeMx domains = FakeMx.builder()
                        .extension("LIMITS MAILMAX=9 RCPTDOMAINMAX=1")
                        .build()) {
            TransactionResult three =
                    SmtpClient.send(client.connect(mx), new Message("x").to("a@b.test", "c@b.test", "d@b.test"));
            assertThat(three.recipients())
                    .extracting(RecipientResult::kind)
                    .containsExactly(Kind.ACCEPTED, Kind.ACCEPTED, Kind.REFUSED);
            assertThat(three.recipients().get(2).reply().format()).startsWith("452 4.5.3");

            assertThat(kinds(client.connect(domains), new Message("x").to("a@b.test", "a@c.test", "d@b.test")))
                    .containsExactly(Kind.ACCEPTED, Kind.REFUSED, Kind.ACCEPTED);
        }
    }

    @Test
    void afterMailmaxTheSessionIsOver() {
        try (FakeMx mx = FakeMx.builder().extension("LIMITS MAILMAX=2").build()) {
            SmtpSession session = client.connect(mx);
            assertThat(kinds(session, new Message("1").to("a@b.test"))).containsExactly(Kind.ACCEPTED);
            assertThat(session.isOpen()).isTrue();
            assertThat(kinds(session, new Message("2").to("a@b.test"))).containsExactly(Kind.ACCEPTED);
            assertThat(session.isOpen()).isFalse();

            TransactionResult third = SmtpClient.send(session, new Message("3").to("a@b.test"));
            assertThat(third.recipients()).extracting(RecipientResult::kind).containsExactly(Kind.FAILED);
            assertThat(third.replayable()).isTrue();
            assertThat(mx.messages()).hasSize(2);
        }
    }

    @Test
    void withoutPipeliningEachCommandWaitsForTheReply() {
        // The fake refuses commands that come ahead of their time.
        try (FakeMx mx = FakeMx.builder().without("PIPELINING").build()) {
            SmtpSession session = client.connect(mx);
            assertThat(kinds(session, new Message("1").to("a@b.test", "b@b.test")))
                    .containsOnly(Kind.ACCEPTED);
            assertThat(mx.messages()).hasSize(1);
        }
    }

    @Test
    void bareLineEndsNeverReachTheWire() {
        try (FakeMx mx = FakeMx.start()) {
            SmtpSession session = client.connect(mx);
            for (String smuggled : List.of("a\n.\r\nMAIL FROM:<x@y.test>\r\n", "a\r.\r\n", "a\r\n.\n", "a\r\n.\r")) {
                assertThat(refusal(session, SmtpClient.message(smuggled, "a@b.test")))
                        .startsWith("554 5.6.0");
            }
            assertThat(mx.commands()).hasSize(1);
            assertThat(session.isOpen()).isTrue();
        }
    }

    private static List<Kind> kinds(SmtpSession session, Transaction transaction) {
        return SmtpClient.send(session, transaction).recipients().stream()
                .map(RecipientResult::kind)
                .toList();
    }

    private static String refusal(SmtpSession session, Transaction transaction) {
        RecipientResult result =
                SmtpClient.send(session, transaction).recipients().get(0);
        assertThat(result.kind()).isEqualTo(Kind.REFUSED);
        assertThat(result.reply().synthetic()).isTrue();
        return result.reply().format();
    }

    /** A transaction in the making. */
    private static final class Message {
        private final String text;
        private boolean eightBit;
        private boolean utf8Header;
        private boolean requireTls;
        private Optional<String> envelopeId = Optional.empty();
        private DsnRequest dsn = DsnRequest.NONE;

        Message(String text) {
            this.text = text;
        }

        Message eightBit() {
            eightBit = true;
            return this;
        }

        Message utf8Header() {
            utf8Header = true;
            return this;
        }

        Message requireTls() {
            requireTls = true;
            return this;
        }

        Message envelopeId(String id) {
            envelopeId = Optional.of(id);
            return this;
        }

        Message notifying(Notify... conditions) {
            dsn = new DsnRequest(Set.of(conditions), dsn.originalRecipient());
            return this;
        }

        Message original(String recipient) {
            dsn = new DsnRequest(dsn.conditions(), Optional.of(recipient));
            return this;
        }

        Transaction to(String... addresses) {
            ReversePath from = ReversePath.parse("sender@example.test");
            return new Transaction(
                    from,
                    Arrays.stream(addresses)
                            .map(a -> new Recipient(EmailAddress.parse(a), from, dsn))
                            .toList(),
                    (text + "\r\n").getBytes(StandardCharsets.UTF_8),
                    eightBit,
                    utf8Header,
                    envelopeId,
                    requireTls);
        }
    }
}
