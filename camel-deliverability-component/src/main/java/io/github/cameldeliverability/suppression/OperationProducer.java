package io.github.cameldeliverability.suppression;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultAsyncProducer;

/**
 * Carries out one operation an exchange. What a stage yields completes the exchange on threads of the producer's own, never
 * on the thread of the database that completed the stage. Thread-safe.
 */
public abstract class OperationProducer extends DefaultAsyncProducer {

    private final String threads;
    private volatile ExecutorService workers;

    /** @param threads the name of the producer's threads */
    protected OperationProducer(Endpoint endpoint, String threads) {
        super(endpoint);
        this.threads = threads;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        workers = getEndpoint().getCamelContext().getExecutorServiceManager().newCachedThreadPool(this, threads);
    }

    @Override
    protected void doStop() throws Exception {
        super.doStop();
        if (workers != null) {
            getEndpoint().getCamelContext().getExecutorServiceManager().shutdownGraceful(workers);
            workers = null;
        }
    }

    @Override
    public final boolean process(Exchange exchange, AsyncCallback callback) {
        try {
            return operate(exchange, callback);
        } catch (Exception e) {
            exchange.setException(e);
            callback.done(true);
            return true;
        }
    }

    /**
     * As {@code AsyncProcessor.process}, but it may throw as long as it has not called back.
     *
     * @return whether the exchange is done already
     */
    protected abstract boolean operate(Exchange exchange, AsyncCallback callback) throws Exception;

    /**
     * @param result puts the stage's value into the exchange
     * @return what {@link #operate} must return
     */
    protected final <T> boolean finish(
            CompletionStage<T> stage, Exchange exchange, AsyncCallback callback, Consumer<T> result) {
        CompletableFuture<T> future = stage.toCompletableFuture();
        if (future.isDone()) {
            settle(future, exchange, result);
            callback.done(true);
            return true;
        }
        stage.whenComplete((value, fault) -> {
            Runnable rest = () -> {
                settle(future, exchange, result);
                callback.done(false);
            };
            try {
                workers.execute(rest);
            } catch (RejectedExecutionException e) {
                // The context stops: the exchange must still end, and this thread is the only one left.
                rest.run();
            }
        });
        return false;
    }

    /** For work that waits. */
    protected final void onWorker(Runnable work) {
        workers.execute(work);
    }

    private static <T> void settle(CompletableFuture<T> future, Exchange exchange, Consumer<T> result) {
        try {
            result.accept(future.join());
        } catch (CompletionException e) {
            exchange.setException(e.getCause() == null ? e : e.getCause());
        } catch (RuntimeException e) {
            exchange.setException(e);
        }
    }
}
