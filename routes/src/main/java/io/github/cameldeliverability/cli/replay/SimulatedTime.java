package io.github.cameldeliverability.cli.replay;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.PriorityQueue;

/** A clock that jumps from one planned event to the next. Events of one moment happen in the order of their planning. */
final class SimulatedTime extends Clock {

    private final PriorityQueue<Planned> plan =
            new PriorityQueue<>(Comparator.comparing(Planned::at).thenComparingLong(Planned::order));
    private Instant now;
    private long planned;

    private record Planned(Instant at, long order, Runnable action) {}

    SimulatedTime(Instant start) {
        now = start;
    }

    void at(Instant moment, Runnable action) {
        plan.add(new Planned(moment.isBefore(now) ? now : moment, planned++, action));
    }

    void in(Duration pause, Runnable action) {
        at(now.plus(pause), action);
    }

    /** Until nothing is planned any more, or the end is reached. */
    void run(Instant end) {
        while (!plan.isEmpty() && !plan.peek().at().isAfter(end)) {
            Planned next = plan.remove();
            now = next.at();
            next.action().run();
        }
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return Clock.fixed(now, zone);
    }
}
