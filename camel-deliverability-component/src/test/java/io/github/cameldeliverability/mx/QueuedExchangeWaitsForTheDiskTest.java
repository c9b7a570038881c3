package io.github.cameldeliverability.mx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.junit.jupiter.api.Test;

class QueuedExchangeWaitsForTheDiskTest {

    @Test
    void theRouteGoesOnWhenTheMailIsSpooledAndOnAThreadOfItsOwn() throws Exception {
        try (ScriptedContext context = ScriptedContext.started(route())) {
            CompletableFuture<String> disk = new CompletableFuture<>();
            context.engine.onSubmit = s -> disk;
            MockEndpoint queued = context.getEndpoint("mock:queued", MockEndpoint.class);
            queued.expectedMessageCount(1);
            try (var template = context.createProducerTemplate()) {
                Future<Object> sent = template.asyncRequestBody("seda:in", (Object) "hi");
                context.engine.awaitSubmissions(1);
                assertThat(queued.getReceivedCounter()).isZero();

                Thread store = new Thread(() -> disk.complete("Q1"), "store-commit");
                store.start();
                queued.assertIsSatisfied(5000);
                sent.get(5, TimeUnit.SECONDS);
            }
            assertThat(queued.getExchanges().get(0).getProperty("thread", String.class))
                    .contains("MxReply")
                    .doesNotContain("store-commit");
        }
    }

    @Test
    void anUnavailableStoreIsTheExchangesFault() throws Exception {
        try (ScriptedContext context = ScriptedContext.started()) {
            context.engine.onSubmit = s -> CompletableFuture.failedFuture(new IOException("disk full"));
            Exchange done = context.send("mx:news?from=a@example.com&to=b@example.net", e -> e.getMessage()
                    .setBody("x"));
            assertThat(done.getException()).isInstanceOf(IOException.class).hasMessage("disk full");
        }
    }

    /** Each reply thread waits inside its route for another mail: answers must not queue behind the waiters. */
    @Test
    void routesThatWaitForAnotherMailDoNotStarveIt() throws Exception {
        ScriptedContext context = ScriptedContext.prepared();
        context.mx.setWorkerThreads(2);
        try (context) {
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:out")
                            .to("mx:news?from=a@example.com&to=b@example.net")
                            .process(e -> {
                                Exchange inner =
                                        context.send("mx:news?from=a@example.com&to=c@example.net", x -> x.getMessage()
                                                .setBody("second"));
                                e.getMessage().setBody(inner.getMessage().getHeader(MxConstants.QUEUE_ID));
                            });
                }
            });
            context.start();
            try (var template = context.createProducerTemplate()) {
                Future<?>[] sent = new Future<?>[20];
                for (int i = 0; i < sent.length; i++) {
                    sent[i] = template.asyncRequestBody("direct:out", (Object) "x");
                }
                for (Future<?> f : sent) {
                    assertThat(get(f)).asString().startsWith("Q");
                }
            }
        }
    }

    @Test
    void synchronousBlocksTheCaller() throws Exception {
        ScriptedContext context = ScriptedContext.started(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in")
                        .process(e ->
                                e.setProperty("before", Thread.currentThread().getName()))
                        .to("mx:news?from=a@example.com&to=b@example.net&synchronous=true")
                        .process(e ->
                                e.setProperty("after", Thread.currentThread().getName()));
            }
        });
        try (context) {
            Exchange done = context.send("direct:in", e -> e.getMessage().setBody("x"));
            assertThat(done.getException()).isNull();
            assertThat(done.getProperty("after")).isEqualTo(done.getProperty("before"));
        }
    }

    private static Object get(Future<?> f) throws InterruptedException, ExecutionException {
        try {
            return f.get(10, TimeUnit.SECONDS);
        } catch (java.util.concurrent.TimeoutException e) {
            throw new AssertionError("the routes wait for each other", e);
        }
    }

    private static RouteBuilder route() {
        return new RouteBuilder() {
            @Override
            public void configure() {
                from("seda:in?waitForTaskToComplete=Always")
                        .to("mx:news?from=a@example.com&to=b@example.net")
                        .process(e ->
                                e.setProperty("thread", Thread.currentThread().getName()))
                        .to("mock:queued");
            }
        };
    }
}
