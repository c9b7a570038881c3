package io.github.cameldeliverability.dns;

import static io.github.cameldeliverability.dns.DnsFixture.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.dns.DnsLookup.Answer;
import io.github.cameldeliverability.testkit.FakeDns;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswersAreCachedByTtlTest {

    private static final DnsOptions OPTIONS = new DnsOptions(
            Duration.ofMillis(250),
            1,
            Duration.ofSeconds(30),
            Duration.ofHours(1),
            Duration.ofMinutes(5),
            Duration.ofSeconds(5),
            20);

    private final FakeDns dns = FakeDns.builder().build();
    private final DnsFixture fixture = new DnsFixture();
    private final DnsClient client = fixture.client(OPTIONS, dns.server());

    @AfterEach
    void close() {
        dns.close();
        fixture.close();
    }

    @ParameterizedTest(name = "TTL {0}s is kept {1}s: {2}")
    @CsvSource({
        "600, 600, as it says",
        "1, 30, not shorter than the minimum",
        "86400, 3600, not longer than the maximum"
    })
    void aPositiveAnswerIsKept(long ttl, long kept, String why) {
        dns.ttl(Duration.ofSeconds(ttl)).a("a.test", "127.0.0.2");
        assertThat(((Answer.Found<?>) get(client.a("a.test"))).ttl()).isEqualTo(Duration.ofSeconds(kept));
        fixture.clock.advance(Duration.ofSeconds(kept - 1));
        assertThat(((Answer.Found<?>) get(client.a("A.TEST."))).ttl()).isEqualTo(Duration.ofSeconds(1));
        assertThat(dns.queries("a.test")).isEqualTo(1);
        fixture.clock.advance(Duration.ofSeconds(1));
        get(client.a("a.test"));
        assertThat(dns.queries("a.test")).isEqualTo(2);
    }

    @Test
    void aNegativeAnswerIsKeptShorter() {
        dns.ttl(Duration.ofHours(3));
        get(client.a("missing.test"));
        fixture.clock.advance(Duration.ofSeconds(299));
        assertThat(get(client.a("missing.test"))).isInstanceOf(Answer.NoSuchName.class);
        assertThat(dns.queries("missing.test")).isEqualTo(1);
        dns.a("missing.test", "127.0.0.2");
        fixture.clock.advance(Duration.ofSeconds(1));
        assertThat(get(client.a("missing.test"))).isInstanceOf(Answer.Found.class);
    }

    @Test
    void aFailureIsRememberedForSeconds() {
        dns.servfail("a.test").a("a.test", "127.0.0.2");
        get(client.a("a.test"));
        dns.heal("a.test");
        assertThat(get(client.a("a.test"))).isInstanceOf(Answer.TemporaryFailure.class);
        fixture.clock.advance(Duration.ofSeconds(5));
        assertThat(get(client.a("a.test"))).isInstanceOf(Answer.Found.class);
    }

    @Test
    void typesDoNotMix() {
        dns.a("a.test", "127.0.0.2").txt("a.test", "x");
        get(client.a("a.test"));
        assertThat(get(client.txt("a.test"))).isInstanceOf(Answer.Found.class);
        assertThat(get(client.aaaa("a.test"))).isInstanceOf(Answer.NoData.class);
    }

    @Test
    void equalQuestionsAskedTogetherAreOneQuery() {
        // Silence keeps the first question open while the others join it.
        dns.drop("slow.test");
        List<CompletionStage<?>> asked = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            asked.add(client.a("slow.test"));
        }
        asked.forEach(a -> assertThat(get(a)).isInstanceOf(Answer.TemporaryFailure.class));
        assertThat(dns.queries("slow.test")).isEqualTo(1);
    }

    @Test
    void oneCallerCannotSpoilTheAnswerOfAnother() {
        dns.drop("slow.test");
        var mine = client.a("slow.test").toCompletableFuture();
        var yours = client.a("slow.test");
        mine.cancel(true);
        assertThat(get(yours)).isInstanceOf(Answer.TemporaryFailure.class);
    }

    @Test
    void theCacheStaysWithinItsBound() {
        for (int i = 0; i < 50; i++) {
            dns.a("n" + i + ".test", "127.0.0.2");
            get(client.a("n" + i + ".test"));
        }
        int before = dns.queries();
        for (int i = 0; i < 50; i++) {
            get(client.a("n" + i + ".test"));
        }
        assertThat(dns.queries() - before).as("asked again").isGreaterThanOrEqualTo(30);
    }

    @Test
    void withoutACacheEachQuestionIsAsked() {
        dns.a("a.test", "127.0.0.2");
        DnsClient forgetful = fixture.client(OPTIONS.withoutCache(), dns.server());
        get(forgetful.a("a.test"));
        get(forgetful.a("a.test"));
        assertThat(dns.queries("a.test")).isEqualTo(2);
    }
}
