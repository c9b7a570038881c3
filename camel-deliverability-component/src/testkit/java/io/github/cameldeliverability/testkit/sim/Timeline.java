package io.github.cameldeliverability.testkit.sim;

import io.github.cameldeliverability.testkit.MutableClock;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;

/** What happens when: a discrete-event loop and its clock. Events of one moment happen in the order of their planning. */
final class Timeline {

    private final MutableClock clock = new MutableClock();
    private final Instant origin = clock.instant();
    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::nanos).thenComparingLong(Event::order));
    private long nanos;
    private long planned;

    private record Event(long nanos, long order, Runnable action) {}

    Clock clock() {
        return clock;
    }

    /** Seconds since the beginning. */
    double now() {
        return nanos / 1e9;
    }

    void in(double seconds, Runnable action) {
        events.add(new Event(nanos + Math.max(0, Math.round(seconds * 1e9)), planned++, action));
    }

    void at(Instant moment, Runnable action) {
        long at = java.time.Duration.between(origin, moment).toNanos();
        events.add(new Event(Math.max(nanos, at), planned++, action));
    }

    void runUntil(double seconds) {
        long end = Math.round(seconds * 1e9);
        while (!events.isEmpty() && events.peek().nanos() <= end) {
            Event e = events.remove();
            nanos = e.nanos();
            clock.set(origin.plusNanos(nanos));
            e.action().run();
        }
        nanos = end;
        clock.set(origin.plusNanos(nanos));
    }
}
