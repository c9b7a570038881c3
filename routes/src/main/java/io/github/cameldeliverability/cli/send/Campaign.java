package io.github.cameldeliverability.cli.send;

import io.github.cameldeliverability.mail.spi.Spool;
import io.github.cameldeliverability.mail.spi.Store;
import io.github.cameldeliverability.mx.MessageFormat;
import io.github.cameldeliverability.mx.MxComponent;
import io.github.cameldeliverability.mx.MxConstants;
import io.github.cameldeliverability.mx.SharedStores;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.AsyncProducer;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;

/** One run of {@code send}: a Camel context with one {@code mx} endpoint, fed with exchanges. */
public final class Campaign implements AutoCloseable {

    /** Exchanges that wait for the disk; the endpoint's own bounds push back long before. */
    private static final int IN_FLIGHT = 500;

    private static final int REFUSALS_SHOWN = 20;
    private static final long POLL_MILLIS = 50;

    /**
     * @param stream that sends
     * @param dns resolver, {@code host} or {@code host:port}
     * @param port of the MX hosts
     * @param from the envelope sender where a mail states none
     */
    public record Settings(String stream, Optional<String> dns, int port, Optional<String> from) {}

    private final CamelContext context;
    private final AsyncProducer producer;
    private final Endpoint endpoint;
    private final Store store;
    private final Settings settings;
    private final SendProgress progress;
    private final Semaphore inFlight = new Semaphore(IN_FLIGHT);
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong refusals = new AtomicLong();
    private final List<String> refused = new ArrayList<>();
    private boolean closed;

    private Campaign(
            CamelContext context,
            Endpoint endpoint,
            AsyncProducer producer,
            Store store,
            Settings settings,
            SendProgress progress) {
        this.context = context;
        this.endpoint = endpoint;
        this.producer = producer;
        this.store = store;
        this.settings = settings;
        this.progress = progress;
    }

    /** Blocking: opens the store, starts the engine; what is in the queue goes on at once. */
    public static Campaign start(
            Path storeFile, List<String> options, Settings settings, SendProgress progress, EventFile events)
            throws Exception {
        DefaultCamelContext context = new DefaultCamelContext(false);
        try {
            MxComponent mx = new MxComponent(context);
            mx.setStore(storeFile.toString());
            settings.dns().ifPresent(mx::setDnsServers);
            mx.setSmtpPort(settings.port());
            mx.setDeliveryListener(event -> {
                progress.event(event);
                events.write(event);
            });
            context.addComponent("mx", mx);
            context.start();
            Endpoint endpoint = context.getEndpoint("mx:" + settings.stream() + "?" + String.join("&", options));
            AsyncProducer producer = endpoint.createAsyncProducer();
            producer.start();
            Store store = SharedStores.of(context).acquire(storeFile.toString());
            return new Campaign(context, endpoint, producer, store, settings, progress);
        } catch (Exception e) {
            context.stop();
            throw e;
        }
    }

    /** Blocking while too many wait for the disk. */
    public void submit(MailToSend mail) throws InterruptedException {
        inFlight.acquire();
        Exchange exchange = endpoint.createExchange();
        exchange.getMessage().setBody(mail.content());
        exchange.getMessage().setHeader(MxConstants.MESSAGE_FORMAT, MessageFormat.RFC5322);
        exchange.getMessage().setHeader(MxConstants.ENVELOPE_TO, String.join(", ", mail.to()));
        mail.from().or(settings::from).ifPresent(f -> exchange.getMessage().setHeader(MxConstants.ENVELOPE_FROM, f));
        exchange.getMessage().setHeader(MxConstants.IDEMPOTENCY_KEY, mail.id());
        producer.process(exchange, doneSync -> {
            Exception fault = exchange.getException();
            if (fault == null) {
                accepted.incrementAndGet();
                progress.accepted(mail.to().size());
            } else {
                refuse(mail.id() + ": " + fault.getMessage());
            }
            inFlight.release();
        });
    }

    private synchronized void refuse(String line) {
        if (refusals.incrementAndGet() <= REFUSALS_SHOWN) {
            refused.add(line);
        }
    }

    /** Mails that the endpoint refused, a line each. */
    public synchronized List<String> refused() {
        List<String> lines = new ArrayList<>(refused);
        long more = refusals.get() - lines.size();
        if (more > 0) {
            lines.add("... and " + more + " more");
        }
        return lines;
    }

    /** Blocking: until everything handed in is on disk; the number of mails that are. */
    public long awaitAccepted() throws InterruptedException {
        inFlight.acquire(IN_FLIGHT);
        inFlight.release(IN_FLIGHT);
        return accepted.get();
    }

    /** Blocking: until the stream's queue is empty; false if it is not within the time. */
    public boolean awaitFinal(Duration atMost) throws InterruptedException, IOException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (open() > 0) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
        return true;
    }

    private long open() throws InterruptedException, IOException {
        try {
            return store.spool().stats().toCompletableFuture().get(60, TimeUnit.SECONDS).streams().stream()
                    .filter(s -> s.stream().equals(settings.stream()))
                    .mapToLong(Spool.StreamStats::open)
                    .sum();
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("the store does not answer: " + e.getMessage(), e);
        }
    }

    /** As {@link #close()}; harmless when it is stopped already. */
    public synchronized void stop() {
        if (!closed) {
            closed = true;
            producer.stop();
            SharedStores.of(context).release(store);
            context.stop();
        }
    }

    /** Stops in good order; what is not delivered stays in the queue. */
    @Override
    public void close() {
        stop();
    }
}
