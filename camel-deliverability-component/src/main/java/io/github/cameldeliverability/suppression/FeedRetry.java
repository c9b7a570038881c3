package io.github.cameldeliverability.suppression;

import java.time.Clock;

/** When a change that failed is given out again: after a pause that doubles up to a limit. Thread-safe. */
final class FeedRetry {

    private final long delay;
    private final long maxDelay;
    private final Clock clock;

    private long failedSequence = -1;
    private int failures;
    private long waitUntil;

    FeedRetry(long delay, long maxDelay, Clock clock) {
        this.delay = delay;
        this.maxDelay = maxDelay;
        this.clock = clock;
    }

    synchronized boolean isWaiting() {
        return clock.millis() < waitUntil;
    }

    /** How often the change is given out now, from 1. */
    synchronized int attempt(long sequence) {
        return sequence == failedSequence ? failures + 1 : 1;
    }

    /** @param asked the pause that the route asks for, in milliseconds; null for the usual one */
    synchronized void failed(long sequence, Long asked) {
        failures = sequence == failedSequence ? failures + 1 : 1;
        failedSequence = sequence;
        long doubled = failures > 30 ? maxDelay : delay << (failures - 1);
        long pause = asked != null && asked >= 0 ? asked : doubled;
        waitUntil = clock.millis() + Math.min(pause, maxDelay);
    }
}
