package io.github.cameldeliverability.shaping;

/**
 * Notices that something happens clearly more often than usual: the last twenty times against the long average. Not
 * thread-safe; the lane's lock guards it.
 */
final class Surprise {

    private static final int WINDOW = 20;
    private static final double WEIGHT = 1.0 / 300;
    /** Standard deviations, and two for good measure: rare events come in pairs. */
    private static final double SIGMAS = 3;

    private static final double MARGIN = 2;

    private static final double PRIOR = 2;
    private static final double PRIOR_OF = 10;

    private int bits;
    private int filled;
    private int seen;
    private double usual;

    /** Notes one time. True if what came lately is a surprise. */
    boolean note(boolean happened) {
        // What leaves the window is history; what is in it is compared with that.
        boolean leaving = (bits >>> (WINDOW - 1) & 1) == 1;
        if (filled == WINDOW) {
            seen = Math.min(seen + 1, 1_000_000);
            usual += Math.max(WEIGHT, 1.0 / seen) * ((leaving ? 1 : 0) - usual);
        }
        bits = (bits << 1 | (happened ? 1 : 0)) & (1 << WINDOW) - 1;
        filled = Math.min(WINDOW, filled + 1);
        // Laplace's rule: who has seen little cannot be sure of what is usual.
        double n = Math.min(seen, 1 / WEIGHT);
        double share = (n * usual + PRIOR) / (n + PRIOR_OF);
        double expected = WINDOW * share;
        double most = expected + SIGMAS * Math.sqrt(expected * (1 - share)) + MARGIN;
        return happened && Integer.bitCount(bits) > most;
    }

    /** Forgets the last times, which were acted upon. */
    void acted() {
        bits = 0;
        filled = 0;
    }

    void reset() {
        acted();
        seen = 0;
        usual = 0;
    }
}
