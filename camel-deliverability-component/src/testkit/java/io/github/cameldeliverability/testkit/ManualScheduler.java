package io.github.cameldeliverability.testkit;

import io.github.cameldeliverability.delivery.DelayTimer;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * A timer whose time is a {@link MutableClock}: moving it on runs what becomes due, each task at its very moment, on the
 * caller's thread. Five days of retries take milliseconds.
 */
public final class ManualScheduler implements DelayTimer {

    private final MutableClock clock;
    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(Comparator.comparing(Task::at).thenComparingLong(Task::sequence));
    private long sequence;

    public ManualScheduler(MutableClock clock) {
        this.clock = clock;
    }

    @Override
    public synchronized Cancellation after(Duration delay, Runnable work) {
        Duration wait = delay.isNegative() ? Duration.ZERO : delay;
        Task task = new Task(clock.instant().plus(wait), sequence++, work);
        tasks.add(task);
        return () -> remove(task);
    }

    /** Runs what is due now, and what that brings about, without moving the clock. */
    public void settle() {
        advance(Duration.ZERO);
    }

    /** Moves the clock on and runs everything that becomes due on the way, in order. */
    public void advance(Duration step) {
        Instant end = clock.instant().plus(step);
        Task next = pollUntil(end);
        while (next != null) {
            if (next.at().isAfter(clock.instant())) {
                clock.set(next.at());
            }
            next.work().run();
            next = pollUntil(end);
        }
        clock.set(end);
    }

    /** How many tasks wait. */
    public synchronized int waiting() {
        return tasks.size();
    }

    private synchronized Task pollUntil(Instant end) {
        Task next = tasks.peek();
        return next == null || next.at().isAfter(end) ? null : tasks.remove();
    }

    private synchronized void remove(Task task) {
        tasks.remove(task);
    }

    private record Task(Instant at, long sequence, Runnable work) {}
}
