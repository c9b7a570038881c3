package io.github.cameldeliverability.store;

import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.RecipientKey;
import io.github.cameldeliverability.mail.SpooledMessage;
import io.github.cameldeliverability.mail.Suppression;
import io.github.cameldeliverability.mail.SuppressionKind;
import io.github.cameldeliverability.mail.spi.Spool.Claim;
import io.github.cameldeliverability.mail.spi.Spool.ClaimRequest;
import io.github.cameldeliverability.mail.spi.Spool.ListRequest;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Measures the store; run by hand. Arguments: directory, {@code cycles N WINDOW} (add an 11 KB message and settle it, WINDOW
 * messages under way) or {@code queue N DOMAINS} (claims and counts with N queued rows).
 */
final class StoreBench {

    private StoreBench() {}

    public static void main(String[] args) throws Exception {
        Path file = Path.of(args[0], "bench.db");
        for (String suffix : List.of("", "-wal", "-shm", ".lock")) {
            Files.deleteIfExists(Path.of(file + suffix));
        }
        ExecutorService completions = Executors.newFixedThreadPool(2);
        try (SqliteStore store = SqliteStore.open(
                file, StoreOptions.DEFAULT, Clock.systemUTC(), new SecureRandom(), Thread::new, completions)) {
            if (args[1].equals("cycles")) {
                Thread operator = new Thread(() -> operate(file, completions), "operator");
                operator.setDaemon(true);
                operator.start();
                for (int round = 0; round < 4; round++) {
                    cycles(store, round, Integer.parseInt(args[2]), Integer.parseInt(args[3]));
                }
            } else {
                queue(store, Integer.parseInt(args[2]), Integer.parseInt(args[3]));
            }
            System.out.printf("file %,d octets%n", Files.size(file));
        }
        completions.shutdown();
    }

    private static void cycles(SqliteStore store, int round, int count, int window) throws Exception {
        byte[] content = new byte[11_000];
        new Random(1).nextBytes(content);
        Semaphore underWay = new Semaphore(window);
        long cpu = cpu();
        long begin = System.nanoTime();
        for (int i = 0; i < count; i++) {
            underWay.acquire();
            SpooledMessage m = Samples.message(
                    String.format("%d%012d", round, i), "marketing", Samples.NOW, content, "user" + i + "@example.net");
            store.spool()
                    .add(m, true)
                    .thenCompose(v -> store.spool().settle(Samples.key(m, 0), Samples.delivered(m, 0)))
                    .whenComplete((v, e) -> {
                        underWay.release();
                        if (e != null) {
                            e.printStackTrace();
                        }
                    });
        }
        underWay.acquire(window);
        double seconds = (System.nanoTime() - begin) / 1e9;
        System.out.printf(
                "%,d cycles, window %d: %,.0f/s, %.0f us CPU a cycle%n",
                count, window, count / seconds, (cpu() - cpu) / 1e3 / count);
        long ackBegin = System.nanoTime();
        int acked = 0;
        while (true) {
            var events = store.events()
                    .claim("marketing", 500, Duration.ofMinutes(1))
                    .toCompletableFuture()
                    .join();
            if (events.isEmpty()) {
                break;
            }
            acked += events.size();
            store.events()
                    .acknowledge(events.stream().map(e -> e.id()).toList())
                    .toCompletableFuture()
                    .join();
        }
        System.out.printf(
                "  %,d events claimed and acknowledged: %,.0f/s%n",
                acked, acked / ((System.nanoTime() - ackBegin) / 1e9));
    }

    /** How long an operator's tool waits for its change while the engine is busy. */
    private static void operate(Path file, ExecutorService completions) {
        try (SqliteStore operator = SqliteStore.openAdmin(
                file, StoreOptions.DEFAULT, Clock.systemUTC(), new SecureRandom(), Thread::new, completions)) {
            for (int i = 0; i < 20; i++) {
                Suppression s = Samples.suppression("u" + i + "@example.org", SuppressionKind.MANUAL);
                time("  operator's change", () -> operator.suppressions()
                        .add(s)
                        .toCompletableFuture()
                        .join());
            }
        } catch (Exception e) {
            throw new IllegalStateException("the operator's tool failed", e);
        }
    }

    private static long cpu() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    private static void queue(SqliteStore store, int count, int domains) throws Exception {
        byte[] content = new byte[500];
        Random random = new Random(7);
        List<CompletableFuture<Void>> stages = new ArrayList<>();
        long begin = System.nanoTime();
        for (int i = 0; i < count; i++) {
            // Nine of ten go to one large domain, which the claims below exclude.
            String domain = random.nextInt(10) > 0 ? "big.example" : "d" + random.nextInt(domains) + ".example";
            SpooledMessage m = Samples.message(
                    String.format("q%012d", i),
                    "marketing",
                    Samples.NOW.plusMillis(i),
                    content,
                    "u" + i + "@" + domain);
            stages.add(store.spool().add(m, false).toCompletableFuture());
            if (stages.size() == 5_000) {
                CompletableFuture.allOf(stages.toArray(CompletableFuture[]::new))
                        .get(60, TimeUnit.SECONDS);
                stages.clear();
            }
        }
        CompletableFuture.allOf(stages.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
        System.out.printf("%,d free rows added: %,.0f/s%n", count, count / ((System.nanoTime() - begin) / 1e9));
        for (int i = 0; i < 3; i++) {
            time("stats", () -> store.spool().stats().toCompletableFuture().join());
            time("nextDue", () -> store.spool()
                    .nextDue("marketing", Instant.EPOCH)
                    .toCompletableFuture()
                    .join());
            time("claim 100, big domain excluded", () -> claim(store, 100, 10, Set.of("big.example")));
            time("claim 1000, big domain excluded", () -> claim(store, 1000, 10, Set.of("big.example")));
            time("claim 100, nothing excluded", () -> claim(store, 100, 100, Set.of()));
            time("list 100 of big domain", () -> store.spool()
                    .list(new ListRequest(Optional.of("marketing"), Optional.of("big.example"), 100))
                    .toCompletableFuture()
                    .join()
                    .size());
        }
        List<Suppression> many = new ArrayList<>();
        for (int i = 0; i < count / 10; i++) {
            many.add(Samples.suppression("u" + i + "@gone.example", SuppressionKind.BOUNCE));
        }
        time(
                "import " + many.size(),
                () -> store.suppressions().addAll(many).toCompletableFuture().join());
        EmailAddress clean = EmailAddress.parse("nobody@example.net");
        time("100,000 checks of a clean address", () -> {
            for (int i = 0; i < 100_000; i++) {
                store.suppressions()
                        .check("default", clean, Set.of(Suppression.GLOBAL), Samples.NOW)
                        .toCompletableFuture()
                        .join();
            }
            return "done";
        });
    }

    private static String claim(SqliteStore store, int limit, int perDomain, Set<String> except) {
        List<Claim> claims = store.spool()
                .claim(new ClaimRequest("marketing", Samples.NOW.plus(Duration.ofDays(1)), limit, perDomain, except))
                .toCompletableFuture()
                .join();
        List<RecipientKey> keys = claims.stream().map(Claim::key).toList();
        return keys.size() + " rows of "
                + claims.stream().map(Claim::domain).distinct().count() + " domains";
    }

    private static void time(String what, Callable<?> work) throws Exception {
        long begin = System.nanoTime();
        Object result = work.call();
        System.out.printf("%-40s %8.2f ms  %s%n", what, (System.nanoTime() - begin) / 1e6, result);
    }
}
