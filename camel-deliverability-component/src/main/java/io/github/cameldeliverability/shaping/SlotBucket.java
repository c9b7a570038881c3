package io.github.cameldeliverability.shaping;

/**
 * A token bucket told in time instead of tokens (GCRA): it knows when the next slot is free, so that whoever waits wakes
 * exactly once. Not thread-safe; the lane's lock guards it.
 *
 * <p>Up to a second's worth may be taken in one burst after a rest; more at once than that goes into debt and is waited
 * for afterwards.
 */
final class SlotBucket {

    private static final double SECOND = 1e9;

    /** When the bucket will be full again, in nanoseconds of the caller's time line. */
    private double fullAt = Double.NEGATIVE_INFINITY;

    /** Takes {@code n} tokens if a slot is free. Returns 0 then, else how many nanoseconds to wait for one. */
    long take(long nowNanos, int n, double perSecond) {
        double interval = SECOND / perSecond;
        // A burst of one second, but always room for one token.
        double tolerance = Math.max(SECOND - interval, 0);
        double freeAt = fullAt - tolerance;
        if (freeAt > nowNanos) {
            return (long) Math.ceil(freeAt - nowNanos);
        }
        fullAt = Math.max(fullAt, (double) nowNanos) + n * interval;
        return 0;
    }

    /** Forgets what was taken, for a rate that was lifted. */
    void reset() {
        fullAt = Double.NEGATIVE_INFINITY;
    }

    boolean isFull(long nowNanos) {
        return fullAt <= nowNanos;
    }
}
