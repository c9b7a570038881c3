package io.github.cameldeliverability.store;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread that writes: it takes what has piled up, runs it in one transaction, commits (one fsync) and completes the
 * stages on the completion executor. While one batch is on its way to the disk the next one piles up, so batches grow
 * with load and an idle store answers after a single commit; nothing ever waits on purpose.
 *
 * <p>If an operation fails, the batch is rolled back and each of its operations is run again in a transaction of its own,
 * so that the faulty one fails alone. (Not savepoints: on a full disk SQLite gives up the whole transaction.) A failing
 * commit fails all that it was for.
 *
 * <p>Nothing is lost in memory: what fails is reported to its caller, and the next batch starts on a new connection. While
 * the store is unhealthy the thread tries every tick whether a commit works again.
 */
final class GroupCommit implements AutoCloseable {

    /** Is told what was committed (before its stages complete), and gets the connection now and then between batches. */
    interface Observer {
        void committed(Effects effects);

        void tick(Connection connection) throws SQLException;

        /** The next tick has another connection than the last. */
        void reconnected();
    }

    private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);

    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    /** Completions handed over as one task: one hand-over each would cost more than the completions. */
    private static final int COMPLETIONS_PER_TASK = 64;

    private static final class Job<T> {
        final Operation<T> operation;
        final int bytes;
        final CompletableFuture<T> future = new CompletableFuture<>();
        T result;
        Exception failure;

        Job(Operation<T> operation, int bytes) {
            this.operation = operation;
            this.bytes = bytes;
        }

        void run(Tx tx) throws SQLException {
            failure = null;
            try {
                result = operation.run(tx);
            } catch (RefusedException e) {
                failure = e.reason();
            }
        }

        void complete() {
            if (failure != null) {
                future.completeExceptionally(failure);
            } else {
                future.complete(result);
            }
        }
    }

    private final String store;
    private final Database database;
    private final Observer observer;
    private final StoreOptions options;
    private final Executor completions;
    private final Thread thread;
    private final LinkedBlockingQueue<Job<?>> queue = new LinkedBlockingQueue<>();
    private final AtomicLong pendingBytes = new AtomicLong();
    private volatile boolean closing;
    private volatile boolean terminated;
    private volatile String trouble;

    // Of the writing thread:
    private Tx tx;
    private boolean waitsForRoom;
    private long lastTick = System.nanoTime();

    /** @param tx the first connection, already proven */
    GroupCommit(
            String store,
            Database database,
            Tx tx,
            Observer observer,
            StoreOptions options,
            ThreadFactory threads,
            Executor completions) {
        this.store = store;
        this.database = database;
        this.tx = tx;
        this.observer = observer;
        this.options = options;
        this.completions = completions;
        thread = threads.newThread(this::run);
        thread.setName("deliverability-store-writer");
    }

    void start() {
        thread.start();
    }

    <T> CompletionStage<T> submit(Operation<T> operation) {
        return enqueue(new Job<>(operation, 0));
    }

    /** As {@link #submit(Operation)}, refused if too many bytes are waiting already. */
    <T> CompletionStage<T> submit(int bytes, Operation<T> operation) {
        long waiting = pendingBytes.addAndGet(bytes);
        // A single message larger than the limit still goes through when nothing else waits.
        if (waiting > options.maxPendingBytes() && waiting > bytes) {
            pendingBytes.addAndGet(-bytes);
            return CompletableFuture.failedFuture(new IOException("store " + store + ": busy, " + (waiting - bytes)
                    + " bytes of mail wait for the disk (maxPendingBytes=" + options.maxPendingBytes() + ")"));
        }
        return enqueue(new Job<>(operation, bytes));
    }

    private <T> CompletionStage<T> enqueue(Job<T> job) {
        if (closing) {
            fail(job, closed());
            return job.future;
        }
        queue.add(job);
        // The thread may have ended between the question and the add; then nobody else will take the job out.
        if (terminated && queue.remove(job)) {
            fail(job, closed());
        }
        return job.future;
    }

    long pendingBytes() {
        return pendingBytes.get();
    }

    Optional<String> trouble() {
        return Optional.ofNullable(trouble);
    }

    private IOException closed() {
        return new IOException("store " + store + ": is closed");
    }

    private void fail(Job<?> job, Exception reason) {
        pendingBytes.addAndGet(-job.bytes);
        job.future.completeExceptionally(reason);
    }

    private void run() {
        List<Job<?>> batch = new ArrayList<>(options.batchSize());
        try {
            while (!closing || !queue.isEmpty()) {
                Job<?> first = next();
                if (first != null) {
                    batch.add(first);
                    queue.drainTo(batch, options.batchSize() - 1);
                    write(batch);
                    batch.clear();
                }
                tickIfDue();
            }
        } finally {
            terminated = true;
            for (Job<?> job = queue.poll(); job != null; job = queue.poll()) {
                fail(job, closed());
            }
            disconnect();
        }
    }

    private Job<?> next() {
        try {
            Job<?> job = queue.poll();
            return job != null || closing ? job : queue.poll(TICK_NANOS, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            // Only close() ends this thread: an interrupt from a pool's shutdown must not lose what was handed in.
            return null;
        }
    }

    private void write(List<Job<?>> batch) {
        if (!writeTogether(batch)) {
            for (Job<?> job : batch) {
                writeAlone(job);
            }
        }
        complete(batch);
    }

    /** Whether the batch is done with, for good or ill; otherwise nothing of it has happened. */
    private boolean writeTogether(List<Job<?>> batch) {
        Job<?> current = null;
        try {
            begin();
            for (Job<?> job : batch) {
                current = job;
                job.run(tx);
            }
            current = null;
            commit();
            return true;
        } catch (SQLException | RuntimeException | Error e) {
            boolean oneAtFault = current != null && !StoreFaults.isDatabaseDown(e);
            if (oneAtFault && rollback()) {
                return false;
            }
            failed(e);
            Exception reason = StoreFaults.toCaller(e, store);
            for (Job<?> job : batch) {
                job.failure = reason;
            }
            return true;
        }
    }

    private void writeAlone(Job<?> job) {
        try {
            begin();
            job.run(tx);
            commit();
        } catch (SQLException | RuntimeException | Error e) {
            job.failure = StoreFaults.toCaller(e, store);
            boolean undone = rollback();
            if (!undone || StoreFaults.isDatabaseDown(e) || StoreFaults.isFull(e)) {
                failed(e);
            } else {
                LOG.warn("A store operation failed store={}", store, e);
            }
        }
    }

    private void begin() throws SQLException {
        connect();
        tx.begin();
    }

    private void commit() throws SQLException {
        Effects effects = tx.commit();
        recovered();
        observer.committed(effects);
    }

    /** Whether the connection can go on. */
    private boolean rollback() {
        try {
            if (tx != null) {
                tx.rollback();
            }
            return tx != null;
        } catch (SQLException e) {
            LOG.debug("The rollback failed, the connection is given up store={}", store, e);
            return false;
        }
    }

    private void complete(List<Job<?>> batch) {
        for (int from = 0; from < batch.size(); from += COMPLETIONS_PER_TASK) {
            List<Job<?>> part = List.copyOf(batch.subList(from, Math.min(batch.size(), from + COMPLETIONS_PER_TASK)));
            long bytes = 0;
            for (Job<?> job : part) {
                bytes += job.bytes;
            }
            pendingBytes.addAndGet(-bytes);
            Runnable task = () -> part.forEach(Job::complete);
            try {
                completions.execute(task);
            } catch (RejectedExecutionException e) {
                // The owner's pool is already gone: nobody may be left waiting for all that.
                task.run();
            }
        }
    }

    private void tickIfDue() {
        if (System.nanoTime() - lastTick < TICK_NANOS) {
            return;
        }
        try {
            connect();
            if (trouble != null) {
                probe();
            }
            observer.tick(tx.connection());
        } catch (SQLException | RuntimeException e) {
            failed(e);
        }
        lastTick = System.nanoTime();
    }

    /** Finds out whether there is room again; small changes may work on a full disk, so this one is not small. */
    private void probe() throws SQLException {
        tx.begin();
        tx.sql("INSERT INTO meta (name, value) VALUES ('probe', zeroblob(262144))"
                        + " ON CONFLICT (name) DO UPDATE SET value = excluded.value")
                .executeUpdate();
        tx.commit();
        tx.begin();
        tx.sql("DELETE FROM meta WHERE name = 'probe'").executeUpdate();
        tx.commit();
        trouble = null;
        waitsForRoom = false;
        LOG.info("The store works again store={}", store);
    }

    private void recovered() {
        // A full disk is over only when the probe says so: a commit that just frees rows succeeds on it, too.
        if (trouble != null && !waitsForRoom) {
            trouble = null;
            LOG.info("The store works again store={}", store);
        }
    }

    private void failed(Throwable e) {
        String text = StoreFaults.describe(e, store);
        if (!text.equals(trouble)) {
            LOG.error("The store cannot write: {}", text, e);
        }
        trouble = text;
        waitsForRoom |= StoreFaults.isFull(e);
        disconnect();
    }

    private void connect() throws SQLException {
        if (tx == null) {
            Connection connection = database.openWriter();
            try {
                tx = new Tx(database, connection);
                observer.reconnected();
            } catch (SQLException | RuntimeException e) {
                connection.close();
                throw e;
            }
        }
    }

    private void disconnect() {
        if (tx != null) {
            try {
                tx.close();
            } catch (SQLException e) {
                // Closing is the cleanup after a fault that was reported already.
                LOG.debug("Closing the writing connection failed store={}", store, e);
            }
            tx = null;
        }
    }

    /** Blocking: writes what was handed in, then ends the thread. */
    @Override
    public void close() {
        closing = true;
        // Something to take out, so that the thread does not sleep until its next tick.
        queue.add(new Job<>(none -> null, 0));
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
