package io.github.cameldeliverability.shaping;

/**
 * Notices receivers that answer late instead of refusing (tarpits). Not thread-safe; the lane's lock guards it.
 *
 * <p>Answers that take four times as long as usual, and seconds longer, are a complaint if several come in a row, or
 * if sessions spend most of their time waiting for them. If a pause and a
 * slower pace change nothing, the receiver is just slow now: that is the new usual.
 */
final class Patience {

    private static final int SAMPLE = 20;
    private static final int RUN = 4;
    private static final double TIMES = 4;
    private static final double LONGER = 2;
    private static final double WEIGHT = 0.05;
    private static final double FADING = 0.98;
    private static final double ENOUGH = 2.5;
    private static final int VAIN = 4;

    private int sample;
    private double usual;
    private int run;
    private int vain;
    /** Seconds that sessions spent waiting lately, in all and for late answers. */
    private double allTime;

    private double lateTime;
    private double lateCount;

    /** A delivery was answered after this many seconds: whether that was late. */
    boolean isLate(double elapsed, boolean held) {
        boolean late = sample >= SAMPLE && elapsed > TIMES * usual && elapsed > usual + LONGER;
        if (!held) {
            allTime = FADING * allTime + elapsed;
            lateTime = FADING * lateTime + (late ? elapsed : 0);
            lateCount = FADING * lateCount + (late ? 1 : 0);
        }
        if (late) {
            run++;
        } else {
            run = 0;
            vain = 0;
            sample = Math.min(sample + 1, 1_000_000);
            usual += Math.max(WEIGHT, 1.0 / sample) * (elapsed - usual);
        }
        return late;
    }

    /** Whether enough answers were late to be taken as "too fast". */
    boolean isTried() {
        return run >= RUN || (lateCount >= ENOUGH && lateTime > allTime / 2);
    }

    /** The lane paused, and the answer was late all the same. True if pausing is no use. */
    boolean pausedInVain(double elapsed) {
        vain++;
        if (vain < VAIN) {
            return false;
        }
        usual = elapsed;
        vain = 0;
        run = 0;
        return true;
    }

    /** Forgets the last answers, which were acted upon. */
    void acted() {
        run = 0;
        allTime = 0;
        lateTime = 0;
        lateCount = 0;
    }

    void reset() {
        acted();
        sample = 0;
        usual = 0;
        run = 0;
        vain = 0;
    }
}
