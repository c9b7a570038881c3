package io.github.cameldeliverability.store;

import io.github.cameldeliverability.mail.DeliveryEvent;
import io.github.cameldeliverability.mail.DsnRequest;
import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.Outcome;
import io.github.cameldeliverability.mail.Recipient;
import io.github.cameldeliverability.mail.RecipientKey;
import io.github.cameldeliverability.mail.ReversePath;
import io.github.cameldeliverability.mail.SmtpPhase;
import io.github.cameldeliverability.mail.SmtpReply;
import io.github.cameldeliverability.mail.SpooledMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A message's life in the SQLite spool: 11 KB are added, forced to disk, and settled as delivered. The file is in {@code
 * java.io.tmpdir}, which should be a disk and not memory.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
@Threads(1)
public class SpoolCycleBenchmark {

    private static final int TOGETHER = 200;
    private static final String STREAM = "marketing";
    private static final EmailAddress ADDRESS = EmailAddress.parse("ann@example.net");
    private static final SmtpReply REPLY =
            SmtpReply.parse("250 2.0.0 Ok: queued as 4F7B91").orElseThrow();

    private final byte[] content = new byte[11_000];
    private Path folder;
    private ExecutorService completions;
    private SqliteStore store;
    private long last;

    @Setup(Level.Trial)
    public void open() throws IOException {
        new Random(1).nextBytes(content);
        folder = Files.createTempDirectory("spool-benchmark");
        completions = Executors.newFixedThreadPool(2);
        store = SqliteStore.open(
                folder.resolve("mail.db"),
                StoreOptions.DEFAULT,
                Clock.systemUTC(),
                new SecureRandom(),
                Thread::new,
                completions);
    }

    @TearDown(Level.Trial)
    public void close() throws IOException {
        store.close();
        completions.shutdown();
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(SpoolCycleBenchmark::delete);
        }
    }

    /** Two commits for each message: the slowest way. */
    @Benchmark
    public void oneAfterTheOther() {
        cycle().join();
    }

    /** As the engine works: many messages share the commits. */
    @Benchmark
    @OperationsPerInvocation(TOGETHER)
    public void twoHundredUnderWay() {
        CompletableFuture<?>[] all = new CompletableFuture<?>[TOGETHER];
        for (int i = 0; i < TOGETHER; i++) {
            all[i] = cycle();
        }
        CompletableFuture.allOf(all).join();
    }

    private CompletableFuture<Void> cycle() {
        SpooledMessage m = message(String.format("b%012d", ++last));
        return store.spool()
                .add(m, true)
                .thenCompose(v -> store.spool().settle(new RecipientKey(m.queueId(), 0), delivered(m)))
                .toCompletableFuture();
    }

    private SpooledMessage message(String id) {
        Instant now = Instant.now();
        return new SpooledMessage(
                id,
                STREAM,
                "<" + id + "@mail.example.com>",
                content,
                false,
                false,
                Optional.empty(),
                false,
                now,
                now.plus(Duration.ofDays(5)),
                now,
                Set.of(),
                List.of(new Recipient(ADDRESS, ReversePath.parse("bounce@mail.example.com"), DsnRequest.NONE)));
    }

    private static DeliveryEvent delivered(SpooledMessage m) {
        return new DeliveryEvent(
                m.stream(),
                m.queueId(),
                m.messageId(),
                ADDRESS,
                Outcome.DELIVERED,
                Optional.of(REPLY),
                Optional.of(SmtpPhase.DOT),
                Optional.empty(),
                Optional.of("example"),
                Optional.of("mx1.example.net [192.0.2.25]"),
                1,
                Instant.now(),
                Optional.empty(),
                Duration.ofMillis(321),
                Optional.of("TLSv1.3 TLS_AES_256_GCM_SHA384"));
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
