package io.github.cameldeliverability.store;

import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.Suppression;
import io.github.cameldeliverability.mail.SuppressionKind;
import io.github.cameldeliverability.store.SuppressionIndex.Answer;
import io.github.cameldeliverability.store.SuppressionIndex.Item;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Checks of addresses against a list in memory, on one thread, from the parsed address on. Every answer is compared with the
 * truth; a wrong one ends the run.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 3)
@Measurement(iterations = 5, time = 3)
@Fork(value = 1, jvmArgs = "-Xmx1200m")
@Threads(1)
public class SuppressionCheckBenchmark {

    private static final int ASKED = 1 << 17;
    private static final Set<String> SCOPES = Set.of(Suppression.GLOBAL, Suppression.streamScope("news"));
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    /** Entries of the list. */
    @Param({"10000000"})
    public int entries;

    private SuppressionIndex index;
    private EmailAddress[] suppressed;
    private EmailAddress[] free;
    private int next;

    @Setup(Level.Trial)
    public void fill() {
        byte[] key = new byte[16];
        new SecureRandom().nextBytes(key);
        index = new SuppressionIndex(key);
        List<Item> item = List.of(new Item(Suppression.GLOBAL, SuppressionKind.BOUNCE, Instant.MAX));
        for (int i = 0; i < entries; i++) {
            index.put("default", address(i).key(), item);
        }
        suppressed = new EmailAddress[ASKED];
        free = new EmailAddress[ASKED];
        for (int i = 0; i < ASKED; i++) {
            // Spread over the whole list, in no order that a cache could like.
            long spread = (i * 0x9e3779b97f4a7c15L >>> 1) % entries;
            suppressed[i] = address((int) spread);
            free[i] = address(entries + (int) spread);
        }
    }

    /** About 25 octets, as addresses are. */
    private static EmailAddress address(int i) {
        return new EmailAddress("user." + Integer.toString(i, 36) + "." + i % 97, "mail" + i % 10_007 + ".example.com");
    }

    @TearDown(Level.Trial)
    public void footprint() {
        System.gc();
        Runtime r = Runtime.getRuntime();
        System.out.printf(
                "%n%,d addresses: table and records %,d MiB, whole heap in use %,d MiB%n",
                index.size(), index.footprint() >> 20, (r.totalMemory() - r.freeMemory()) >> 20);
    }

    @Benchmark
    public Answer onNoList() {
        return ask(free[next++ & (ASKED - 1)], Answer.NO);
    }

    @Benchmark
    public Answer onTheList() {
        return ask(suppressed[next++ & (ASKED - 1)], Answer.YES);
    }

    private Answer ask(EmailAddress address, Answer truth) {
        Answer answer = index.ask("default", address.key(), SCOPES, Set.of(), NOW);
        if (answer != truth) {
            throw new IllegalStateException("a false answer for " + address);
        }
        return answer;
    }
}
