package io.github.cameldeliverability.shaping;

/**
 * Finds how many messages a receiver takes in one session. Not thread-safe; the lane's lock guards it. Times are seconds of
 * the caller's time line.
 *
 * <p>A session was cut off after some number of messages; later another came as far and was cut off there, too, and never
 * did a session carry more: that is the number. Whoever is cut off for speed is cut off at different ones.
 */
final class SessionLength {

    private static final double ANOTHER_TIME = 4;
    private static final double FORGET_AFTER = 6 * 3600;
    private static final int LEAST = 2;

    private int full;
    private int learnt;
    private int most;
    private int cutAt;
    private double cutSince;
    /** After the first cut another session came as far. */
    private boolean grownAgain;

    private double learntAt;

    SessionLength(int full) {
        this.full = full;
    }

    /** Takes up another configured number. */
    void configure(int changed) {
        full = changed;
    }

    int limit() {
        return learnt > 0 ? Math.min(full, learnt) : full;
    }

    boolean isActive() {
        return learnt > 0;
    }

    /** @param carried transactions of the session before this one */
    void accepted(double now, int carried) {
        most = Math.max(most, carried + 1);
        if (cutAt > 0 && carried == cutAt - 1 && now >= cutSince + ANOTHER_TIME) {
            grownAgain = true;
        }
        if (cutAt > 0 && most > cutAt) {
            cutAt = 0;
        }
        if (learnt > 0 && now >= learntAt + FORGET_AFTER) {
            reset();
        }
    }

    /** A session was cut off. True if that was because of its length. */
    boolean cutOff(double now, int carried) {
        if (carried < LEAST || carried < most) {
            return false;
        }
        if (learnt > 0) {
            return carried >= learnt;
        }
        if (cutAt == carried && grownAgain) {
            learnt = carried;
            learntAt = now;
            return true;
        }
        if (cutAt != carried) {
            cutAt = carried;
            cutSince = now;
            grownAgain = false;
        }
        return false;
    }

    /** The number that was learnt; 0 where there is none. */
    int learnt() {
        return learnt;
    }

    /** When it was learnt. */
    double learntAt() {
        return learntAt;
    }

    /** Goes on from what another one learnt, unless that is too old to hold. */
    void recall(int number, double at, double now) {
        if (number >= LEAST && at <= now && now < at + FORGET_AFTER) {
            reset();
            learnt = number;
            learntAt = at;
        }
    }

    void reset() {
        learnt = 0;
        most = 0;
        cutAt = 0;
    }
}
