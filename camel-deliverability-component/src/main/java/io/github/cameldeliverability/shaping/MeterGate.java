package io.github.cameldeliverability.shaping;

import io.github.cameldeliverability.mail.spi.Shaper.Permit;
import java.time.Instant;
import java.util.Optional;

/**
 * A rate that lanes share by name, of recipients or of octets.
 *
 * @param bytes whether octets are counted instead of recipients
 * @param setBy who says so, for EXPLAIN
 */
record MeterGate(
        SharedMeters meters, String name, double perSecond, long burst, boolean bytes, String what, String setBy)
        implements Gate {

    @Override
    public Optional<Permit.Wait> take(Instant now, int recipients, long octets) {
        long n = bytes ? octets : recipients;
        return n <= 0 ? Optional.empty() : wait(now, meters.take(name, now, n, perSecond, burst));
    }

    @Override
    public void putBack(int recipients, long octets) {
        meters.putBack(name, bytes ? octets : recipients, perSecond);
    }

    @Override
    public Optional<Permit.Wait> peek(Instant now) {
        return wait(now, meters.peek(name, now, perSecond, burst));
    }

    private Optional<Permit.Wait> wait(Instant now, long nanos) {
        return nanos <= 0
                ? Optional.empty()
                : Optional.of(new Permit.Wait(now.plusMillis((nanos + 999_999) / 1_000_000), what));
    }

    @Override
    public long room(Instant now) {
        return Long.MAX_VALUE;
    }

    @Override
    public Explanation explain(Instant now) {
        Limit limit = bytes ? Limit.BYTES_PER_SECOND : Limit.MESSAGES_PER_SECOND;
        return new Explanation(limit.key(), limit.show(perSecond), setBy);
    }
}
