package io.github.cameldeliverability.mx;

import io.github.cameldeliverability.mail.Effect;
import io.github.cameldeliverability.mail.EffectEvent;
import io.github.cameldeliverability.mail.spi.EffectStore;
import io.github.cameldeliverability.mail.spi.Store;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes an exchange of each event of an effect on the stream's mail, one after the other. The place in the feed moves on
 * when the exchange succeeds and is kept under the id of the route; an event whose exchange fails comes again.
 */
class EffectConsumer extends DefaultConsumer {

    private static final Logger LOG = LoggerFactory.getLogger(EffectConsumer.class);
    private static final long LOOK_MILLIS = 5_000;
    private static final long STORE_TIMEOUT_SECONDS = 30;

    private final MxEndpoint endpoint;
    private volatile Optional<Running> running = Optional.empty();

    private record Running(Store store, ScheduledExecutorService thread, AutoCloseable listener) {}

    EffectConsumer(MxEndpoint endpoint, Processor processor) {
        super(endpoint, processor);
        this.endpoint = endpoint;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        Store store = SharedStores.of(endpoint.getCamelContext())
                .acquire(endpoint.getComponent().getStore());
        ScheduledExecutorService thread = endpoint.getCamelContext()
                .getExecutorServiceManager()
                .newSingleThreadScheduledExecutor(this, "MxEffects[" + endpoint.getStream() + "]");
        AutoCloseable listener = store.effects().onNews(this::wake);
        running = Optional.of(new Running(store, thread, listener));
        var unused = thread.scheduleWithFixedDelay(this::look, 0, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    protected void doStop() throws Exception {
        Optional<Running> stopping = running;
        running = Optional.empty();
        if (stopping.isPresent()) {
            stopping.get().listener().close();
            endpoint.getCamelContext()
                    .getExecutorServiceManager()
                    .shutdownGraceful(stopping.get().thread());
            SharedStores.of(endpoint.getCamelContext()).release(stopping.get().store());
        }
        super.doStop();
    }

    private void wake() {
        running.ifPresent(r -> {
            try {
                r.thread().execute(this::look);
            } catch (RejectedExecutionException e) {
                LOG.debug("The consumer of effects of {} is being stopped", endpoint.getStream(), e);
            }
        });
    }

    /** On the one thread: everything that is new, until it fails. */
    private void look() {
        try {
            boolean more = true;
            while (more && isRunAllowed() && running.isPresent()) {
                more = batch(running.get().store().effects());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            getExceptionHandler().handleException("Cannot read the effects of the stream " + endpoint.getStream(), e);
        }
    }

    /** Whether there may be more at once. */
    private boolean batch(EffectStore effects) throws Exception {
        String stream = endpoint.getStream();
        String name = getRouteId() == null ? "default" : getRouteId();
        int size = endpoint.getConfiguration().getBatchSize();
        long place = await(effects.position(stream, name));
        List<EffectEvent> events = await(effects.feed(stream, place, size));
        for (EffectEvent event : events) {
            Exchange exchange = createExchange(false);
            fill(exchange.getMessage(), event);
            getProcessor().process(exchange);
            Exception failure = exchange.getException();
            if (failure != null) {
                getExceptionHandler()
                        .handleException(
                                "Event " + event.sequence() + " of effect "
                                        + event.effect().id() + " was not processed; it comes again",
                                exchange,
                                failure);
            }
            releaseExchange(exchange, false);
            if (failure != null) {
                return false;
            }
            await(effects.setPosition(stream, name, event.sequence()));
        }
        return events.size() == size;
    }

    private static void fill(Message message, EffectEvent event) {
        Effect e = event.effect();
        message.setBody(event);
        message.setHeader(MxConstants.EFFECT_ID, e.id());
        message.setHeader(MxConstants.EFFECT_EVENT, event.what().id());
        message.setHeader(MxConstants.EFFECT_KIND, e.kind().id());
        message.setHeader(MxConstants.EFFECT_RULE, e.rule());
        message.setHeader(MxConstants.EFFECT_KEY, e.key().toString());
        message.setHeader(MxConstants.EFFECT_WHY, e.why());
        e.until().ifPresent(u -> message.setHeader(MxConstants.EFFECT_UNTIL, u));
        e.key().provider().ifPresent(p -> message.setHeader(MxConstants.PROVIDER, p));
        e.key().stream().ifPresent(s -> message.setHeader(MxConstants.STREAM, s));
        message.setHeader(Exchange.MESSAGE_TIMESTAMP, event.at().toEpochMilli());
    }

    private static <T> T await(java.util.concurrent.CompletionStage<T> stage) throws Exception {
        try {
            return stage.toCompletableFuture().get(STORE_TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        } catch (TimeoutException e) {
            throw new java.io.IOException("the store did not answer within " + STORE_TIMEOUT_SECONDS + " s", e);
        }
    }
}
