package io.github.cameldeliverability.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/** Runs queries on threads and connections of their own, so that a long listing never holds up a commit. Thread-safe. */
final class Readers implements AutoCloseable {

    /** A query. Sees everything that was committed before it began. */
    @FunctionalInterface
    interface Query<T> {
        T run(Connection connection) throws SQLException;
    }

    private final String store;
    private final HikariDataSource pool;
    private final ThreadPoolExecutor threads;
    private final Executor completions;

    Readers(String store, DataSource source, StoreOptions options, ThreadFactory factory, Executor completions) {
        this.store = store;
        this.completions = completions;
        HikariConfig config = new HikariConfig();
        config.setDataSource(source);
        config.setPoolName("deliverability-store");
        config.setMaximumPoolSize(options.readers());
        config.setMinimumIdle(0);
        config.setThreadFactory(factory);
        config.setInitializationFailTimeout(-1);
        pool = new HikariDataSource(config);
        threads = new ThreadPoolExecutor(
                options.readers(), options.readers(), 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), factory);
        threads.allowCoreThreadTimeOut(true);
    }

    <T> CompletionStage<T> read(Query<T> query) {
        CompletableFuture<T> future = new CompletableFuture<>();
        try {
            threads.execute(() -> {
                try (Connection connection = pool.getConnection()) {
                    T result = query.run(connection);
                    complete(() -> future.complete(result));
                } catch (SQLException | RuntimeException | Error e) {
                    // An Error, too: whoever waits must hear of it.
                    complete(() -> future.completeExceptionally(StoreFaults.toCaller(e, store)));
                }
            });
        } catch (RejectedExecutionException e) {
            future.completeExceptionally(new IOException("store " + store + ": is closed", e));
        }
        return future;
    }

    private void complete(Runnable completion) {
        try {
            completions.execute(completion);
        } catch (RejectedExecutionException e) {
            // The owner's pool is already gone: nobody may be left waiting for all that.
            completion.run();
        }
    }

    @Override
    public void close() {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(10, TimeUnit.SECONDS)) {
                threads.shutdownNow();
            }
        } catch (InterruptedException e) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
        pool.close();
    }
}
