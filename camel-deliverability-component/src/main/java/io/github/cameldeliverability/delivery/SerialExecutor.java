package io.github.cameldeliverability.delivery;

import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs tasks one after the other, in order, on threads of another executor. The engine's lane state lives on it. */
final class SerialExecutor implements Executor {

    private static final Logger LOG = LoggerFactory.getLogger(SerialExecutor.class);
    /** How many tasks in a row before the thread is given back, so that other work gets its turn. */
    private static final int TURN = 256;

    private final Executor workers;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean running = new AtomicBoolean();

    SerialExecutor(Executor workers) {
        this.workers = workers;
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        if (running.compareAndSet(false, true)) {
            begin();
        }
    }

    private void begin() {
        try {
            workers.execute(this::turn);
        } catch (RejectedExecutionException e) {
            // The pool was ended first, or is bounded and full: the next task tries again for all that wait.
            running.set(false);
            LOG.error("the workers of the delivery engine refuse work", e);
        }
    }

    /** Goes on with a stage's result in here. */
    <T> void when(CompletionStage<T> stage, BiConsumer<T, Throwable> then) {
        stage.whenComplete((value, error) -> execute(() -> then.accept(value, error)));
    }

    private void turn() {
        while (true) {
            for (int i = 0; i < TURN; i++) {
                Runnable task = tasks.poll();
                if (task == null) {
                    break;
                }
                try {
                    task.run();
                } catch (RuntimeException | Error e) {
                    LOG.error("a task of the delivery engine failed; the others go on", e);
                }
            }
            if (tasks.isEmpty()) {
                running.set(false);
                // Somebody may have added a task between the look and the release.
                if (tasks.isEmpty() || !running.compareAndSet(false, true)) {
                    return;
                }
            } else {
                begin();
                return;
            }
        }
    }
}
