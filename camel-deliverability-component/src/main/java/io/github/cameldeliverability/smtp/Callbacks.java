package io.github.cameldeliverability.smtp;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** Completes callers' futures on their executor, so that no code of theirs runs on an event loop. */
record Callbacks(Executor executor) {

    <T> void complete(CompletableFuture<T> future, T value) {
        try {
            executor.execute(() -> future.complete(value));
        } catch (RejectedExecutionException e) {
            // The executor is gone: a late answer on the wrong thread is better than none.
            future.complete(value);
        }
    }
}
