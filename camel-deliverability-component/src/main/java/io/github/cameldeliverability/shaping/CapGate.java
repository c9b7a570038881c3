package io.github.cameldeliverability.shaping;

import io.github.cameldeliverability.mail.spi.Shaper.Permit;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * A cap of an hour or a day on a counter.
 *
 * @param cap what holds at a moment; empty means no cap
 * @param what for people who wait, {@code "daily cap of provider google"}
 * @param limit the name in EXPLAIN
 * @param setBy who says so, for EXPLAIN
 * @param keepsItsMail see {@link Gate#keepsItsMail}
 */
record CapGate(
        PeriodCounter counter,
        Function<Instant, OptionalLong> cap,
        ZoneId zone,
        String what,
        String limit,
        Function<Instant, String> setBy,
        boolean keepsItsMail)
        implements Gate {

    @Override
    public Optional<Permit.Wait> take(Instant now, int recipients, long bytes) {
        OptionalLong n = cap.apply(now);
        return n.isEmpty() ? Optional.empty() : counter.take(now, recipients, n.getAsLong(), zone, what);
    }

    @Override
    public void putBack(int recipients, long bytes) {
        counter.putBack(recipients);
    }

    @Override
    public Optional<Permit.Wait> peek(Instant now) {
        OptionalLong n = cap.apply(now);
        return n.isEmpty() ? Optional.empty() : counter.peek(now, 1, n.getAsLong(), zone, what);
    }

    @Override
    public long room(Instant now) {
        OptionalLong n = cap.apply(now);
        return n.isEmpty() ? Long.MAX_VALUE : counter.room(now, n.getAsLong(), zone);
    }

    @Override
    public Explanation explain(Instant now) {
        OptionalLong n = cap.apply(now);
        if (n.isEmpty()) {
            return new Explanation(limit, "no limit", setBy.apply(now));
        }
        long used = counter.used(now, zone);
        return new Explanation(
                limit,
                n.getAsLong() + ", " + used + " used, " + counter.room(now, n.getAsLong(), zone) + " left until "
                        + counter.endsAt(now, zone).atZone(zone).toOffsetDateTime(),
                setBy.apply(now));
    }
}
