package io.github.cameldeliverability.suppression;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;

/** Completes an exchange with what a stage yields, never on the thread of the database that completed the stage. */
public final class AsyncReply {

    private AsyncReply() {}

    /**
     * @param result puts the stage's value into the exchange
     * @return what {@code AsyncProcessor.process} must return: whether the exchange is done already
     */
    public static <T> boolean finish(
            CompletionStage<T> stage, Exchange exchange, AsyncCallback callback, Executor workers, Consumer<T> result) {
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
