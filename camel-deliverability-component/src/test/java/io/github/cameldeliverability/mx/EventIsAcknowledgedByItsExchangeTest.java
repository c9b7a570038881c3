package io.github.cameldeliverability.mx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.cameldeliverability.mail.DeliveryEvent;
import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.impl.health.DefaultHealthCheckRegistry;
import org.junit.jupiter.api.Test;

class EventIsAcknowledgedByItsExchangeTest {

    private static final Duration SOON = Duration.ofSeconds(5);

    @Test
    void headersTellTheEvent() throws Exception {
        List<Exchange> seen = new CopyOnWriteArrayList<>();
        try (ScriptedContext context = consuming("mx:news", e -> seen.add(e.copy()))) {
            context.store.add(event("a", Outcome.BOUNCED));
            await().atMost(SOON).until(() -> context.store.open() == 0);
            Exchange e = seen.get(0);
            assertThat(e.getMessage().getBody()).isInstanceOf(DeliveryEvent.class);
            assertThat(e.getMessage().getHeaders())
                    .containsEntry(MxConstants.STREAM, "news")
                    .containsEntry(MxConstants.EVENT_ID, 1L)
                    .containsEntry(MxConstants.QUEUE_ID, "q-a")
                    .containsEntry(MxConstants.MESSAGE_ID, "<1@x>")
                    .containsEntry(MxConstants.RECIPIENT, "a@example.net")
                    .containsEntry(MxConstants.OUTCOME, "bounced")
                    .containsEntry(MxConstants.REASON, "userunknown")
                    .containsEntry(MxConstants.HARD, true)
                    .containsEntry(MxConstants.FAULT, "recipient")
                    .containsEntry(MxConstants.REPLY, "550 5.1.1 no such user")
                    .containsEntry(MxConstants.STATUS, "5.1.1")
                    .containsEntry(MxConstants.PROVIDER, "example")
                    .containsEntry(MxConstants.HOST, "mx.example.net [192.0.2.1]")
                    .containsEntry(MxConstants.ATTEMPT, 1);
        }
    }

    @Test
    void aFailedEventComesAgainAfterARest() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        try (ScriptedContext context = consuming("mx:news?failureDelay=50ms", e -> {
            if (tries.incrementAndGet() < 3) {
                throw new IllegalStateException("CRM is down");
            }
        })) {
            context.store.add(event("a", Outcome.DELIVERED));
            await().atMost(SOON).until(() -> context.store.open() == 0);
            assertThat(tries).hasValue(3);
            assertThat(context.store.claims()).as("no hot loop").isLessThan(15);
        }
    }

    @Test
    void aFailedEventDoesNotHoldUpTheOthers() throws Exception {
        List<String> done = new CopyOnWriteArrayList<>();
        try (ScriptedContext context = consuming("mx:news?failureDelay=1h", e -> {
            String who = e.getMessage().getHeader(MxConstants.RECIPIENT, String.class);
            if (who.startsWith("bad")) {
                throw new IllegalStateException("cannot");
            }
            done.add(who);
        })) {
            context.store.add(event("bad", Outcome.DELIVERED));
            for (int i = 0; i < 250; i++) {
                context.store.add(event("u" + i, Outcome.DELIVERED));
            }
            await().atMost(SOON).until(() -> context.store.open() == 1);
            assertThat(done)
                    .hasSize(250)
                    .startsWith("u0@example.net", "u1@example.net")
                    .endsWith("u249@example.net");
        }
    }

    @Test
    void concurrentConsumersIsTheMostAtATime() throws Exception {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch three = new CountDownLatch(3);
        try (ScriptedContext context = consuming("mx:news?concurrentConsumers=3&batchSize=5", e -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            three.countDown();
            assertThat(three.await(5, TimeUnit.SECONDS)).isTrue();
            now.decrementAndGet();
        })) {
            for (int i = 0; i < 30; i++) {
                context.store.add(event("u" + i, Outcome.DELIVERED));
            }
            await().atMost(SOON).until(() -> context.store.open() == 0);
            assertThat(most).hasValue(3);
        }
    }

    @Test
    void theLeaseIsRenewedWhileAnExchangeIsUnderWay() throws Exception {
        CountDownLatch renewed = new CountDownLatch(1);
        try (ScriptedContext context = consuming("mx:news?lease=1s", e -> renewed.await(20, TimeUnit.SECONDS))) {
            context.store.add(event("slow", Outcome.DELIVERED));
            await().atMost(SOON).until(() -> context.store.renewals() >= 2);
            renewed.countDown();
            await().atMost(SOON).until(() -> context.store.open() == 0);
            assertThat(context.store.claimed()).isZero();
        }
    }

    @Test
    void suspendedMeansPaused() throws Exception {
        List<String> done = new CopyOnWriteArrayList<>();
        try (ScriptedContext context =
                consuming("mx:news", e -> done.add(e.getMessage().getHeader(MxConstants.RECIPIENT, String.class)))) {
            context.getRouteController().suspendRoute("events");
            context.store.add(event("a", Outcome.DELIVERED));
            assertThat(done).isEmpty();
            assertThat(context.store.claimed()).isZero();
            context.getRouteController().resumeRoute("events");
            await().atMost(SOON).until(() -> done.size() == 1);
        }
    }

    @Test
    void stoppingGivesBackWhatWaits() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        ScriptedContext context = consuming("mx:news", e -> {
            entered.countDown();
            assertThat(leave.await(5, TimeUnit.SECONDS)).isTrue();
        });
        try (context) {
            for (int i = 0; i < 10; i++) {
                context.store.add(event("u" + i, Outcome.DELIVERED));
            }
            assertThat(entered.await(5, TimeUnit.SECONDS)).isTrue();
            Thread stopper = new Thread(context::stop);
            stopper.start();
            await().atMost(SOON).until(() -> context.store.claimed() == 1);
            leave.countDown();
            stopper.join(10_000);
        }
        assertThat(context.store.open()).as("the one in work was acknowledged").isEqualTo(9);
        assertThat(context.store.claimed()).isZero();
        assertThat(context.store.listeners()).isZero();
    }

    @Test
    void aBrokenLogIsReportedAndNotFatal() throws Exception {
        List<String> done = new CopyOnWriteArrayList<>();
        ScriptedContext context = ScriptedContext.prepared();
        try (context) {
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("mx:news?bridgeErrorHandler=true")
                            .routeId("events")
                            .onException(java.io.IOException.class)
                            .handled(true)
                            .process(e -> done.add("fault"))
                            .end()
                            .process(e -> done.add("event"));
                }
            });
            context.getCamelContextExtension()
                    .addContextPlugin(org.apache.camel.health.HealthCheckRegistry.class, registry(context));
            context.store.broken = true;
            context.start();
            await().atMost(SOON).until(() -> done.contains("fault"));
            assertThat(HealthCheckHelper.invoke(context))
                    .filteredOn(r -> r.getCheck().getId().equals("consumer:events"))
                    .singleElement()
                    .returns(HealthCheck.State.DOWN, HealthCheck.Result::getState);
            context.store.broken = false;
            context.store.add(event("a", Outcome.DELIVERED));
            await().atMost(SOON).until(() -> done.contains("event"));
            assertThat(HealthCheckHelper.invoke(context))
                    .filteredOn(r -> r.getCheck().getId().equals("consumer:events"))
                    .singleElement()
                    .returns(HealthCheck.State.UP, HealthCheck.Result::getState);
        }
    }

    private static DefaultHealthCheckRegistry registry(ScriptedContext context) {
        DefaultHealthCheckRegistry registry = new DefaultHealthCheckRegistry(context);
        registry.register(registry.resolveById("consumers"));
        return registry;
    }

    private static DeliveryEvent event(String local, Outcome outcome) {
        return ScriptedEngine.event("news", "q-" + local, "<1@x>", EmailAddress.parse(local + "@example.net"), outcome);
    }

    private static ScriptedContext consuming(String uri, Processor processor) throws Exception {
        return ScriptedContext.started(new RouteBuilder() {
            @Override
            public void configure() {
                from(uri).routeId("events").process(processor);
            }
        });
    }
}
