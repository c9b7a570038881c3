package io.github.cameldeliverability.dns;

import static io.github.cameldeliverability.dns.DnsFixture.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.cameldeliverability.dns.DnsLookup.Answer;
import io.github.cameldeliverability.dns.DnsLookup.Tlsa;
import io.github.cameldeliverability.testkit.FakeDns;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OneWorkingServerIsEnoughTest {

    private final FakeDns good =
            FakeDns.builder().a("a.test", "127.0.0.2").a("b.test", "127.0.0.3").build();
    private final FakeDns bad = FakeDns.builder().build();
    private final DnsFixture fixture = new DnsFixture();

    @AfterEach
    void close() {
        good.close();
        bad.close();
        fixture.close();
    }

    @Test
    void aSilentServerIsSteppedOverAndNotWaitedForAgain() {
        bad.drop("a.test").drop("b.test");
        DnsClient client = fixture.client(DnsFixture.IMPATIENT, bad.server(), good.server());
        assertThat(get(client.a("a.test"))).isInstanceOf(Answer.Found.class);
        assertThat(get(client.a("b.test"))).isInstanceOf(Answer.Found.class);
        assertThat(bad.queries()).as("asked once, then the other is preferred").isEqualTo(1);
    }

    @Test
    void aFailingServerIsNotAskedTwiceForTheSame() {
        bad.servfail("a.test");
        good.drop("a.test");
        DnsOptions patient = DnsOptions.DEFAULTS.withPatience(Duration.ofMillis(200), 3);
        DnsClient client = fixture.client(patient, bad.server(), good.server());
        assertThat(get(client.a("a.test"))).isInstanceOf(Answer.TemporaryFailure.class);
        assertThat(bad.queries()).isEqualTo(1);
        assertThat(good.queries()).isEqualTo(3);
    }

    @Test
    void aSilentServerIsTriedAgain() {
        good.drop("a.test");
        DnsOptions patient = DnsOptions.DEFAULTS.withPatience(Duration.ofMillis(150), 3);
        DnsClient client = fixture.client(patient, good.server());
        Answer<InetAddress> answer = get(client.a("a.test"));
        assertThat(answer).isInstanceOf(Answer.TemporaryFailure.class);
        assertThat(((Answer.TemporaryFailure<?>) answer).detail()).contains(good.server());
        assertThat(good.queries()).isEqualTo(3);
    }

    @Test
    void anAnswerTooLargeForUdpComesOverTcp() {
        String text = "x".repeat(3000);
        good.txt("large.test", text);
        DnsClient client = fixture.client(DnsFixture.IMPATIENT, good.server());
        Answer.Found<String> found = (Answer.Found<String>) get(client.txt("large.test"));
        assertThat(found.records()).containsExactly(text);
        assertThat(good.tcpQueries()).isEqualTo(1);
    }

    @Test
    void otherTypesAreReadToo() throws Exception {
        good.ptr("192.0.2.7", "host.test")
                .ptr("2001:db8::7", "Host6.test")
                .tlsa("_25._tcp.mx.test", 3, 1, 1, "00ff")
                .txt("t.test", "caf\u00e9 \"quoted\" \\ back; semicolon")
                .txt("t.test", "");
        DnsClient client = fixture.client(DnsFixture.IMPATIENT, good.server());
        assertThat(records(client.ptr(InetAddress.getByName("192.0.2.7")))).containsExactly("host.test");
        assertThat(records(client.ptr(InetAddress.getByName("2001:db8::7")))).containsExactly("host6.test");
        assertThat(get(client.ptr(InetAddress.getByName("192.0.2.8")))).isInstanceOf(Answer.NoSuchName.class);
        assertThat(records(client.txt("t.test")))
                .containsExactlyInAnyOrder("caf\u00e9 \"quoted\" \\ back; semicolon", "");
        Tlsa tlsa = records(client.tlsa("_25._tcp.mx.test")).get(0);
        assertThat(tlsa.usage() + " " + tlsa.selector() + " " + tlsa.matchingType())
                .isEqualTo("3 1 1");
        assertThat(tlsa.data()).containsExactly(0, 0xff);
    }

    @Test
    void answersCompleteOnTheGivenExecutor() {
        bad.drop("a.test");
        Set<String> threads = ConcurrentHashMap.newKeySet();
        DnsClient client = fixture.client(DnsFixture.IMPATIENT, bad.server());
        // The first ends by timeout, the second by an answer.
        get(client.a("a.test")
                .whenComplete((a, e) -> threads.add(Thread.currentThread().getName())));
        get(client.a("b.test")
                .whenComplete((a, e) -> threads.add(Thread.currentThread().getName())));
        assertThat(threads).containsExactly(DnsFixture.THREAD);
    }

    @Test
    void aLookupAfterTheExecutorEndedStillEnds() {
        DnsClient client = fixture.client(DnsFixture.IMPATIENT, good.server());
        fixture.executor.shutdownNow();
        assertThat(get(client.a("a.test"))).isInstanceOf(Answer.TemporaryFailure.class);
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1,        127.0.0.1, 53",
        "127.0.0.1:5353,   127.0.0.1, 5353",
        "[::1]:5353,       ::1,       5353",
        "[::1],            ::1,       53",
        "::1,              ::1,       53",
    })
    void serversAreWrittenInTheUsualWays(String text, String host, int port) throws Exception {
        assertThat(DnsServers.address(text).getAddress()).isEqualTo(InetAddress.getByName(host));
        assertThat(DnsServers.address(text).getPort()).isEqualTo(port);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:x", "127.0.0.1:0", "127.0.0.1:70000"})
    void aBadServerIsNamed(String text) {
        assertThatThrownBy(() -> DnsServers.address(text)).hasMessageContaining(text);
    }

    private static <T> List<T> records(java.util.concurrent.CompletionStage<Answer<T>> asked) {
        return ((Answer.Found<T>) get(asked)).records();
    }
}
