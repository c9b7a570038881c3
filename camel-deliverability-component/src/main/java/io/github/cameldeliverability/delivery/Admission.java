package io.github.cameldeliverability.delivery;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.Executor;

/**
 * Bounds the submissions between being handed in and being on disk. Who comes when it is full waits, the most important
 * stream first: that is the back-pressure. Thread-safe.
 */
final class Admission {

    private final int maxMessages;
    private final long maxBytes;
    private final Executor workers;
    private final PriorityQueue<Waiting> queue = new PriorityQueue<>();
    private int messages;
    private long bytes;
    private long sequence;

    Admission(int maxMessages, long maxBytes, Executor workers) {
        this.maxMessages = maxMessages;
        this.maxBytes = maxBytes;
        this.workers = workers;
    }

    /** Runs the task on the workers, now or when there is room. Each task calls {@link #leave} once. */
    void enter(int priority, int size, Runnable task) {
        synchronized (this) {
            if (!queue.isEmpty() || !fits(size)) {
                queue.add(new Waiting(priority, sequence++, size, task));
                return;
            }
            take(size);
        }
        workers.execute(task);
    }

    void leave(int size) {
        List<Runnable> next = new ArrayList<>();
        synchronized (this) {
            messages--;
            bytes -= size;
            while (!queue.isEmpty() && fits(queue.peek().size)) {
                Waiting w = queue.remove();
                take(w.size);
                next.add(w.task);
            }
        }
        next.forEach(workers::execute);
    }

    // A message larger than all bytes together is taken when nothing else is under way.
    private boolean fits(int size) {
        return messages == 0 || (messages < maxMessages && bytes + size <= maxBytes);
    }

    private void take(int size) {
        messages++;
        bytes += size;
    }

    private record Waiting(int priority, long sequence, int size, Runnable task) implements Comparable<Waiting> {
        @Override
        public int compareTo(Waiting o) {
            return priority != o.priority ? Integer.compare(o.priority, priority) : Long.compare(sequence, o.sequence);
        }
    }
}
