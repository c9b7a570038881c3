package io.github.cameldeliverability.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows when the engine itself stood still: the process was stopped, collected garbage for long, or had no processor. What
 * passed then is not held against the servers that were to answer. Without beats it knows of no stall. Belongs to the serial
 * executor.
 */
final class StallWatch {

    /** How often {@link #beat} is to be called. */
    static final Duration BEAT = Duration.ofMillis(250);

    /** Beats may be so much late on a busy machine. */
    private static final Duration TOLERANCE = Duration.ofMillis(500);

    private static final int REMEMBERED = 20;
    private static final Logger LOG = LoggerFactory.getLogger(StallWatch.class);

    private record Stall(Instant from, Instant to) {}

    private final Deque<Stall> stalls = new ArrayDeque<>();
    private Instant beatAt = Instant.MAX;

    void beat(Instant now) {
        if (isStall(now)) {
            Stall stall = stallUntil(now);
            LOG.info(
                    "event=own-stall millis={} reason=\"the process or its threads did not run\"",
                    Duration.between(stall.from(), stall.to()).toMillis());
            stalls.addLast(stall);
            if (stalls.size() > REMEMBERED) {
                stalls.removeFirst();
            }
        }
        beatAt = now;
    }

    /** How long the engine stood still between the two moments, the second being now. */
    Duration within(Instant from, Instant now) {
        Duration sum = Duration.ZERO;
        for (Stall s : stalls) {
            sum = sum.plus(common(s, from, now));
        }
        // Whatever was held up may come before the beat that was held up with it.
        return isStall(now) ? sum.plus(common(stallUntil(now), from, now)) : sum;
    }

    private boolean isStall(Instant now) {
        return now.isAfter(beatAt) && Duration.between(beatAt, now).compareTo(BEAT.plus(TOLERANCE)) > 0;
    }

    private Stall stallUntil(Instant now) {
        return new Stall(beatAt.plus(BEAT), now);
    }

    private static Duration common(Stall s, Instant from, Instant to) {
        Instant begin = s.from().isAfter(from) ? s.from() : from;
        Instant end = s.to().isBefore(to) ? s.to() : to;
        return begin.isBefore(end) ? Duration.between(begin, end) : Duration.ZERO;
    }
}
