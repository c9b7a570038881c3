package io.github.cameldeliverability.delivery;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * Bounds the submissions between being handed in and being on disk, by the rules of {@link Usage}. Who comes when it is full
 * waits, the most important stream first, equal ones in turns by weight: that is the back-pressure. Only a few are prepared
 * at a time: the workers have one line for all, and a thousand signatures of one stream in it would delay all others.
 * Thread-safe.
 */
final class Admission {

    private final int maxMessages;
    private final long maxBytes;
    private final int maxPreparing;
    private final Executor workers;
    private final Usage usage = new Usage();
    private final Map<String, Line> lines = new HashMap<>();
    /** How far the turns have come. */
    private double turn;

    private int preparing;

    /** What waits of one stream. */
    private static final class Line {
        private final Deque<Waiting> waiting = new ArrayDeque<>();
        private Standing standing;
        private double turn;
    }

    private record Waiting(String stream, int size, Runnable task, Consumer<Exception> refused) {}

    /** @param maxPreparing tasks that the workers have at a time */
    Admission(int maxMessages, long maxBytes, int maxPreparing, Executor workers) {
        this.maxMessages = maxMessages;
        this.maxBytes = maxBytes;
        this.maxPreparing = maxPreparing;
        this.workers = workers;
    }

    /**
     * Runs the task on the workers, now or when there is room. Each task calls {@link #prepared} and {@link #leave} once.
     *
     * @param refused told if the workers take no more tasks; then the task is not run
     */
    void enter(Standing s, int size, Runnable task, Consumer<Exception> refused) {
        synchronized (this) {
            Line line = lines.computeIfAbsent(s.stream(), n -> new Line());
            line.standing = s;
            if (line.waiting.isEmpty()) {
                line.turn = Math.max(line.turn, turn);
            }
            line.waiting.add(new Waiting(s.stream(), size, task, refused));
        }
        next();
    }

    /** The work that the task has for a worker is done. */
    void prepared() {
        synchronized (this) {
            preparing--;
        }
        next();
    }

    /** A submission of that size is over. */
    void leave(String stream, int size) {
        synchronized (this) {
            usage.giveBack(stream, size);
        }
        next();
    }

    private void next() {
        for (Waiting w = take(); w != null; w = take()) {
            try {
                workers.execute(w.task);
            } catch (RejectedExecutionException e) {
                synchronized (this) {
                    preparing--;
                    usage.giveBack(w.stream, w.size);
                }
                w.refused.accept(e);
            }
        }
    }

    private synchronized Waiting take() {
        Line line = first();
        if (line == null) {
            return null;
        }
        Waiting w = line.waiting.remove();
        usage.take(line.standing, w.size);
        preparing++;
        turn = Math.max(turn, line.turn);
        line.turn += 1.0 / line.standing.weight();
        lines.values().removeIf(l -> l.waiting.isEmpty() && l.turn <= turn);
        return w;
    }

    /** Whose turn it is, of those that may; null if nobody may. */
    private Line first() {
        if (preparing >= maxPreparing) {
            return null;
        }
        Line best = null;
        for (Line l : lines.values()) {
            boolean better = best == null
                    || l.standing.priority() > best.standing.priority()
                    || (l.standing.priority() == best.standing.priority() && l.turn < best.turn);
            if (better
                    && !l.waiting.isEmpty()
                    && usage.room(l.standing, l.waiting.peek().size, maxMessages, maxBytes) > 0) {
                best = l;
            }
        }
        return best;
    }
}
