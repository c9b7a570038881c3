package io.github.cameldeliverability.mx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.cameldeliverability.dns.DnsClient;
import io.github.cameldeliverability.dns.DnsOptions;
import io.github.cameldeliverability.mail.SourceAddress;
import io.github.cameldeliverability.testkit.FakeDns;
import io.github.cameldeliverability.testkit.FakeInternet;
import io.github.cameldeliverability.testkit.FakeMx;
import io.github.cameldeliverability.testkit.FakeProvider;
import io.github.cameldeliverability.testkit.ReceivedMessage;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SourceAddressesAreReadAndCheckedTest {

    private final MxConfiguration options = new MxConfiguration();

    @Test
    void eachAddressHasItsNameAndItsShare() throws Exception {
        options.setSourceAddresses(
                "192.0.2.1=Mail1.example.com, 192.0.2.2=mail2.example.com*3,2001:db8::1=mail.example.com");

        List<SourceAddress> sources = SourceSettings.sources("tx", options);

        assertThat(sources)
                .containsExactly(
                        new SourceAddress(InetAddress.getByName("192.0.2.1"), "mail1.example.com", 1),
                        new SourceAddress(InetAddress.getByName("192.0.2.2"), "mail2.example.com", 3),
                        new SourceAddress(InetAddress.getByName("2001:db8::1"), "mail.example.com", 1));
        assertThat(SourceSettings.ehloName("tx", options, sources)).isEqualTo("mail1.example.com");
    }

    @Test
    void oneAddressGreetsWithHeloName() {
        options.setSourceAddress("192.0.2.1");
        options.setHeloName("mail.example.com");
        assertThat(SourceSettings.sources("tx", options))
                .singleElement()
                .returns("mail.example.com", SourceAddress::ehloName);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "192.0.2.1 | address=name pairs",
                "mail.example.com=mail.example.com | must be an IP address",
                "192.0.2.1=mail | fully qualified",
                "192.0.2.1=mail.example.com*0 | weight",
                "192.0.2.1=mail.example.com*x | address=name pairs",
                "999.0.2.1=mail.example.com | no IP address"
            })
    void whatIsWrongIsNamed(String stated, String expected) {
        options.setSourceAddresses(stated);
        assertThatThrownBy(() -> SourceSettings.sources("tx", options))
                .hasMessageContaining("Stream tx: sourceAddresses=")
                .hasMessageContaining(expected);
    }

    @Test
    void bothOptionsAreOneTooMany() {
        options.setSourceAddress("192.0.2.1");
        options.setSourceAddresses("192.0.2.1=mail.example.com");
        assertThatThrownBy(() -> SourceSettings.sources("tx", options))
                .hasMessageContaining("sourceAddress and sourceAddresses");
    }

    @Test
    void anAddressThatIsNotOursIsToldWithTheFix() throws Exception {
        assertThat(SourceCheck.notOurs(InetAddress.getByName("192.0.2.77")).orElseThrow())
                .contains("192.0.2.77 is no address of this machine")
                .contains("sourceAddresses");
        assertThat(SourceCheck.notOurs(InetAddress.getByName("127.0.0.9"))).isEmpty();
    }

    @Test
    void aNameThatDoesNotLeadToItsAddressIsToldWithTheRecordToPublish() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try (FakeDns dns = FakeDns.builder()
                .a("good.example.com", "192.0.2.1")
                .a("other.example.com", "192.0.2.9")
                .build()) {
            SourceCheck check = new SourceCheck(new DnsClient(
                    List.of(dns.server()), Clock.systemUTC(), threads, DnsOptions.DEFAULTS.withoutCache()));

            assertThat(fault(check, "192.0.2.1", "good.example.com")).isEmpty();
            assertThat(fault(check, "192.0.2.1", "other.example.com").orElseThrow())
                    .contains("resolves to [192.0.2.9]")
                    .contains("Publish other.example.com A 192.0.2.1");
            assertThat(fault(check, "192.0.2.1", "none.example.com").orElseThrow())
                    .contains("has no A record");
            assertThat(fault(check, "10.1.2.3", "none.example.com"))
                    .as("behind a translator nobody knows")
                    .isEmpty();
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void sessionsComeFromTheAddressesOfTheUri(@TempDir Path dir) throws Exception {
        RouteBuilder routes = new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:out")
                        .to("mx:shop?from=shop@example.com&sourceAddresses=127.0.0.61=one.example.com,"
                                + "127.0.0.62=two.example.com");
            }
        };
        try (FakeInternet internet = FakeInternet.builder()
                        .provider(FakeProvider.named("healthy.test"))
                        .build();
                RealContext context = RealContext.of(internet, dir.resolve("a.db"), routes)) {
            for (int i = 0; i < 30; i++) {
                String to = "u" + i + "@healthy.test";
                context.send("direct:out", e -> e.getMessage().setHeader("To", to));
            }
            FakeMx mx = internet.host("healthy.test");
            assertThat(mx.awaitAccepted(30, Duration.ofSeconds(20))).isTrue();
            assertThat(mx.messages())
                    .allSatisfy(m -> assertThat(m.client())
                            .contains(m.helo().equals("one.example.com") ? "127.0.0.61" : "127.0.0.62"))
                    .extracting(ReceivedMessage::helo)
                    .contains("one.example.com", "two.example.com");
        }
    }

    private static Optional<String> fault(SourceCheck check, String address, String name) throws Exception {
        return check.resolves(new SourceAddress(InetAddress.getByName(address), name))
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }
}
