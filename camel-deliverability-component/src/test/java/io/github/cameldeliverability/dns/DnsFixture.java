package io.github.cameldeliverability.dns;

import io.github.cameldeliverability.testkit.MutableClock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A small pool with named threads, a clock and clients of impatient options. */
final class DnsFixture implements AutoCloseable {

    static final String THREAD = "dns-test";

    static final DnsOptions IMPATIENT = DnsOptions.DEFAULTS.withPatience(Duration.ofMillis(250), 1);

    final MutableClock clock = new MutableClock();
    final ExecutorService executor = Executors.newFixedThreadPool(2, r -> {
        Thread thread = new Thread(r, THREAD);
        thread.setDaemon(true);
        return thread;
    });

    DnsClient client(DnsOptions options, String... servers) {
        return new DnsClient(List.of(servers), clock, executor, options);
    }

    DnsMxResolver resolver(AddressFamily family, String... servers) {
        return new DnsMxResolver(client(IMPATIENT, servers), new Random(3), family);
    }

    static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
