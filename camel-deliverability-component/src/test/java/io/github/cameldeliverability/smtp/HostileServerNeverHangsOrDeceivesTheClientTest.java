package io.github.cameldeliverability.smtp;

import static io.github.cameldeliverability.testkit.Behaviour.drop;
import static io.github.cameldeliverability.testkit.Behaviour.endless;
import static io.github.cameldeliverability.testkit.Behaviour.raw;
import static io.github.cameldeliverability.testkit.Behaviour.rawThenDrop;
import static io.github.cameldeliverability.testkit.Behaviour.reply;
import static io.github.cameldeliverability.testkit.Behaviour.reset;
import static io.github.cameldeliverability.testkit.Behaviour.stall;
import static io.github.cameldeliverability.testkit.Behaviour.usualSaying;
import static io.github.cameldeliverability.testkit.Behaviour.usualThenDrop;
import static io.github.cameldeliverability.testkit.Behaviour.usualThenRaw;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.mail.SmtpPhase;
import io.github.cameldeliverability.mail.SmtpReply;
import io.github.cameldeliverability.mail.spi.SmtpConnector.ConnectResult;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each phase of a session times each kind of misbehaviour: the outcome is right, and it is there in time. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileServerNeverHangsOrDeceivesTheClientTest {

    private static final Duration IN_TIME = Duration.ofSeconds(4);

    private SmtpClient client;

    @BeforeAll
    void start() {
        client = newClient();
    }

    SmtpClient newClient() {
        return new SmtpClient();
    }

    @AfterAll
    void stop() {
        client.close();
    }

    /** What a server does, by name. Its reply, as far as it is one, begins as {@code text} says; * is synthetic. */
    private record Sin(String name, Behaviour behaviour, String text) {

        /** Whether only a timeout ends it. */
        boolean waits() {
            return List.of("stalls", "sends garbage without a line end", "sends an unfinished multi-line reply")
                    .contains(name);
        }

        boolean dies() {
            return List.of("drops", "resets", "sends half a reply and drops").contains(name);
        }
    }

    /** Short only where the case is about waiting, so that a busy machine changes no other outcome. */
    private static SmtpTimeouts timeouts(Case c) {
        Duration l = SmtpClient.LONG;
        Duration s = c.sin().waits() ? SmtpClient.SHORT : l;
        return switch (c.moment()) {
            case GREETING -> new SmtpTimeouts(l, s, l, l, l, l, l);
            case DATA -> new SmtpTimeouts(l, l, l, s, l, l, l);
            case BDAT, CONTENT, DOT -> new SmtpTimeouts(l, l, l, l, l, s, l);
            default -> new SmtpTimeouts(l, l, s, l, l, l, l);
        };
    }

    private static final String LONG_LINE = "250 " + "x".repeat(ReplyDecoder.MAX_REPLY) + "\r\n";

    private static List<Sin> sins() {
        return List.of(
                new Sin("stalls", stall(), "*421 4.4.2"),
                new Sin("drops", drop(), "*421 4.4.2"),
                new Sin("resets", reset(), "*421 4.4.2"),
                new Sin("says 421", reply("421 4.3.2 shutting down"), "421 4.3.2"),
                new Sin("says 421 and does not close", raw("421 4.3.2 not now\r\n"), "421 4.3.2"),
                new Sin("speaks HTTP", rawThenDrop("HTTP/1.1 400 Bad Request\r\n\r\n"), "*421 4.5.0"),
                new Sin("sends binary garbage", rawThenDrop("\0\1\2\377\376\r\n"), "*421 4.5.0"),
                new Sin("sends garbage without a line end", raw("\377\376\375"), "*421 4.4.2"),
                new Sin("sends an empty line", raw("\r\n"), "*421 4.5.0"),
                new Sin("sends half a reply and drops", rawThenDrop("25"), "*421 4.4.2"),
                new Sin("sends an unfinished multi-line reply", raw("250-and\r\n"), "*421 4.4.2"),
                new Sin("sends an over-long line", rawThenDrop(LONG_LINE), "*421 4.5.0"),
                new Sin("sends a line that never ends", endless("x".repeat(10_000)), "*421 4.5.0"),
                new Sin("sends a reply that never ends", endless("250-more\r\n".repeat(100)), "*421 4.5.0"),
                new Sin("says code 199", raw("199 hm\r\n"), "*421 4.5.0"),
                new Sin("says code 600", raw("600 hm\r\n"), "*421 4.5.0"),
                new Sin("says code 999", raw("999 hm\r\n"), "*421 4.5.0"),
                new Sin("says yes and no", raw("250-yes\r\n550 no\r\n"), "*421 4.5.0"),
                new Sin("glues text to the code", raw("250ok\r\n"), "*421 4.5.0"));
    }

    record Case(Moment moment, String way, Sin sin) {
        @Override
        public String toString() {
            return moment + " " + way + ": server " + sin.name();
        }
    }

    static Stream<Case> openings() {
        List<Case> cases = new ArrayList<>();
        for (Moment moment : List.of(Moment.GREETING, Moment.EHLO, Moment.STARTTLS)) {
            sins().forEach(sin -> cases.add(new Case(moment, "", sin)));
        }
        return cases.stream();
    }

    @ParameterizedTest
    @MethodSource("openings")
    void noSessionComesOfIt(Case c) {
        try (FakeMx mx =
                FakeMx.builder().startTls().on(c.moment(), c.sin().behaviour()).build()) {
            long start = System.nanoTime();
            ConnectResult result = client.tryConnect(mx, TlsPolicy.ENCRYPT, timeouts(c));

            assertThat(result).isInstanceOf(ConnectResult.Failed.class);
            ConnectResult.Failed failed = (ConnectResult.Failed) result;
            if (failed.phase() == SmtpPhase.CONNECT && c.sin().name().equals("resets")) {
                return; // The reset was faster than our own system's news of the connection.
            }
            assertThat(failed.phase()).isEqualTo(SmtpPhase.valueOf(c.moment().name()));
            assertThat(failed.tlsFault()).isFalse();
            if (c.moment() == Moment.STARTTLS && c.sin().text().startsWith("421")) {
                // A refusal of STARTTLS where TLS is a must: the synthetic reply quotes the server's.
                assertThat(failed.reply().format()).startsWith("454 4.7.4").contains("421 4.3.2");
            } else {
                assertReply(failed.reply(), c.sin().text());
            }
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(IN_TIME);
        }
    }

    static Stream<Case> transactions() {
        List<Case> cases = new ArrayList<>();
        for (String way : List.of("pipelined", "one by one")) {
            for (Moment moment : List.of(Moment.MAIL, Moment.RCPT, Moment.DATA, Moment.CONTENT, Moment.DOT)) {
                sins().forEach(sin -> cases.add(new Case(moment, way, sin)));
            }
        }
        for (Moment moment : List.of(Moment.BDAT, Moment.CONTENT, Moment.DOT)) {
            sins().stream()
                    .filter(sin -> !sin.text().startsWith("421") || moment == Moment.DOT)
                    .forEach(sin -> cases.add(new Case(moment, "chunked", sin)));
        }
        return cases.stream();
    }

    /** Two recipients; the sin is committed at the second one's RCPT, or where the case says. */
    @ParameterizedTest
    @MethodSource("transactions")
    void eachRecipientHasTheRightResult(Case c) {
        FakeMxBuilder builder = FakeMx.builder();
        if (c.way().equals("one by one")) {
            builder.without("PIPELINING");
        }
        if (c.way().equals("chunked")) {
            builder.extension("CHUNKING");
        }
        Behaviour behaviour = c.moment() == Moment.RCPT
                ? c.sin().behaviour().whenLine(line -> line.contains("second@"))
                : c.sin().behaviour();
        try (FakeMx mx = builder.on(c.moment(), behaviour).build()) {
            SmtpSession session = SmtpClient.session(client.tryConnect(mx, TlsPolicy.NONE, timeouts(c)));
            long start = System.nanoTime();

            TransactionResult result = SmtpClient.send(session, "first@b.test", "second@b.test");

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(IN_TIME);
            assertThat(result.recipients()).hasSize(2);
            boolean goodbye = c.sin().text().startsWith("421");
            Kind second = goodbye ? Kind.REFUSED : afterTheEnd(c.moment()) ? Kind.UNCERTAIN : Kind.FAILED;
            // A 421 to the second RCPT refuses that one; the first, accepted, was not sent anything.
            Kind first = goodbye && c.moment() == Moment.RCPT ? Kind.FAILED : second;
            assertThat(result.recipients()).extracting(RecipientResult::kind).containsExactly(first, second);
            // What is unfinished is finished by the replies to the commands that were sent along with it.
            boolean mangled = c.way().equals("pipelined")
                    && !c.sin().name().equals("stalls")
                    && c.sin().waits()
                    && (c.moment() == Moment.MAIL || c.moment() == Moment.RCPT);
            assertThat(result.recipients()).allSatisfy(r -> {
                assertReply(r.reply(), mangled ? "*421 4.5.0" : c.sin().text());
                assertThat(r.phase()).isEqualTo(phase(c.moment()));
            });
            assertThat(result.replayable())
                    .isEqualTo(c.moment() == Moment.MAIL && c.sin().dies());
            assertThat(session.isOpen()).isFalse();
            assertThat(mx.messages()).isEmpty();
        }
    }

    /** Small content is sent in one piece with its end, so whatever comes then comes after the end. */
    private static boolean afterTheEnd(Moment moment) {
        return moment == Moment.DOT || moment == Moment.CONTENT || moment == Moment.BDAT;
    }

    private static SmtpPhase phase(Moment moment) {
        return afterTheEnd(moment) ? SmtpPhase.DOT : SmtpPhase.valueOf(moment.name());
    }

    record Lie(String name, String ehlo, String expected) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Lie> lies() {
        return Stream.of(
                new Lie("SIZE is no number", "250-mx\r\n250 SIZE lots", "ACCEPTED"),
                new Lie("SIZE is negative", "250-mx\r\n250 SIZE -5", "ACCEPTED"),
                new Lie("SIZE is astronomical", "250-mx\r\n250 SIZE 99999999999999999999999999", "ACCEPTED"),
                new Lie("SIZE is 1", "250-mx\r\n250 SIZE 1", "REFUSED"),
                new Lie("LIMITS are nonsense", "250-mx\r\n250 LIMITS RCPTMAX=0 MAILMAX=x =1 RCPTMAX", "ACCEPTED"),
                new Lie(
                        "keywords are garbage",
                        "250-mx\r\n250-\r\n250-   \r\n250-=?\0\r\n250 \u00e4\u00f6",
                        "ACCEPTED"),
                new Lie("keywords come twice", "250-mx\r\n250-SIZE 1\r\n250 SIZE 100000", "ACCEPTED"),
                new Lie("keywords in lower case", "250-mx\r\n250 pipelining", "ACCEPTED"),
                new Lie("no keywords", "250 mx", "ACCEPTED"),
                new Lie("no text at all", "250", "ACCEPTED"),
                new Lie("only some lines continue with bare LF", "250-mx\n250 SIZE 0", "ACCEPTED"),
                new Lie("ends of lines are CRCRLF", "250-mx\r\r\n250 SIZE 0\r", "ACCEPTED"),
                new Lie("DSN promised and not kept", "250-mx\r\n250 DSN", "ACCEPTED"),
                new Lie("250 keywords", "250-mx\r\n" + "250-X\r\n".repeat(250) + "250 Y", "ACCEPTED"));
    }

    @ParameterizedTest
    @MethodSource("lies")
    void liesInEhloDoNoHarm(Lie lie) {
        try (FakeMx mx =
                FakeMx.builder().on(Moment.EHLO, usualSaying(lie.ehlo())).build()) {
            TransactionResult result = SmtpClient.send(client.connect(mx), "a@b.test");

            assertThat(result.recipients())
                    .extracting(RecipientResult::kind)
                    .containsExactly(Kind.valueOf(lie.expected()));
        }
    }

    @ParameterizedTest
    @MethodSource("unasked")
    void whatWasNotAskedForEndsTheSessionAndIsNotTakenForAReply(Case c) {
        try (FakeMx mx = FakeMx.builder()
                .without("PIPELINING")
                .on(c.moment(), c.sin().behaviour())
                .build()) {
            ConnectResult result = client.tryConnect(mx, TlsPolicy.NONE);
            if (result instanceof ConnectResult.Failed failed) {
                assertReply(failed.reply(), c.sin().text());
                return;
            }
            SmtpSession session = ((ConnectResult.Connected) result).session();
            TransactionResult sent = SmtpClient.send(session, "a@b.test", "b@b.test");
            if (c.moment() == Moment.DOT) {
                // The reply to the end of the content came first and counts.
                assertThat(sent.recipients()).extracting(RecipientResult::kind).containsOnly(Kind.ACCEPTED);
            } else {
                assertThat(sent.recipients()).extracting(RecipientResult::kind).containsOnly(Kind.FAILED);
                assertThat(sent.recipients())
                        .allSatisfy(r -> assertReply(r.reply(), c.sin().text()));
                assertThat(mx.messages()).isEmpty();
            }
            assertThat(session.isOpen()).isFalse();
        }
    }

    static Stream<Case> unasked() {
        List<Sin> sins = List.of(
                new Sin("adds a 250", usualThenRaw("250 ok\r\n"), "*421 4.5.0"),
                new Sin("adds all replies it expects to give", usualThenRaw("250 ok\r\n".repeat(5)), "*421 4.5.0"),
                new Sin("adds half a reply", usualThenRaw("25"), "*421 4.5.0"),
                new Sin("adds garbage", usualThenRaw("\1\2\3\r\n"), "*421 4.5.0"),
                new Sin("adds a 421", usualThenRaw("421 4.3.2 bye\r\n"), "421 4.3.2"));
        return Stream.of(Moment.GREETING, Moment.MAIL, Moment.RCPT, Moment.DOT)
                .flatMap(m -> sins.stream().map(sin -> new Case(m, "", sin)));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void aMessageThatWasTakenWithoutAWordIsUncertain(String way) {
        FakeMxBuilder builder = FakeMx.builder();
        if (way.equals("chunked")) {
            builder.extension("CHUNKING");
        }
        try (FakeMx mx = builder.rejectRecipients(a -> a.startsWith("no@"), "550 5.1.1 no")
                .on(Moment.DOT, usualThenDrop())
                .build()) {
            TransactionResult result = SmtpClient.send(client.connect(mx), "a@b.test", "no@b.test");

            assertThat(result.recipients())
                    .extracting(RecipientResult::kind)
                    .containsExactly(Kind.UNCERTAIN, Kind.REFUSED);
            assertThat(result.replayable()).isFalse();
            assertThat(mx.messages()).hasSize(1);
        }
    }

    static Stream<String> ways() {
        return Stream.of("plain", "chunked");
    }

    private static void assertReply(SmtpReply reply, String text) {
        boolean synthetic = text.startsWith("*");
        assertThat(reply.format()).startsWith(synthetic ? text.substring(1) : text);
        assertThat(reply.synthetic()).as(reply.format()).isEqualTo(synthetic);
        if (synthetic) {
            assertThat(reply.text()).contains("mx.example.test");
        }
    }
}
