package io.github.cameldeliverability.crm.http;

import io.github.cameldeliverability.crm.format.SystemDescription.Throttle;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What every call of a sink passes: evenly spaced at the system's rate, so many at a time, and none at all while the system
 * asks for quiet. A refusal stops all calls, not only the one that was refused (Dataverse lengthens the wait of whoever goes
 * on), and doubles the space between later ones, which shrinks again call by call. Thread-safe.
 */
public final class Gate {

    private static final Pattern RATE = Pattern.compile("(\\d+)\\s*/\\s*(\\d*)\\s*(ms|s|m|h|d)");
    private static final double MAX_SLOWDOWN = 16;
    private static final double RECOVERY = 0.97;

    private final Throttle throttle;
    private final Clock clock;
    private final Sleeper sleeper;
    private final Duration patience;
    private final long spaceNanos;
    private final Semaphore places;

    private Instant next = Instant.EPOCH;
    private Instant quietUntil = Instant.EPOCH;
    private double slowdown = 1;
    private int refusals;

    /** @param patience how long a call waits for its turn; beyond it is refused with the time when to come back */
    public Gate(Throttle throttle, Clock clock, Sleeper sleeper, Duration patience) {
        this.throttle = throttle;
        this.clock = clock;
        this.sleeper = sleeper;
        this.patience = patience;
        this.spaceNanos = space(throttle);
        this.places = new Semaphore(throttle.concurrency(), true);
    }

    private static long space(Throttle t) {
        if (t.rate() == null || t.rate().isBlank()) {
            return 0;
        }
        Matcher m = RATE.matcher(t.rate().strip());
        if (!m.matches() || m.group(1).equals("0")) {
            throw new IllegalArgumentException("rate: wanted CALLS/TIME such as 10/s or 100/10s, not " + t.rate());
        }
        long unit =
                switch (m.group(3)) {
                    case "ms" -> 1_000_000L;
                    case "s" -> 1_000_000_000L;
                    case "m" -> 60_000_000_000L;
                    case "h" -> 3_600_000_000_000L;
                    default -> 86_400_000_000_000L;
                };
        long period = (m.group(2).isEmpty() ? 1 : Long.parseLong(m.group(2))) * unit;
        return (long) (period / (Double.parseDouble(m.group(1)) * Math.min(1, t.headroom())));
    }

    /** Blocking: waits for a turn. Empty: go, and call {@link #leave} afterwards. Else how long to stay away. */
    Optional<Duration> enter() throws InterruptedException {
        places.acquire();
        boolean in = false;
        try {
            Optional<Duration> away = turn();
            in = away.isEmpty();
            return away;
        } finally {
            if (!in) {
                places.release();
            }
        }
    }

    private Optional<Duration> turn() throws InterruptedException {
        Instant mine = null;
        while (true) {
            Duration wait;
            synchronized (this) {
                Instant now = clock.instant();
                if (Duration.between(now, quietUntil).compareTo(patience) > 0) {
                    return Optional.of(Duration.between(now, quietUntil));
                }
                // Whoever waited through a refusal takes a new turn behind the quiet time.
                if (mine == null || mine.isBefore(quietUntil)) {
                    mine = next.isAfter(now) ? next : now;
                    next = mine.plusNanos((long) (spaceNanos * slowdown));
                }
                wait = Duration.between(now, mine);
            }
            if (wait.isNegative() || wait.isZero()) {
                return Optional.empty();
            }
            sleeper.sleep(wait);
        }
    }

    void leave() {
        places.release();
    }

    /** A call was refused as too fast. Returns for how long all are quiet now. */
    synchronized Duration refused(Optional<Duration> asked) {
        refusals = Math.min(refusals + 1, 20);
        long doubled = Math.min(throttle.maxBackoff(), throttle.backoff() << (refusals - 1));
        Duration quiet = asked.orElse(Duration.ofSeconds(doubled));
        quiet(quiet);
        slowdown = Math.min(MAX_SLOWDOWN, slowdown * 2);
        return quiet;
    }

    /** Nobody calls for a time. */
    synchronized void quiet(Duration time) {
        Instant until = clock.instant().plus(time);
        if (until.isAfter(quietUntil)) {
            quietUntil = until;
        }
        if (next.isBefore(quietUntil)) {
            next = quietUntil;
        }
    }

    synchronized void passed() {
        refusals = 0;
        slowdown = Math.max(1, slowdown * RECOVERY);
    }
}
