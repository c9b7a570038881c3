package io.github.cameldeliverability.mx;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.cameldeliverability.dkim.DkimKeyPair;
import io.github.cameldeliverability.dns.DnsClient;
import io.github.cameldeliverability.dns.DnsOptions;
import io.github.cameldeliverability.testkit.FakeDns;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KeyMustMatchItsPublishedRecordTest {

    private final FakeDns dns = FakeDns.builder().build();
    private final ExecutorService threads = Executors.newFixedThreadPool(2);
    private final PublishedKeyCheck check = new PublishedKeyCheck(
            new DnsClient(List.of(dns.server()), Clock.systemUTC(), threads, DnsOptions.DEFAULTS.withoutCache()));
    private final DkimKeyPair key = DkimKeyPair.generateEd25519(new SecureRandom());

    @AfterEach
    void close() {
        threads.shutdownNow();
        dns.close();
    }

    @Test
    void thePublishedKeyPasses() {
        dns.txt("s1._domainkey.example.com", key.record());
        assertThatCode(() -> check.check("example.com", "s1", key)).doesNotThrowAnyException();
    }

    @Test
    void anotherPublishedKeyIsRefusedWithTheRecordToPublish() {
        dns.txt(
                "s1._domainkey.example.com",
                DkimKeyPair.generateEd25519(new SecureRandom()).record());
        assertThatThrownBy(() -> check.check("example.com", "s1", key))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("s1._domainkey.example.com")
                .hasMessageContaining("another private key")
                .hasMessageContaining(key.record());
    }

    @Test
    void aKeyOfAnotherTypeIsRefused() {
        dns.txt(
                "s1._domainkey.example.com",
                DkimKeyPair.generateRsa(2048, new SecureRandom()).record());
        assertThatThrownBy(() -> check.check("example.com", "s1", key)).hasMessageContaining("type rsa");
    }

    @Test
    void aMissingRecordIsNoReasonNotToStart() {
        assertThatCode(() -> check.check("example.com", "s1", key)).doesNotThrowAnyException();
        dns.servfail("s2._domainkey.example.com");
        assertThatCode(() -> check.check("example.com", "s2", key)).doesNotThrowAnyException();
    }
}
