package io.github.cameldeliverability.mx;

import io.github.cameldeliverability.mail.DeliveryEvent;
import io.github.cameldeliverability.mail.spi.EventLog;
import io.github.cameldeliverability.mail.spi.Store;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.Suspendable;
import org.apache.camel.health.HealthCheckAware;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.spi.Synchronization;
import org.apache.camel.support.DefaultConsumer;

/** Makes an exchange of each delivery event of the stream; its completion acknowledges the event. */
public class MxConsumer extends DefaultConsumer implements Suspendable {

    private final MxEndpoint endpoint;
    private volatile Optional<Running> running = Optional.empty();

    private record Running(Store store, EventPump pump, ExecutorService threads, ScheduledExecutorService scheduler) {}

    public MxConsumer(MxEndpoint endpoint, Processor processor) {
        super(endpoint, processor);
        this.endpoint = endpoint;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        var executors = getEndpoint().getCamelContext().getExecutorServiceManager();
        MxConfiguration options = endpoint.getConfiguration();
        Store store = SharedStores.of(getEndpoint().getCamelContext())
                .acquire(endpoint.getComponent().getStore());
        ExecutorService threads = Pools.fixed(
                endpoint.getCamelContext(),
                this,
                "MxEvents[" + endpoint.getStream() + "]",
                options.getConcurrentConsumers());
        ScheduledExecutorService scheduler =
                executors.newSingleThreadScheduledExecutor(this, "MxEventsTimer[" + endpoint.getStream() + "]");
        EventPump pump = new EventPump(
                store.events(), endpoint.getStream(), options, threads, scheduler, this::process, this::claimFailed);
        running = Optional.of(new Running(store, pump, threads, scheduler));
        addHealthCheck(pump, store);
        pump.start();
    }

    @Override
    protected void doSuspend() throws Exception {
        running.ifPresent(r -> r.pump().pause());
        super.doSuspend();
    }

    @Override
    protected void doResume() throws Exception {
        super.doResume();
        running.ifPresent(r -> r.pump().start());
    }

    @Override
    protected void doStop() throws Exception {
        Optional<Running> stopping = running;
        running = Optional.empty();
        stopping.ifPresent(r -> {
            var executors = getEndpoint().getCamelContext().getExecutorServiceManager();
            r.pump().stop();
            executors.shutdownGraceful(r.threads());
            executors.shutdownNow(r.scheduler());
            SharedStores.of(getEndpoint().getCamelContext()).release(r.store());
        });
        super.doStop();
    }

    private void process(EventLog.LoggedEvent event, Synchronization acknowledgement) {
        Exchange exchange = createExchange(false);
        fill(exchange.getMessage(), event);
        exchange.getExchangeExtension().addOnCompletion(acknowledgement);
        // The unit of work runs the acknowledgement before the callback, which gives the exchange back.
        getAsyncProcessor().process(exchange, done -> {
            if (exchange.getException() != null) {
                getExceptionHandler()
                        .handleException(
                                "Delivery event " + event.id() + " was not processed; it comes again",
                                exchange,
                                exchange.getException());
            }
            releaseExchange(exchange, false);
        });
    }

    private void claimFailed(Throwable fault) {
        getExceptionHandler().handleException("Cannot read the events of the stream " + endpoint.getStream(), fault);
    }

    private static void fill(Message message, EventLog.LoggedEvent logged) {
        DeliveryEvent e = logged.event();
        message.setBody(e);
        message.setHeader(MxConstants.EVENT_ID, logged.id());
        EventHeaders.set(message, e);
    }

    private void addHealthCheck(EventPump pump, Store store) {
        boolean present =
                HealthCheckHelper.getHealthCheckRepository(getEndpoint().getCamelContext(), "consumers") != null;
        if (present && endpoint.getComponent().isHealthCheckConsumerEnabled()) {
            String id = "consumer:mx-" + (getRouteId() != null ? getRouteId() : endpoint.getStream());
            ((HealthCheckAware) this).setHealthCheck(MxHealthCheck.of(id, endpoint.getStream(), () -> pump.lastFault()
                    .or(store::unhealthyReason)));
        }
    }
}
