package io.github.cameldeliverability.delivery;

import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.Envelope;
import io.github.cameldeliverability.mail.ReversePath;
import io.github.cameldeliverability.mail.Submission;
import io.github.cameldeliverability.mail.spi.QueueControl.Affected;
import io.github.cameldeliverability.mail.spi.QueueControl.Selection;
import io.github.cameldeliverability.mail.spi.Spool.Stats;
import io.github.cameldeliverability.shaping.LimitSettings;
import io.github.cameldeliverability.store.SqliteStore;
import io.github.cameldeliverability.testkit.FakeDns;
import io.github.cameldeliverability.testkit.FakeMx;
import io.github.cameldeliverability.testkit.TemporaryStore;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Fills a queue to receivers that refuse for now, says how the acceptance rate, the heap and the time of a count behave
 * while it grows, and lets it drain. Not a test: a program, best run with {@code -Xmx512m}.
 *
 * <p>Arguments: messages (1000000), seconds for filling (300), seconds for draining (60).
 */
final class QueueOfAMillion {

    private static final int HOSTS = 20;
    private static final int WINDOWS = 20;
    private static final byte[] CONTENT = ("From: Shop <shop@example.com>\r\nSubject: hello\r\n\r\n"
                    + "0123456789 0123456789 0123456789 0123456789 0123456789 0123456789\r\n".repeat(8))
            .getBytes(StandardCharsets.US_ASCII);

    private final AtomicLong delivered = new AtomicLong();
    private final AtomicLong deferred = new AtomicLong();
    private final AtomicBoolean refusing = new AtomicBoolean(true);

    private QueueOfAMillion() {}

    public static void main(String[] args) throws Exception {
        int count = args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000;
        int fill = args.length > 1 ? Integer.parseInt(args[1]) : 300;
        int drain = args.length > 2 ? Integer.parseInt(args[2]) : 60;
        new QueueOfAMillion().run(count, fill, drain);
    }

    private void run(int count, int fillSeconds, int drainSeconds) throws Exception {
        FakeDns.Builder names = FakeDns.builder();
        for (int i = 0; i < HOSTS; i++) {
            names.mx("d" + i + ".test", 10, "mx.d" + i + ".test").a("mx.d" + i + ".test", "127.0.0.2");
        }
        LimitSettings limits = LimitSettings.NONE.withConnections(2).withMessagesPerConnection(1000);
        try (TemporaryStore store = TemporaryStore.open(Clock.systemUTC());
                FakeMx mx = FakeMx.builder()
                        .address("127.0.0.2")
                        .keep(0)
                        .rejectRecipients(r -> refusing.get(), "451 4.3.2 not now")
                        .build();
                FakeDns dns = names.build();
                RealRooms rooms = new RealRooms(
                        store,
                        dns,
                        mx.port(),
                        limits,
                        RetryPolicy.defaults().withFallback(RetryPolicy.Schedule.of("30m")),
                        e -> (e.outcome().isFinal() ? delivered : deferred).incrementAndGet(),
                        RealRooms.stream("tx", List.of(), false, Optional.of("default")));
                SqliteStore operator = store.openAdmin()) {
            rooms.engine.start();
            fill(rooms.engine, operator, count, fillSeconds);
            refusing.set(false);
            long start = System.nanoTime();
            Affected hurried = operator.control()
                    .retry(
                            new Selection(Optional.empty(), Optional.of("tx"), Optional.empty(), Optional.empty()),
                            false)
                    .toCompletableFuture()
                    .get(10, TimeUnit.MINUTES);
            print("retry of %,d rows took %.1f s", hurried.free(), seconds(start));
            drain(operator, drainSeconds);
            start = System.nanoTime();
            rooms.engine.stop();
            print("the stop took %.1f s", seconds(start));
        }
    }

    private void fill(DeliveryEngine engine, SqliteStore operator, int count, int limit) throws Exception {
        Semaphore underWay = new Semaphore(1_000);
        int window = Math.max(1, count / WINDOWS);
        long start = System.nanoTime();
        long mark = start;
        for (int i = 1; i <= count && seconds(start) < limit; i++) {
            EmailAddress to = EmailAddress.parse("u" + i + "@d" + i % HOSTS + ".test");
            underWay.acquire();
            engine.submit(new Submission(
                            "tx", new Envelope(ReversePath.parse("shop@example.com"), List.of(to)), CONTENT))
                    .whenComplete((id, error) -> {
                        underWay.release();
                        if (error != null) {
                            print("refused: %s", error);
                        }
                    });
            if (i % window == 0) {
                double rate = window / seconds(mark);
                report(operator, String.format(Locale.ROOT, "accepted %,9d  %,6.0f/s", i, rate));
                mark = System.nanoTime();
            }
        }
    }

    private void drain(SqliteStore operator, int limit) throws Exception {
        long start = System.nanoTime();
        long before = delivered.get();
        while (seconds(start) < limit && report(operator, "draining") > 0) {
            TimeUnit.SECONDS.sleep(5);
        }
        print("drained %,.0f/s", (delivered.get() - before) / seconds(start));
    }

    private long report(SqliteStore operator, String what) throws Exception {
        long start = System.nanoTime();
        Stats stats = operator.spool().stats().toCompletableFuture().get(1, TimeUnit.MINUTES);
        double took = seconds(start);
        long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        print(
                "%s  open %,d  deferred %,d  delivered %,d  stats %.3f s  heap %d MB",
                what, stats.openRecipients(), deferred.get(), delivered.get(), took, heap >> 20);
        return stats.openRecipients();
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }

    private static void print(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }
}
