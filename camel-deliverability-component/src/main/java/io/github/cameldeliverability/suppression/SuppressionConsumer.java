package io.github.cameldeliverability.suppression;

import io.github.cameldeliverability.mail.SuppressionChange;
import io.github.cameldeliverability.mail.spi.SuppressionList;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.support.ScheduledBatchPollingConsumer;
import org.apache.camel.util.CastUtils;

/**
 * The change feed of a list, in order, at least once. The durable cursor of the consumer's name moves when an exchange has
 * succeeded. An exchange that fails stops the feed where it is: nothing after it is given out before it succeeds, so the last
 * change of an address is always the last that a CRM hears of.
 */
class SuppressionConsumer extends ScheduledBatchPollingConsumer {

    private static final long STORE_TIMEOUT_SECONDS = 30;

    private final SuppressionEndpoint endpoint;
    private final FeedRetry retry;
    private final FeedWatch lag;
    private boolean replayed;

    SuppressionConsumer(SuppressionEndpoint endpoint, Processor processor, Clock clock) {
        super(endpoint, processor);
        lag = new FeedWatch(
                endpoint.getList(),
                endpoint.getConfiguration().getConsumer(),
                endpoint.getConfiguration().getMaxLag(),
                clock);
        this.endpoint = endpoint;
        this.retry = new FeedRetry(
                endpoint.getConfiguration().getRetryDelay(),
                endpoint.getConfiguration().getMaxRetryDelay(),
                clock);
    }

    /** While a failed change waits, nothing is polled: so the consumer's health stays down as long as the feed stands. */
    @Override
    public void run() {
        if (!retry.isWaiting()) {
            super.run();
        } else {
            lag.look(feed(), false);
        }
    }

    @Override
    protected void doStart() throws Exception {
        lag.register(endpoint.getCamelContext(), getRouteId());
        super.doStart();
    }

    @Override
    protected void doStop() throws Exception {
        super.doStop();
        lag.unregister(endpoint.getCamelContext());
    }

    /** Goes on until the feed is empty. */
    @Override
    protected int poll() throws Exception {
        shutdownRunningTask = null;
        pendingExchanges = 0;
        SuppressionConfiguration c = endpoint.getConfiguration();
        replayOnce();
        int total = 0;
        while (isBatchAllowed()) {
            List<SuppressionChange> changes =
                    await(feed().changes(endpoint.getList(), c.getConsumer(), c.getBatchSize()), "read the changes");
            if (changes.isEmpty()) {
                lag.none();
                break;
            }
            lag.look(feed(), false);
            forceConsumerAsReady();
            if (c.isBatch()) {
                processList(changes);
                total++;
            } else {
                total += processBatch(CastUtils.cast(new ArrayDeque<>(changes)));
            }
        }
        return total;
    }

    private void replayOnce() throws Exception {
        String from = endpoint.getConfiguration().getReplayFrom();
        if (from != null && !replayed) {
            await(
                    feed().replay(
                                    endpoint.getList(),
                                    endpoint.getConfiguration().getConsumer(),
                                    SuppressionOptions.instant("replayFrom", from)),
                    "set back the cursor");
        }
        replayed = true;
    }

    @Override
    public int processBatch(Queue<Object> changes) throws Exception {
        int total = changes.size();
        long done = -1;
        int index = 0;
        try {
            for (; index < total && isBatchAllowed(); index++) {
                SuppressionChange change = (SuppressionChange) changes.poll();
                pendingExchanges = total - index - 1;
                Exchange exchange = createExchange(false);
                exchange.setProperty(ExchangePropertyKey.BATCH_INDEX, index);
                exchange.setProperty(ExchangePropertyKey.BATCH_SIZE, total);
                exchange.setProperty(ExchangePropertyKey.BATCH_COMPLETE, index == total - 1);
                describe(exchange.getMessage(), change);
                exchange.getMessage()
                        .setBody(
                                endpoint.getConfiguration().getBody() == SuppressionBody.JSON
                                        ? SuppressionJson.of(change).toJson()
                                        : change);
                process(exchange, change.sequence(), "change " + change.sequence());
                done = change.sequence();
            }
        } finally {
            pendingExchanges = 0;
            if (done >= 0) {
                acknowledge(done);
            }
        }
        return index;
    }

    private void processList(List<SuppressionChange> changes) throws Exception {
        long first = changes.get(0).sequence();
        long last = changes.get(changes.size() - 1).sequence();
        Exchange exchange = createExchange(false);
        Message m = exchange.getMessage();
        m.setHeader(SuppressionConstants.LIST, endpoint.getList());
        m.setHeader(SuppressionConstants.SEQUENCE, last);
        m.setHeader(SuppressionConstants.IDEMPOTENCY_KEY, endpoint.getList() + "-" + first + "-" + last);
        m.setBody(
                endpoint.getConfiguration().getBody() == SuppressionBody.JSON
                        ? SuppressionJson.of(changes).toJson()
                        : changes);
        process(exchange, first, "changes " + first + " to " + last);
        acknowledge(last);
    }

    /** @throws Exception if the exchange failed and no error handler of the route dealt with it */
    private void process(Exchange exchange, long sequence, String what) throws Exception {
        try {
            exchange.getMessage().setHeader(SuppressionConstants.ATTEMPT, retry.attempt(sequence));
            getProcessor().process(exchange);
            Exception fault = exchange.getException();
            if (fault == null && exchange.isRollbackOnly()) {
                fault = new IllegalStateException("the exchange was rolled back");
            }
            if (fault != null) {
                retry.failed(sequence, exchange.getMessage().getHeader(SuppressionConstants.RETRY_DELAY, Long.class));
                throw new RuntimeCamelException(
                        "Consumer " + endpoint.getConfiguration().getConsumer() + " of the suppression list "
                                + endpoint.getList() + " is stopped at " + what + ", which is tried again: "
                                + fault.getMessage(),
                        fault);
            }
        } finally {
            releaseExchange(exchange, false);
        }
    }

    private void acknowledge(long sequence) throws Exception {
        await(
                feed().acknowledge(
                                endpoint.getList(), endpoint.getConfiguration().getConsumer(), sequence),
                "move the cursor");
    }

    private void describe(Message m, SuppressionChange change) {
        SuppressionHeaders.describe(m, change.suppression());
        m.setHeader(SuppressionConstants.LIST, endpoint.getList());
        m.setHeader(SuppressionConstants.CHANGE, change.operation().name().toLowerCase(Locale.ROOT));
        m.setHeader(SuppressionConstants.SEQUENCE, change.sequence());
        m.setHeader(SuppressionConstants.IDEMPOTENCY_KEY, endpoint.getList() + "-" + change.sequence());
        m.setHeader(Exchange.MESSAGE_TIMESTAMP, change.at().toEpochMilli());
    }

    private SuppressionList feed() {
        return endpoint.store().suppressions();
    }

    private <T> T await(CompletionStage<T> stage, String what) throws Exception {
        try {
            return stage.toCompletableFuture().get(STORE_TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            Throwable cause = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
            throw new RuntimeCamelException(
                    "Cannot " + what + " of the suppression list " + endpoint.getList() + ": " + cause, cause);
        }
    }
}
