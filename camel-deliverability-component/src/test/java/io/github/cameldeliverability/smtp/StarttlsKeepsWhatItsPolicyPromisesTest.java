package io.github.cameldeliverability.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.mail.SmtpPhase;
import io.github.cameldeliverability.mail.spi.SmtpConnector.ConnectResult;
import io.github.cameldeliverability.mail.spi.SmtpConnector.ConnectResult.Failed;
import io.github.cameldeliverability.mail.spi.SmtpConnector.Target;
import io.github.cameldeliverability.mail.spi.SmtpSession;
import io.github.cameldeliverability.mail.spi.SmtpSession.Kind;
import io.github.cameldeliverability.mail.spi.SmtpTimeouts;
import io.github.cameldeliverability.mail.spi.TlsPolicy;
import io.github.cameldeliverability.testkit.Behaviour;
import io.github.cameldeliverability.testkit.FakeMx;
import io.github.cameldeliverability.testkit.FakeMxTls;
import io.github.cameldeliverability.testkit.Moment;
import io.github.cameldeliverability.testkit.ReceivedMessage;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class StarttlsKeepsWhatItsPolicyPromisesTest {

    /** So that what is said is said into the handshake and not right behind the 220. */
    private static final Duration A_MOMENT = Duration.ofMillis(50);

    private final SmtpClient client = new SmtpClient(
            SmtpClientOptions.defaults().withVerifyContext(FakeMxTls.client()),
            SmtpTimeouts.DEFAULT.atMost(SmtpClient.LONG));

    @AfterEach
    void close() {
        client.close();
    }

    @ParameterizedTest
    @EnumSource(TlsPolicy.class)
    void whereAllIsWellEveryPolicyIsContent(TlsPolicy policy) {
        try (FakeMx mx = FakeMx.builder().startTls().build()) {
            SmtpSession session = client.connect(mx, policy);

            assertThat(SmtpClient.send(session, "a@b.test").recipients().get(0).kind())
                    .isEqualTo(Kind.ACCEPTED);
            ReceivedMessage message = mx.messages().get(0);
            if (policy == TlsPolicy.NONE) {
                assertThat(message.tls()).isEmpty();
                assertThat(session.tls()).isEmpty();
            } else {
                assertThat(message.tls()).isEqualTo(session.tls());
                assertThat(session.tls().orElseThrow()).startsWith("TLSv1.3 TLS_");
                assertThat(message.serverName()).contains("mx.example.test");
            }
        }
    }

    @Test
    void anUntrustedCertificateIsGoodEnoughUnlessItIsToBeVerified() {
        try (FakeMx mx = FakeMx.builder().startTls().build();
                SmtpClient distrustful = new SmtpClient()) {
            assertThat(distrustful.connect(mx, TlsPolicy.OPPORTUNISTIC).tls()).isPresent();
            assertThat(distrustful.connect(mx, TlsPolicy.ENCRYPT).tls()).isPresent();
            assertTlsFault(distrustful.tryConnect(mx, TlsPolicy.VERIFY));
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void aCertificateOfAnotherNameIsGoodEnoughUnlessItIsToBeVerified(String hostName, boolean right) {
        try (FakeMx mx = FakeMx.builder().startTls().build()) {
            ConnectResult verify =
                    SmtpClient.get(client.connector().connect(client.target(mx, TlsPolicy.VERIFY, hostName)));
            ConnectResult encrypt =
                    SmtpClient.get(client.connector().connect(client.target(mx, TlsPolicy.ENCRYPT, hostName)));

            if (right) {
                assertThat(verify).isInstanceOf(ConnectResult.Connected.class);
            } else {
                assertTlsFault(verify);
            }
            assertThat(encrypt).isInstanceOf(ConnectResult.Connected.class);
        }
    }

    static Stream<Arguments> names() {
        return Stream.of(
                Arguments.of("mx.example.test", true),
                Arguments.of("MX.Example.Test.", true),
                Arguments.of("mx2.example.test", true), // the wildcard
                Arguments.of("127.0.0.1", true),
                Arguments.of("example.test", false),
                Arguments.of("a.b.example.test", false),
                Arguments.of("mx.example.test.evil.test", false),
                Arguments.of("127.0.0.2", false),
                Arguments.of("under_score.test", false));
    }

    @ParameterizedTest
    @EnumSource(
            value = TlsPolicy.class,
            names = {"OPPORTUNISTIC", "ENCRYPT", "VERIFY"})
    void aServerWithoutStarttlsIsSpokenToInClearOrNotAtAll(TlsPolicy policy) {
        try (FakeMx mx = FakeMx.start()) {
            assertClearOrNothing(mx, policy);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = TlsPolicy.class,
            names = {"OPPORTUNISTIC", "ENCRYPT", "VERIFY"})
    void aServerThatRefusesStarttlsIsSpokenToInClearOrNotAtAll(TlsPolicy policy) {
        try (FakeMx mx = FakeMx.builder()
                .startTls()
                .on(Moment.STARTTLS, Behaviour.reply("454 4.3.0 TLS not available now"))
                .build()) {
            assertClearOrNothing(mx, policy);
        }
    }

    private void assertClearOrNothing(FakeMx mx, TlsPolicy policy) {
        ConnectResult result = client.tryConnect(mx, policy);
        if (policy == TlsPolicy.OPPORTUNISTIC) {
            SmtpSession session = SmtpClient.session(result);
            assertThat(session.tls()).isEmpty();
            assertThat(SmtpClient.send(session, "a@b.test").recipients().get(0).kind())
                    .isEqualTo(Kind.ACCEPTED);
        } else {
            Failed failed = (Failed) result;
            assertThat(failed.reply().format()).startsWith("454 4.7.4");
            assertThat(failed.reply().synthetic()).isTrue();
            assertThat(failed.phase()).isEqualTo(SmtpPhase.STARTTLS);
            assertThat(failed.tlsFault()).isFalse();
        }
    }

    /** CVE-2011-0411: what an attacker put behind the 220 must not be taken for what the server says under TLS. */
    @ParameterizedTest
    @MethodSource("injections")
    void plaintextBehindTheReplyToStarttlsEndsTheSession(String injected, TlsPolicy policy) {
        try (FakeMx mx = FakeMx.builder()
                .startTls()
                .on(Moment.STARTTLS, Behaviour.usualThenRaw(injected))
                .build()) {
            Failed failed = (Failed) client.tryConnect(mx, policy);

            assertThat(failed.phase()).isEqualTo(SmtpPhase.STARTTLS);
            assertThat(failed.tlsFault()).isFalse();
            assertThat(failed.reply().isTransient()).isTrue();
            assertThat(mx.commands()).containsExactly("EHLO client.example.test", "STARTTLS");
        }
    }

    static Stream<Arguments> injections() {
        return Stream.of("250-evil\r\n250 AUTH PLAIN\r\n", "250 ok\r\n", "2", "\r\n")
                .flatMap(s -> Arrays.stream(TlsPolicy.values())
                        .filter(p -> p != TlsPolicy.NONE)
                        .map(p -> Arguments.of(s, p)));
    }

    @ParameterizedTest
    @MethodSource("brokenHandshakes")
    void aBrokenHandshakeIsATlsFault(String name, Behaviour broken) {
        try (FakeMx mx =
                FakeMx.builder().startTls().on(Moment.HANDSHAKE, broken).build()) {
            Duration shortest = SmtpClient.SHORT;
            SmtpTimeouts timeouts = SmtpTimeouts.DEFAULT.atMost(name.startsWith("stall") ? shortest : SmtpClient.LONG);
            for (TlsPolicy policy : new TlsPolicy[] {TlsPolicy.OPPORTUNISTIC, TlsPolicy.VERIFY}) {
                assertTlsFault(client.tryConnect(mx, policy, timeouts));
            }
        }
    }

    static Stream<Arguments> brokenHandshakes() {
        return Stream.of(
                Arguments.of("drop", Behaviour.drop()),
                Arguments.of("reset", Behaviour.reset()),
                Arguments.of("stall", Behaviour.stall()),
                Arguments.of("plaintext", Behaviour.rawThenDrop("500 what?\r\n").after(A_MOMENT)),
                Arguments.of("alert", Behaviour.rawThenDrop("\25\3\3\0\2\2\50").after(A_MOMENT)));
    }

    /** The handshake is over: TLS is not to blame, and going on in clear would help nobody. */
    @ParameterizedTest
    @MethodSource("brokenSessions")
    void whatGoesWrongUnderTlsIsNoTlsFault(String name, Behaviour broken, String reply) {
        SmtpTimeouts timeouts =
                SmtpTimeouts.DEFAULT.atMost(name.equals("stall") ? Duration.ofSeconds(1) : SmtpClient.LONG);
        try (FakeMx mx = FakeMx.builder()
                .startTls()
                .on(Moment.EHLO, visit -> visit.tls() ? broken.at(visit) : Optional.empty())
                .build()) {
            Failed failed = (Failed) client.tryConnect(mx, TlsPolicy.OPPORTUNISTIC, timeouts);

            assertThat(failed.reply().format()).startsWith(reply);
            assertThat(failed.phase()).isEqualTo(SmtpPhase.EHLO);
            assertThat(failed.tlsFault()).isFalse();
        }
    }

    static Stream<Arguments> brokenSessions() {
        return Stream.of(
                Arguments.of("drop", Behaviour.drop(), "421 4.4.2"),
                Arguments.of("stall", Behaviour.stall(), "421 4.4.2"),
                Arguments.of("garbage", Behaviour.raw("\1\2\r\n"), "421 4.5.0"),
                Arguments.of("goodbye", Behaviour.reply("421 4.3.2 busy"), "421 4.3.2 busy"),
                Arguments.of("not now", Behaviour.reply("451 4.3.2 busy"), "451 4.3.2 busy"));
    }

    /** RFC 3207 4.2 */
    @Test
    void whatWasOfferedInClearIsForgotten() {
        try (FakeMx mx = FakeMx.builder()
                .startTls()
                .requireTls()
                .without("SIZE")
                .on(
                        Moment.EHLO,
                        visit -> visit.tls()
                                ? Optional.empty()
                                : Behaviour.usualSaying("250-mx\r\n250-STARTTLS\r\n250-XCLEAR\r\n250 SIZE 10")
                                        .at(visit))
                .build()) {
            SmtpSession session = client.connect(mx, TlsPolicy.VERIFY);

            assertThat(session.features().names()).contains("REQUIRETLS").doesNotContain("XCLEAR", "SIZE");
            assertThat(session.features().maxSize()).isEmpty();
            assertThat(mx.commands())
                    .containsExactly("EHLO client.example.test", "STARTTLS", "EHLO client.example.test");
        }
    }

    /** As DANE-EE does it: the key counts, not the name and not who signed. */
    @Test
    void aTargetsOwnTrustDecidesAlone() {
        try (FakeMx mx = FakeMx.builder().startTls().build();
                SmtpClient distrustful = new SmtpClient()) {
            AtomicReference<X509Certificate> seen = new AtomicReference<>();
            ConnectResult trusted = SmtpClient.get(distrustful.connector().connect(trusting(mx, c -> {
                seen.set(c);
                return true;
            })));
            ConnectResult refused = SmtpClient.get(distrustful.connector().connect(trusting(mx, c -> false)));

            assertThat(SmtpClient.session(trusted).tls()).isPresent();
            assertThat(seen.get().getSubjectX500Principal().getName()).isEqualTo("CN=mx.example.test");
            assertTlsFault(refused);
        }
    }

    private static Target trusting(FakeMx mx, Predicate<X509Certificate> good) {
        return new Target(
                "another-name.test",
                mx.address(),
                mx.port(),
                Optional.empty(),
                "client.example.test",
                TlsPolicy.VERIFY,
                SmtpTimeouts.DEFAULT.atMost(SmtpClient.LONG),
                Optional.of(new X509TrustManager() {
                    @Override
                    public void checkClientTrusted(X509Certificate[] chain, String authType)
                            throws CertificateException {
                        throw new CertificateException("not for clients");
                    }

                    @Override
                    public void checkServerTrusted(X509Certificate[] chain, String authType)
                            throws CertificateException {
                        if (!good.test(chain[0])) {
                            throw new CertificateException("not what the TLSA records say");
                        }
                    }

                    @Override
                    public X509Certificate[] getAcceptedIssuers() {
                        return new X509Certificate[0];
                    }
                }));
    }

    private static void assertTlsFault(ConnectResult result) {
        assertThat(result).isInstanceOf(Failed.class);
        Failed failed = (Failed) result;
        assertThat(failed.tlsFault()).as(failed.toString()).isTrue();
        assertThat(failed.phase()).isEqualTo(SmtpPhase.STARTTLS);
        assertThat(failed.reply().format()).startsWith("454 4.7.5");
        assertThat(failed.reply().text()).contains("127.0.0.1");
    }
}
