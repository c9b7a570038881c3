package io.github.cameldeliverability.shaping;

/**
 * A token bucket told in time instead of tokens (GCRA): it knows when the next slot is free, so that whoever waits wakes
 * exactly once. Not thread-safe; the lane's lock guards it.
 *
 * <p>Up to a second's worth, or the burst if one is given, may be taken at once after a rest; more at once than that goes
 * into debt and is waited for afterwards.
 */
final class SlotBucket {

    private static final double SECOND = 1e9;

    /** When the bucket will be full again, in nanoseconds of the caller's time line. */
    private double fullAt = Double.NEGATIVE_INFINITY;

    /** Takes {@code n} tokens if a slot is free. Returns 0 then, else how many nanoseconds to wait for one. */
    long take(long nowNanos, long n, double perSecond) {
        return take(nowNanos, n, perSecond, 0);
    }

    /** @param burst tokens that a full bucket holds; 0 means a second's worth */
    long take(long nowNanos, long n, double perSecond, long burst) {
        long wait = wait(nowNanos, perSecond, burst);
        if (wait == 0) {
            fullAt = Math.max(fullAt, (double) nowNanos) + n * (SECOND / perSecond);
        }
        return wait;
    }

    /** How many nanoseconds until a slot is free; takes nothing. */
    long wait(long nowNanos, double perSecond, long burst) {
        double interval = SECOND / perSecond;
        double full = burst > 0 ? burst * interval : SECOND;
        // Always room for one token.
        double tolerance = Math.max(full - interval, 0);
        double freeAt = fullAt - tolerance;
        return freeAt > nowNanos ? (long) Math.ceil(freeAt - nowNanos) : 0;
    }

    /** Puts back what was taken and not used. */
    void putBack(long n, double perSecond) {
        fullAt -= n * (SECOND / perSecond);
    }

    /** Forgets what was taken, for a rate that was lifted. */
    void reset() {
        fullAt = Double.NEGATIVE_INFINITY;
    }

    boolean isFull(long nowNanos) {
        return fullAt <= nowNanos;
    }
}
