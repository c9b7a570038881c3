package io.github.cameldeliverability.delivery;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Runs something later. Thread-safe. Tasks are short: they hand work to an executor. */
public interface DelayTimer {

    /** Runs the task once after the delay (at once, but not within this call, if it is not positive). */
    Cancellation after(Duration delay, Runnable task);

    /** Takes a task back; without effect once it ran. */
    interface Cancellation {
        void cancel();
    }

    /** A timer over a scheduler that somebody else owns and ends. */
    static DelayTimer of(ScheduledExecutorService scheduler) {
        return (delay, task) -> {
            try {
                ScheduledFuture<?> f = scheduler.schedule(task, Math.max(0, delay.toNanos()), TimeUnit.NANOSECONDS);
                return () -> f.cancel(false);
            } catch (RejectedExecutionException e) {
                // The scheduler was shut down before the engine: nothing runs any more.
                return () -> {};
            }
        };
    }
}
