package io.github.cameldeliverability.shaping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.cameldeliverability.mail.Lane;
import io.github.cameldeliverability.mail.spi.Shaper.Permit;
import io.github.cameldeliverability.testkit.MemoryStore;
import io.github.cameldeliverability.testkit.MutableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LanesShareWhatIsSharedTest {

    private static final Lane TX_A = new Lane("tx", "192.0.2.1", "google");
    private static final Lane NEWS_A = new Lane("news", "192.0.2.1", "yahoo");
    private static final Lane NEWS_B = new Lane("news", "192.0.2.2", "yahoo");

    private final MutableClock clock = new MutableClock();
    private final MemoryStore store = new MemoryStore(clock);

    private AdaptiveShaper shaper(String yaml) {
        return new AdaptiveShaper(clock, LimitBook.parse("f.yaml", yaml), store.counters(), new LocalMeters());
    }

    private int send(AdaptiveShaper s, Lane lane, int times) {
        int go = 0;
        for (int i = 0; i < times; i++) {
            go += s.send(lane, 1) instanceof Permit.Go ? 1 : 0;
        }
        return go;
    }

    @Test
    void oneCapForAllLanesOfASourceAddress() {
        AdaptiveShaper s = shaper("shared: [{name: address, per: source, dailyCap: 10}]");
        assertThat(send(s, TX_A, 6)).isEqualTo(6);
        assertThat(send(s, NEWS_A, 6)).isEqualTo(4);
        assertThat(send(s, NEWS_B, 20)).isEqualTo(10);
        assertThat(s.mayUseSource(TX_A)).isInstanceOf(Permit.Wait.class);
        assertThat(s.explain(NEWS_A)).anySatisfy(e -> assertThat(e.toString())
                .startsWith("dailyCap = 10, 10 used, 0 left")
                .contains("shared address 192.0.2.1 in f.yaml:1"));
    }

    @Test
    void oneRateForAProviderOverStreams() {
        AdaptiveShaper s = shaper("shared: [{name: to yahoo, for: {provider: yahoo}, messagesPerSecond: 2, burst: 2}]");
        assertThat(send(s, NEWS_A, 5)).isEqualTo(2);
        assertThat(send(s, NEWS_B, 5)).isZero();
        assertThat(send(s, TX_A, 5)).as("another provider").isEqualTo(5);
        clock.advance(Duration.ofSeconds(1));
        assertThat(send(s, NEWS_B, 5)).isEqualTo(2);
    }

    @Test
    void oneCapForASigningDomain() {
        AdaptiveShaper s = shaper("shared: [{name: dkim, per: [dkim], dailyCap: 5}]");
        StreamFacts signed = new StreamFacts(
                LimitSettings.NONE, Set.of("example.com"), Optional.empty(), Optional.empty(), Optional.empty());
        s.describeStream("tx", signed);
        s.describeStream("news", signed);
        assertThat(send(s, TX_A, 3)).isEqualTo(3);
        assertThat(send(s, NEWS_B, 9)).isEqualTo(2);
        assertThat(send(s, new Lane("unsigned", "default", "google"), 9)).isEqualTo(9);
    }

    @Test
    void sessionsAreSharedAndComeBack() {
        AdaptiveShaper s = shaper("shared: [{name: sessions, per: source, connections: 3}]");
        assertThat(s.connect(TX_A)).isInstanceOf(Permit.Go.class);
        assertThat(s.connect(TX_A)).isInstanceOf(Permit.Go.class);
        assertThat(s.connect(NEWS_A)).isInstanceOf(Permit.Go.class);
        assertThat(s.connect(NEWS_A)).isInstanceOf(Permit.Wait.class);
        assertThat(s.connect(NEWS_B)).isInstanceOf(Permit.Go.class);
        s.use(LimitBook.parse("f.yaml", "shared: [{name: other, per: source, connections: 1}]"));
        s.disconnected(TX_A);
        s.use(LimitBook.parse("f.yaml", "shared: [{name: sessions, per: source, connections: 3}]"));
        assertThat(s.connect(NEWS_A))
                .as("what was opened under the old name was closed under it")
                .isInstanceOf(Permit.Go.class);
        assertThat(s.connect(TX_A)).isInstanceOf(Permit.Wait.class);
    }

    @ParameterizedTest
    @CsvSource({
        "smtp.gmail.com, gmail, 475",
        "SMTP.yandex.ru, yandex, 142",
        "smtp.ukr.net, ukr.net, 237",
        "smtp.meta.ua, meta.ua, 190",
        "smtp.rambler.ru, rambler, 190"
    })
    void freeMailboxesStopBeforeTheirLimit(String host, String quota, int sent) {
        clock.set(Instant.parse("2026-11-22T08:10:00Z"));
        AdaptiveShaper s = shaper("");
        s.describeStream("tx", account(host, Optional.empty()));
        s.describeStream("news", account(host, Optional.empty()));
        int tx = send(s, new Lane("tx", "default", "mx:" + host), 150);
        int news = send(s, new Lane("news", "default", "mx:" + host), 1000);
        assertThat(tx + news).as("both streams log in to one account").isEqualTo(sent);
        assertThat(s.explain(new Lane("tx", "default", "mx:" + host)))
                .anySatisfy(e -> assertThat(e.setBy()).isEqualTo("quota " + quota + " as of 2026-08, stops at 95 %"));
    }

    @Test
    void aQuotaCanBeNamedChangedOrTurnedOff() {
        AdaptiveShaper s = shaper("quotas: {gmail: {dailyCap: 2000, stopAt: 100%}, mine: {dailyCap: 7, stopAt: 100%}}");
        Lane lane = new Lane("tx", "default", "x");
        s.describeStream("tx", account("smtp.gmail.com", Optional.of("none")));
        assertThat(send(s, lane, 3000)).isEqualTo(3000);
        s.describeStream("tx", account("smtp.gmail.com", Optional.empty()));
        assertThat(send(s, lane, 3000)).isEqualTo(2000);
        s.describeStream("tx", account("relay.example.com", Optional.of("mine")));
        assertThat(send(s, lane, 3000)).isEqualTo(7);
        assertThatThrownBy(() -> s.describeStream("tx", account("relay.example.com", Optional.of("hotmail"))))
                .hasMessageContaining("there is no quota profile hotmail; known are none, mail.ru, yandex, gmail");
    }

    @Test
    void oneAMinuteIsOneAMinute() {
        AdaptiveShaper s = shaper("");
        s.describeStream("tx", account("smtp.mail.ru", Optional.empty()));
        Lane lane = new Lane("tx", "default", "mail.ru");
        int sent = 0;
        for (int second = 0; second < 600; second++) {
            sent += send(s, lane, 3);
            clock.advance(Duration.ofSeconds(1));
        }
        assertThat(sent).isEqualTo(10);
    }

    private static StreamFacts account(String host, Optional<String> quota) {
        return new StreamFacts(LimitSettings.NONE, Set.of(), Optional.of(host), Optional.of("shop@example.com"), quota);
    }
}
