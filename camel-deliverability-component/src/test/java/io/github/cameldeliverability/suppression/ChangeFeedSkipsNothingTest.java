package io.github.cameldeliverability.suppression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.cameldeliverability.intake.MemoryStore;
import io.github.cameldeliverability.intake.Returns;
import io.github.cameldeliverability.mail.Suppression;
import io.github.cameldeliverability.mail.SuppressionChange;
import io.github.cameldeliverability.mail.SuppressionKind;
import io.github.cameldeliverability.mail.spi.Store;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ChangeFeedSkipsNothingTest {

    private static final String FEED =
            "suppression:default?store=mem&consumer=crm&initialDelay=0&delay=10&retryDelay=20";

    private final MemoryStore store = new MemoryStore();
    private final List<Long> seen = new CopyOnWriteArrayList<>();
    private CamelContext context;

    @BeforeEach
    void start() throws Exception {
        context = new DefaultCamelContext();
        context.getRegistry().bind("mem", Store.class, store);
        context.start();
        for (int i = 1; i <= 5; i++) {
            add("p" + i + "@example.net");
        }
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    @Test
    void eachChangeComesOnceInOrderFromTheFirstOne() throws Exception {
        List<String> keys = new CopyOnWriteArrayList<>();
        route(FEED, e -> {
            seen.add(e.getMessage().getHeader(SuppressionConstants.SEQUENCE, Long.class));
            keys.add(e.getMessage().getHeader(SuppressionConstants.ADDRESS, String.class) + " "
                    + e.getMessage().getHeader(SuppressionConstants.CHANGE) + " "
                    + e.getMessage().getHeader(SuppressionConstants.KIND));
            assertThat(e.getMessage().getBody()).isInstanceOf(SuppressionChange.class);
        });
        await().untilAsserted(() -> assertThat(seen).containsExactly(1L, 2L, 3L, 4L, 5L));
        add("late@example.net");
        await().untilAsserted(() -> assertThat(seen).endsWith(6L));
        assertThat(keys).contains("late@example.net added bounce");
        await().untilAsserted(() ->
                assertThat(store.suppressions().cursor("default", "crm")).isEqualTo(6));
    }

    @Test
    void aFailureStopsTheFeedAndIsTriedAgainAndNothingIsSkipped() throws Exception {
        AtomicInteger failures = new AtomicInteger();
        route(FEED, e -> {
            long sequence = e.getMessage().getHeader(SuppressionConstants.SEQUENCE, Long.class);
            if (sequence == 3 && failures.incrementAndGet() <= 2) {
                assertThat(seen).containsExactly(1L, 2L);
                assertThat(e.getMessage().getHeader(SuppressionConstants.ATTEMPT))
                        .isEqualTo(failures.get());
                throw new IllegalStateException("CRM down");
            }
            seen.add(sequence);
        });
        await().untilAsserted(() -> assertThat(seen).containsExactly(1L, 2L, 3L, 4L, 5L));
        assertThat(failures).hasValue(3);
    }

    @Test
    void aFailureMaySayWhenToTryAgain() throws Exception {
        List<Long> times = new CopyOnWriteArrayList<>();
        route(FEED + "&maxRetryDelay=300", e -> {
            times.add(System.nanoTime());
            if (times.size() == 1) {
                e.getMessage().setHeader(SuppressionConstants.RETRY_DELAY, 999_999);
                throw new IllegalStateException("CRM asks for patience");
            }
        });
        await().untilAsserted(() -> assertThat(times).hasSizeGreaterThan(5));
        assertThat(times.get(1) - times.get(0)).isGreaterThan(290_000_000L);
    }

    @Test
    void aRestartGoesOnWhereTheCursorIs() throws Exception {
        route(FEED + "&batchSize=2", e -> {
            long sequence = e.getMessage().getHeader(SuppressionConstants.SEQUENCE, Long.class);
            if (sequence == 4) {
                throw new IllegalStateException("CRM down");
            }
            seen.add(sequence);
        });
        await().untilAsserted(() ->
                assertThat(store.suppressions().cursor("default", "crm")).isEqualTo(3));
        context.stop();
        seen.clear();
        context = new DefaultCamelContext();
        context.getRegistry().bind("mem", Store.class, store);
        context.start();
        route(FEED, e -> seen.add(e.getMessage().getHeader(SuppressionConstants.SEQUENCE, Long.class)));
        await().untilAsserted(() -> assertThat(seen).containsExactly(4L, 5L));
    }

    @Test
    void eachConsumerNameHasItsOwnPosition() throws Exception {
        List<Long> other = new CopyOnWriteArrayList<>();
        route(FEED, e -> seen.add(e.getMessage().getHeader(SuppressionConstants.SEQUENCE, Long.class)));
        route(
                FEED.replace("consumer=crm", "consumer=audit"),
                e -> other.add(e.getMessage().getHeader(SuppressionConstants.SEQUENCE, Long.class)));
        await().untilAsserted(() -> {
            assertThat(seen).hasSize(5);
            assertThat(other).hasSize(5);
        });
    }

    @Test
    void aBatchIsOneExchange() throws Exception {
        List<Object> bodies = new CopyOnWriteArrayList<>();
        route(
                FEED + "&batch=true&batchSize=3&body=JSON",
                e -> bodies.add(e.getMessage().getBody()));
        await().untilAsserted(() -> assertThat(bodies).hasSize(2));
        assertThat(bodies.get(0).toString())
                .startsWith("[{\"sequence\":1,\"list\":\"default\",\"change\":\"added\"")
                .contains("\"address\":\"p3@example.net\"");
    }

    @Test
    void theNameOfTheConsumerIsWanted() {
        assertThatThrownBy(() -> route("suppression:default?store=mem", e -> {}))
                .hasRootCauseInstanceOf(IllegalArgumentException.class)
                .rootCause()
                .hasMessageContaining("consumer");
    }

    private void route(String uri, org.apache.camel.Processor processor) throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(uri).process(processor);
            }
        });
    }

    private void add(String address) {
        store.suppressions()
                .add(new Suppression(
                        "default",
                        Suppression.GLOBAL,
                        Returns.mailbox(address),
                        SuppressionKind.BOUNCE,
                        Optional.empty(),
                        "",
                        Optional.empty(),
                        "test",
                        Returns.NOON,
                        Optional.empty()))
                .toCompletableFuture()
                .join();
    }
}
