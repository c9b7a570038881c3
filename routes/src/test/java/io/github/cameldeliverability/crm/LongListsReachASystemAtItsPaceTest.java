package io.github.cameldeliverability.crm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.cameldeliverability.crm.stub.SendGridStub;
import io.github.cameldeliverability.crm.stub.StubReply;
import io.github.cameldeliverability.crm.stub.StubServer;
import io.github.cameldeliverability.mail.SuppressionChange;
import io.github.cameldeliverability.mail.spi.Store;
import io.github.cameldeliverability.mx.SharedStores;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A long list, a system with a limit and a latency. The system property {@code crm.load} says how long; with 100,000 the
 * limit is 10 requests a second and the latency 100 ms.
 */
class LongListsReachASystemAtItsPaceTest {

    private static final int SIZE = Integer.getInteger("crm.load", 3_000);
    private static final boolean LONG = SIZE >= 100_000;

    @TempDir
    Path folder;

    private final SendGridStub sendgrid = new SendGridStub();
    private final StubServer server = new StubServer(sendgrid);
    private final DefaultCamelContext context = new DefaultCamelContext();
    private final ConcurrentLinkedQueue<String> dead = new ConcurrentLinkedQueue<>();

    @AfterEach
    void stop() {
        context.stop();
        server.close();
    }

    @Test
    void everyRecordEndsRightAndHardlyACallIsRefused() throws Exception {
        int limit = LONG ? 10 : 50;
        server.latency(Duration.ofMillis(LONG ? 100 : 5))
                .limit(limit, Duration.ofSeconds(1), () -> StubReply.of(429, "{}")
                        .with("Retry-After", "1"));
        StringBuilder addresses = new StringBuilder();
        for (int i = 0; i < SIZE; i++) {
            addresses.append("user").append(i).append("@example.net\n");
            if (i % 100 == 42) {
                sendgrid.refused.add("user" + i + "@example.net");
            }
        }
        String list = "suppression:default?store=" + folder.resolve("list.db");
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(list + "&consumer=crm&batch=true&batchSize=100&delay=50&initialDelay=0&retryDelay=1s")
                        .routeId("push")
                        .autoStartup(false)
                        .to("kamelet:suppression-sendgrid-sink?apiKey=SG.secret&url=" + server.url() + "&rate=" + limit
                                + "/s&deadLetters=direct:dead&state=" + folder.resolve("crm.db"));
                from("direct:dead").process(e -> dead.add(e.getMessage().getBody(String.class)));
            }
        });
        context.start();
        context.createProducerTemplate()
                .sendBody(list + "&operation=IMPORT&format=CSV&kind=BOUNCE", addresses.toString());
        Store store = SharedStores.of(context).acquire(folder.resolve("list.db").toString());
        assertThat(lag(store)).isEqualTo(SIZE);

        long start = System.nanoTime();
        context.getRouteController().startRoute("push");
        long[] last = {SIZE};
        long[] fell = {System.nanoTime()};
        await().atMost(Duration.ofMinutes(10))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> {
                    long lag = lag(store);
                    assertThat(lag).as("the lag falls").isLessThanOrEqualTo(last[0]);
                    if (lag < last[0]) {
                        fell[0] = System.nanoTime();
                    }
                    assertThat(System.nanoTime() - fell[0])
                            .as("without a stop")
                            .isLessThan(Duration.ofSeconds(15).toNanos());
                    last[0] = lag;
                    return lag == 0;
                });
        double seconds = (System.nanoTime() - start) / 1e9;
        SharedStores.of(context).release(store);

        int calls = server.requests().size();
        System.out.printf(
                "%d suppressions in %.1f s: %d calls, %d refused, %d taken, %d dead letters%n",
                SIZE, seconds, calls, server.refused(), sendgrid.list("global").size(), dead.size());
        assertThat(server.refused()).isLessThanOrEqualTo(calls / 100);
        assertThat(calls).isLessThan(SIZE / 100 * 102 / 100 + 2);
        assertThat(sendgrid.list("global")).hasSize(SIZE - SIZE / 100);
        assertThat(dead).hasSize(SIZE / 100).allSatisfy(d -> assertThat(d)
                .contains("the answer (201) says nothing about it")
                .contains("\"kind\":\"bounce\""));
    }

    private static long lag(Store store) {
        List<SuppressionChange> next = store.suppressions()
                .changes("default", "crm", 1)
                .toCompletableFuture()
                .join();
        return next.isEmpty() ? 0 : SIZE - next.get(0).sequence() + 1;
    }
}
