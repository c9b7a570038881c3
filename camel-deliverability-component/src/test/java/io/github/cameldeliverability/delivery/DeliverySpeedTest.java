package io.github.cameldeliverability.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.cameldeliverability.dkim.DkimKeyPair;
import io.github.cameldeliverability.dkim.DkimSigner;
import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.Envelope;
import io.github.cameldeliverability.mail.ReversePath;
import io.github.cameldeliverability.mail.Submission;
import io.github.cameldeliverability.mail.spi.MessageSigner;
import io.github.cameldeliverability.shaping.LimitSettings;
import io.github.cameldeliverability.testkit.FakeDns;
import io.github.cameldeliverability.testkit.FakeMx;
import io.github.cameldeliverability.testkit.TemporaryStore;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages a second through everything, with a receiver in the same process. Only with {@code -Dspeed=MESSAGES}. */
@EnabledIfSystemProperty(named = "speed", matches = "\\d+")
class DeliverySpeedTest {

    @ParameterizedTest
    @ValueSource(strings = {"warm-up", "unsigned", "ed25519", "rsa-2048"})
    void messagesASecondOverTwentyConnections(String kind) throws Exception {
        int count = kind.equals("warm-up") ? 2000 : Integer.getInteger("speed");
        List<MessageSigner> signers = new ArrayList<>();
        if (kind.equals("ed25519")) {
            signers.add(DkimSigner.builder("example.com", "e", DkimKeyPair.generateEd25519(new SecureRandom()))
                    .build());
        } else if (kind.equals("rsa-2048")) {
            signers.add(DkimSigner.builder("example.com", "r", DkimKeyPair.generateRsa(2048, new SecureRandom()))
                    .build());
        }
        byte[] content = ("From: Shop <shop@example.com>\r\nTo: x@fast.test\r\nSubject: hello\r\n\r\n"
                        + "0123456789 0123456789 0123456789 0123456789 0123456789 0123456789\r\n".repeat(150))
                .getBytes(StandardCharsets.US_ASCII);
        AtomicLong events = new AtomicLong();
        LimitSettings limits = LimitSettings.NONE.withConnections(20).withMessagesPerConnection(1000);
        try (TemporaryStore store = TemporaryStore.open(Clock.systemUTC());
                FakeMx mx = FakeMx.builder().address("127.0.0.2").keep(0).build();
                FakeDns dns = FakeDns.builder()
                        .mx("fast.test", 10, "mx.fast.test")
                        .a("mx.fast.test", "127.0.0.2")
                        .build();
                RealRooms rooms = new RealRooms(
                        store,
                        dns,
                        mx.port(),
                        limits,
                        RetryPolicy.defaults(),
                        e -> events.incrementAndGet(),
                        RealRooms.stream("tx", signers, false, Optional.of("default")))) {
            rooms.engine.start();
            long cpu = cpuNanos();
            long start = System.nanoTime();
            List<CompletableFuture<String>> all = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                Envelope envelope = new Envelope(
                        ReversePath.parse("shop@example.com"), List.of(EmailAddress.parse("u" + i + "@fast.test")));
                all.add(rooms.engine
                        .submit(new Submission("tx", envelope, content))
                        .toCompletableFuture());
            }
            CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).join();
            double accepted = (System.nanoTime() - start) / 1e9;
            await().atMost(Duration.ofMinutes(3))
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> events.get() == count);
            double seconds = (System.nanoTime() - start) / 1e9;
            System.out.printf(
                    Locale.ROOT,
                    "speed %s: %d messages of 10 KB, accepted %.0f/s, delivered %.0f/s, %.3f ms CPU a message "
                            + "(both ends), %d connections%n",
                    kind,
                    count,
                    count / accepted,
                    count / seconds,
                    (cpuNanos() - cpu) / 1e6 / count,
                    mx.connections());
            assertThat(mx.accepted()).isEqualTo(count);
        }
    }

    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }
}
