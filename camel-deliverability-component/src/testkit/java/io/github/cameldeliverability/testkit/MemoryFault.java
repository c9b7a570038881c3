package io.github.cameldeliverability.testkit;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Runs an operation of a store in memory, or fails it as a database would. */
final class MemoryFault {

    private MemoryFault() {}

    static <T> CompletionStage<T> run(Supplier<String> trouble, Supplier<T> operation) {
        String why = trouble.get();
        if (why != null) {
            return CompletableFuture.failedFuture(new IOException(why));
        }
        try {
            return CompletableFuture.completedFuture(operation.get());
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
