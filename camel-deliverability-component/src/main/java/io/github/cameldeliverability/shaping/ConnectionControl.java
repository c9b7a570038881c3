package io.github.cameldeliverability.shaping;

/**
 * Finds how many sessions a receiver takes at the same time. Not thread-safe; the lane's lock guards it. Times are seconds
 * of the caller's time line.
 *
 * <p>A session that is refused while others live says: these, and not one more. After a quiet time that doubles with each
 * failure, and after enough deliveries to pay for one more refusal, one session more is tried - if it would be used.
 */
final class ConnectionControl {

    private static final double FIRST_QUIET = 60;
    private static final double LONGEST_QUIET = 3600;
    private static final double SAME_NEWS = 5;
    private static final int DELIVERIES_A_REFUSAL = 300;

    private int full;
    private int limit;
    private int failures;
    private double changedAt = Double.NEGATIVE_INFINITY;
    private double refusedAt = Double.NEGATIVE_INFINITY;
    private long deliveries;

    /** @param full the configured number */
    ConnectionControl(int full) {
        this.full = full;
        this.limit = full;
    }

    /** Takes up another configured number; what was learnt stays, as far as it is below. */
    void configure(int changed) {
        limit = isActive() ? Math.min(limit, changed) : changed;
        full = changed;
    }

    int limit() {
        return limit;
    }

    boolean isActive() {
        return limit < full;
    }

    /**
     * A session was refused.
     *
     * @param others sessions open or being opened besides it, at least 1
     */
    void refused(double now, int others) {
        limit = Math.max(1, Math.min(limit, others));
        if (now >= refusedAt + SAME_NEWS) {
            failures++;
            deliveries = 0;
        }
        refusedAt = now;
        changedAt = now;
    }

    /** @param open sessions now: a limit that is not reached does not grow */
    void delivered(double now, int open) {
        deliveries++;
        if (!isActive() || open < limit) {
            return;
        }
        double quiet = Math.min(FIRST_QUIET * Math.pow(2, Math.min(failures, 10) - 1), LONGEST_QUIET);
        if (now >= changedAt + quiet && deliveries >= DELIVERIES_A_REFUSAL) {
            limit++;
            changedAt = now;
        }
    }

    /** What was learnt, for {@link #recall}; empty where nothing was. */
    String remember() {
        return isActive() ? limit + "," + failures : "";
    }

    /**
     * Goes on from what another one remembered.
     *
     * @throws NumberFormatException for what another one did not write
     */
    void recall(String text, double now) {
        String[] p = text.split(",");
        if (p.length == 2) {
            limit = Math.max(1, Math.min(full, Integer.parseInt(p[0])));
            failures = Math.max(1, Integer.parseInt(p[1]));
            changedAt = now;
        }
    }

    void reset() {
        limit = full;
        failures = 0;
    }
}
