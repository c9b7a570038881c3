package io.github.cameldeliverability.shaping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.cameldeliverability.mail.Lane;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LimitFilesAreReadStrictlyTest {

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "provders: {}                                        | f.yaml:1: unknown key provders (did you mean providers?)",
                "defaults: {conections: 3}                           | f.yaml:1: unknown key conections (did you mean connections?)",
                "defaults: {connections: many}                       | f.yaml:1: connections: connections: want a whole number, at least 1, not many",
                "defaults: {connections: 0}                          | connections must be a whole number, at least 1: 0",
                "defaults: {messagesPerSecond: 3/w}                  | want N, N/m, N/h or N/d",
                "timeZone: Mars/Olympus                              | want a time zone such as UTC or Europe/Kyiv, not Mars/Olympus",
                "providers: {club: {connections: 3}}                 | f.yaml:1 is unknown and names no MX suffix: it would never match",
                "providers: {club: {mx: '*.*'}}                      | *.* can match no host",
                "providers: {a: {mx: x.org}, b: {mx: x.org}}         | b: x.org is claimed by provider a, too",
                "providers: {google: {}, google: {}}                 | f.yaml:1: google: is stated twice",
                "domains: {'a b': {connections: 1}}                  | a b: is no mail domain",
                "streams: {tx: {providers: {gogle: {dailyCap: 1}}}}  | names provider gogle, which is not defined",
                "shared: [{name: x}]                                 | shared limit x limits nothing",
                "shared: [{dailyCap: 1}]                             | name is missing",
                "shared: [{name: x, per: [ip], dailyCap: 1}]         | ip is unknown; lanes can be told apart by stream, source, provider and dkim",
                "shared: [{name: x, messagesPerConnection: 3}]       | belongs to a session and cannot be shared",
                "warmup: [{source: 192.0.2.1, start: soon}]          | wants a date such as 2026-11-22, not soon",
                "warmup: [{start: 2026-11-22}]                       | by one of source, domain and stream",
                "warmup: [{source: mx1, start: 2026-11-22}]          | must be an IP address",
                "warmup: [{stream: a, plan: fast, start: 2026-11-22}] | there is no warm-up plan fast; known are standard",
                "plans: {p: {days: '5, six'}}                        | want numbers such as 50, 100, 200*3 (three days of 200), not six",
                "plans: {p: {days: '0'}}                             | at least 1 recipient each",
                "plans: {p: {days: '5', count: weeks}}               | must be one of sending, calendar",
                "plans: {p: {days: '5', hold: {deferral: 5%}}}       | unknown key deferral (did you mean deferrals?)",
                "quotas: {gmail: {stopAt: 120%}}                     | stopAt must be above 0 and at most 100%",
                "a: [                                                | not valid YAML",
            })
    void whatIsWrongIsNamedWithItsPlaceAndTheFix(String yaml, String complaint) {
        assertThatThrownBy(() -> LimitBook.parse("f.yaml", yaml))
                .isInstanceOf(LimitFileException.class)
                .hasMessageContaining("f.yaml")
                .hasMessageContaining(complaint);
    }

    @Test
    void theLineIsThatOfTheKey() {
        assertThatThrownBy(() -> LimitBook.parse("f.yaml", "defaults:\n  burst: 3\n\n  dailyCap: -1\n"))
                .hasMessageStartingWith("f.yaml:4: dailyCap: dailyCap must be");
    }

    @Test
    void anEmptyFileSaysNothing() {
        assertThat(LimitBook.parse("f.yaml", "# nothing yet\n").findings()).isEmpty();
    }

    @Test
    void findingsTellWhatMayNotBeMeant() {
        LimitBook book =
                LimitBook.parse("f.yaml", "providers:\n  mine: {mx: [posteo.de, mx*.club.example], connections: 2}\n");
        assertThat(book.findings())
                .anyMatch(f -> f.contains("f.yaml:2") && f.contains("belonged to provider posteo"))
                .anyMatch(f -> f.contains("provider posteo matches no host any more"));
        assertThat(book.provider("x.org", List.of("mx1.club.example", "mx22.club.example")))
                .isEqualTo("mine");
        assertThat(book.provider("x.org", List.of("mx1.club.example", "mail.club.example")))
                .as("all hosts of a domain must match")
                .isEqualTo("mx:mail.club.example,mx1.club.example");
    }

    @Test
    void aDomainWithLimitsOfItsOwnHasALaneOfItsOwn() {
        LimitBook book = LimitBook.parse("f.yaml", "domains:\n  Big.example: {dailyCap: 7}\n");
        String provider = book.provider("big.example", List.of("aspmx.l.google.com"));
        assertThat(provider).isEqualTo("google@big.example");
        assertThat(new Lane("tx", "default", provider).receiver()).isEqualTo("google");
        assertThat(book.provider("small.example", List.of("aspmx.l.google.com")))
                .isEqualTo("google");
    }

    @Test
    void arbitraryTextIsReadOrRefusedInWords() {
        String alphabet = "{}[]:,-#&*!|>'\"%@` \n\tdefaultsprovidersmx0129./";
        Random random = new Random(42);
        for (int i = 0; i < 3000; i++) {
            StringBuilder b = new StringBuilder();
            for (int n = random.nextInt(60); n > 0; n--) {
                b.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            try {
                LimitBook.parse("f.yaml", b.toString());
            } catch (LimitFileException e) {
                assertThat(e).hasMessageContaining("f.yaml");
            }
        }
    }
}
