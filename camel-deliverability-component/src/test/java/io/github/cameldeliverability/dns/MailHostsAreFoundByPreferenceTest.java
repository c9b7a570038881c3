package io.github.cameldeliverability.dns;

import static io.github.cameldeliverability.dns.DnsFixture.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.mail.spi.MxResolver.AddressAnswer;
import io.github.cameldeliverability.mail.spi.MxResolver.MxAnswer;
import io.github.cameldeliverability.mail.spi.MxResolver.MxHost;
import io.github.cameldeliverability.testkit.FakeDns;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MailHostsAreFoundByPreferenceTest {

    private final FakeDns dns = FakeDns.builder()
            .mx("example.test", 20, "mx3.example.test")
            .mx("example.test", 10, "MX1.Example.test")
            .mx("example.test", 10, "mx2.example.test")
            .mx("twice.test", 30, "mx.twice.test")
            .mx("twice.test", 5, "mx.twice.test")
            .a("mx1.example.test", "127.0.0.2", "127.0.0.3")
            .aaaa("mx1.example.test", "::1")
            .a("v4.test", "127.0.0.4")
            .aaaa("v6.test", "2001:db8::6")
            .nullMx("null.test")
            .nullMx("mixed.test")
            .mx("mixed.test", 10, "mx.mixed.test")
            .txt("text.test", "no mail here")
            .cname("alias.test", "example.test")
            .cname("loop1.test", "loop2.test")
            .cname("loop2.test", "loop1.test")
            .cname("dangling.test", "gone.test")
            .servfail("servfail.test")
            .drop("silent.test")
            .mx("*.wild.test", 1, "mx.wild.test")
            .a("half.test", "127.0.0.5")
            .build();
    private final DnsFixture fixture = new DnsFixture();
    private final DnsMxResolver resolver = fixture.resolver(AddressFamily.V4_FIRST, dns.server());

    @AfterEach
    void close() {
        dns.close();
        fixture.close();
    }

    @Test
    void hostsComeByPreferenceAndEqualOnesInEitherOrder() {
        Set<List<String>> orders = new HashSet<>();
        for (int i = 0; i < 40; i++) {
            List<MxHost> hosts = hosts("example.test").hosts();
            assertThat(hosts).extracting(MxHost::preference).containsExactly(10, 10, 20);
            orders.add(hosts.stream().map(MxHost::name).toList());
        }
        assertThat(orders)
                .containsExactlyInAnyOrder(
                        List.of("mx1.example.test", "mx2.example.test", "mx3.example.test"),
                        List.of("mx2.example.test", "mx1.example.test", "mx3.example.test"));
    }

    @Test
    void aHostNamedTwiceKeepsItsBestPreference() {
        assertThat(hosts("twice.test").hosts()).containsExactly(new MxHost("mx.twice.test", 5));
    }

    @ParameterizedTest
    @ValueSource(strings = {"v4.test", "v6.test", "V4.TEST", "v4.test."})
    void aDomainWithoutMxStandsForItself(String domain) {
        MxAnswer.Hosts hosts = hosts(domain);
        assertThat(hosts.implicit()).isTrue();
        assertThat(hosts.hosts()).hasSize(1);
        assertThat(hosts.hosts().get(0).name()).isEqualToIgnoringCase(domain.replaceAll("\\.$", ""));
    }

    @ParameterizedTest
    @CsvSource({
        "null.test,       NullMx",
        "missing.test,    NoSuchDomain",
        "text.test,       NoMailHost",
        "servfail.test,   TemporaryFailure",
        "silent.test,     TemporaryFailure",
        "loop1.test,      TemporaryFailure",
        "dangling.test,   NoSuchDomain",
        "alias.test,      Hosts",
        "mixed.test,      Hosts",
        "a.b.wild.test,   Hosts",
        "localhost,       NoMailHost",
        "mail.localhost., NoMailHost",
        "192.0.2.1,       NoMailHost",
        "[192.0.2.1],     NoMailHost",
        "::1,             NoMailHost",
        "'',              NoMailHost",
        "a..b,            NoSuchDomain",
        "a b.test,        NoSuchDomain",
    })
    void eachAnswerIsToldApart(String domain, String answer) {
        assertThat(get(resolver.mx(domain)).getClass().getSimpleName()).isEqualTo(answer);
    }

    @Test
    void aLabelTooLongForTheDnsIsNoSuchDomain() {
        assertThat(get(resolver.mx("a".repeat(64) + ".test"))).isInstanceOf(MxAnswer.NoSuchDomain.class);
        assertThat(get(resolver.addresses("a.".repeat(200) + "test"))).isInstanceOf(AddressAnswer.None.class);
    }

    @Test
    void aFailureOfMxDoesNotFallBackToTheAddress() {
        dns.a("servfail.test", "127.0.0.9");
        assertThat(get(resolver.mx("servfail.test"))).isInstanceOf(MxAnswer.TemporaryFailure.class);
    }

    @Test
    void relativeNamesAreNotSearched() {
        get(resolver.mx("shop"));
        assertThat(dns.queries("shop", "MX")).isEqualTo(1);
        assertThat(dns.queries()).isEqualTo(1);
    }

    @Test
    void anAliasGivenAloneIsFollowedByUs() {
        dns.leaveAliases();
        assertThat(hosts("alias.test").hosts()).hasSize(3);
        assertThat(get(resolver.mx("loop1.test"))).isInstanceOf(MxAnswer.TemporaryFailure.class);
        dns.cname("toaddress.test", "v4.test");
        assertThat(hosts("toaddress.test").implicit()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "V4_FIRST, 127.0.0.2 127.0.0.3 ::1",
        "V6_FIRST, ::1 127.0.0.2 127.0.0.3",
        "V4_ONLY,  127.0.0.2 127.0.0.3",
        "V6_ONLY,  ::1",
    })
    void addressesComeInTheOrderOfFamilies(AddressFamily family, String expected) throws Exception {
        DnsMxResolver other = fixture.resolver(family, dns.server());
        AddressAnswer.Addresses answer = (AddressAnswer.Addresses) get(other.addresses("mx1.example.test"));
        InetAddress[] wanted = new InetAddress[expected.split(" ").length];
        for (int i = 0; i < wanted.length; i++) {
            wanted[i] = InetAddress.getByName(expected.split(" ")[i]);
        }
        assertThat(answer.addresses()).containsExactly(wanted);
    }

    @ParameterizedTest
    @CsvSource({
        "missing.test,  None",
        "text.test,     None",
        "servfail.test, TemporaryFailure",
        "localhost,     None",
        "10.0.0.1,      None",
        "v6.test,       Addresses",
    })
    void addressAnswersAreToldApart(String host, String answer) {
        assertThat(get(resolver.addresses(host)).getClass().getSimpleName()).isEqualTo(answer);
    }

    @Test
    void dnssecIsReportedOnlyIfEveryAnswerHadIt() {
        assertThat(hosts("example.test").authentic()).isFalse();
        dns.authentic("v4.test");
        assertThat(hosts("v4.test").authentic()).isTrue();
        AddressAnswer.Addresses a = (AddressAnswer.Addresses) get(resolver.addresses("v4.test"));
        assertThat(a.authentic()).isTrue();
    }

    private MxAnswer.Hosts hosts(String domain) {
        return (MxAnswer.Hosts) get(resolver.mx(domain));
    }
}
