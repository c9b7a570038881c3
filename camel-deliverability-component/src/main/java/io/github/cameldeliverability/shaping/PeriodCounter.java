package io.github.cameldeliverability.shaping;

import io.github.cameldeliverability.mail.spi.Counters;
import io.github.cameldeliverability.mail.spi.Shaper.Permit;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What may still be sent under one name in the running hour or day. Reserves blocks in the store and gives them out one by
 * one, so that a killed process loses the rest of a block and never sends above the cap. Thread-safe; never blocks: while
 * a block is being reserved it says to come back in a moment.
 */
final class PeriodCounter {

    private static final Logger LOG = LoggerFactory.getLogger(PeriodCounter.class);

    private static final long LARGEST_BLOCK = 500;
    /** Of a cap, so that a crash costs at most two of a hundred, twice. */
    private static final long BLOCKS_OF_A_CAP = 50;

    private static final Duration A_MOMENT = Duration.ofMillis(10);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

    /** The stretch of time that a cap holds for. */
    enum Period {
        HOUR,
        DAY;

        Instant begin(Instant now, ZoneId zone) {
            ZonedDateTime local = now.atZone(zone);
            return switch (this) {
                case HOUR -> local.truncatedTo(ChronoUnit.HOURS).toInstant();
                case DAY -> local.toLocalDate().atStartOfDay(zone).toInstant();
            };
        }

        Instant end(Instant now, ZoneId zone) {
            ZonedDateTime local = now.atZone(zone);
            return switch (this) {
                case HOUR -> local.truncatedTo(ChronoUnit.HOURS).plusHours(1).toInstant();
                // A day of 23 or 25 hours ends at its midnight, too.
                case DAY -> local.toLocalDate().plusDays(1).atStartOfDay(zone).toInstant();
            };
        }
    }

    private final Counters counters;
    private final String name;
    private final Period period;

    private Counters.Key key;
    /** Reserved of the counter, by anybody, as far as known. */
    private long reserved;
    /** Reserved by us and not used. */
    private long inHand;

    private boolean asking;
    private boolean exhausted;
    private Instant notBefore = Instant.MIN;
    private Instant lastUse = Instant.MIN;

    PeriodCounter(Counters counters, String name, Period period) {
        this.counters = counters;
        this.name = name;
        this.period = period;
    }

    /** Takes {@code n} of what {@code cap} leaves; empty means go. */
    Optional<Permit.Wait> take(Instant now, long n, long cap, ZoneId zone, String what) {
        boolean asked = false;
        while (true) {
            Counters.Key toAsk;
            long wanted;
            synchronized (this) {
                roll(now, zone);
                lastUse = now;
                if (used() + n > cap || (exhausted && inHand < n)) {
                    return Optional.of(new Permit.Wait(key.until(), what + " " + cap + " is used up"));
                }
                boolean enough = inHand >= n;
                if (enough) {
                    inHand -= n;
                }
                boolean fetch = !asking && !now.isBefore(notBefore) && reserved < cap && inHand < block(cap) / 2;
                if (enough && !fetch) {
                    return Optional.empty();
                }
                if (!enough && (asking || asked || now.isBefore(notBefore))) {
                    Instant until = now.isBefore(notBefore) ? notBefore : now.plus(A_MOMENT);
                    return Optional.of(new Permit.Wait(until, what + " is being reserved"));
                }
                asking = true;
                toAsk = key;
                wanted = Math.max(block(cap), enough ? 0 : n - inHand);
                if (enough) {
                    reserve(toAsk, wanted, cap, now);
                    return Optional.empty();
                }
            }
            asked = true;
            reserve(toAsk, wanted, cap, now);
        }
    }

    private void reserve(Counters.Key of, long wanted, long cap, Instant now) {
        var unused = counters.reserve(of, wanted, cap).whenComplete((grant, error) -> {
            synchronized (this) {
                asking = false;
                if (!of.equals(key)) {
                    // The period is over: nobody needs the block any more.
                    return;
                }
                if (error != null) {
                    notBefore = now.plus(AFTER_FAILURE);
                    LOG.warn("event=cap-unknown counter=\"{}\" reason=\"{}\"", name, error.toString());
                    return;
                }
                inHand += grant.granted();
                reserved = counters == Counters.NONE ? reserved + grant.granted() : grant.reserved();
                exhausted = grant.granted() == 0;
            }
        });
    }

    /** What was taken and not sent. */
    synchronized void putBack(long n) {
        inHand += n;
    }

    /** Whether {@code n} more fit; takes nothing. */
    synchronized Optional<Permit.Wait> peek(Instant now, long n, long cap, ZoneId zone, String what) {
        roll(now, zone);
        return used() + n > cap || (exhausted && inHand < n)
                ? Optional.of(new Permit.Wait(key.until(), what + " " + cap + " is used up"))
                : Optional.empty();
    }

    /** How many are left, as far as known. */
    synchronized long room(Instant now, long cap, ZoneId zone) {
        roll(now, zone);
        return exhausted ? inHand : Math.max(0, cap - used());
    }

    synchronized long used(Instant now, ZoneId zone) {
        roll(now, zone);
        return used();
    }

    synchronized Instant endsAt(Instant now, ZoneId zone) {
        roll(now, zone);
        return key.until();
    }

    /** What the store knows of the running period, before anything is taken. */
    synchronized void seed(Counters.Reading reading) {
        if (key == null || (!key.equals(reading.key()) && reading.key().from().isAfter(key.from()))) {
            key = reading.key();
            inHand = 0;
            exhausted = false;
            reserved = reading.reserved();
        } else if (key.equals(reading.key())) {
            reserved = Math.max(reserved, reading.reserved());
        }
    }

    /** Gives the rest of the block back, for a stop in good order. */
    CompletionStage<Void> close() {
        Counters.Key of;
        long rest;
        synchronized (this) {
            of = key;
            rest = inHand;
            inHand = 0;
            reserved -= rest;
        }
        return of == null || rest <= 0 ? CompletableFuture.completedFuture(null) : counters.giveBack(of, rest);
    }

    synchronized boolean isForgettable(Instant before) {
        return !asking && lastUse.isBefore(before) && inHand == 0;
    }

    private long used() {
        return reserved - inHand;
    }

    private static long block(long cap) {
        return Math.max(1, Math.min(LARGEST_BLOCK, cap / BLOCKS_OF_A_CAP));
    }

    private void roll(Instant now, ZoneId zone) {
        Instant from = period.begin(now, zone);
        Instant until = period.end(now, zone);
        if (key == null || !key.from().equals(from) || !key.until().equals(until)) {
            key = new Counters.Key(name, from, until);
            reserved = 0;
            inHand = 0;
            exhausted = false;
            notBefore = Instant.MIN;
        }
    }
}
