package io.github.cameldeliverability.shaping;

/**
 * Decides whether refusals that no rule understands come of speed. Not thread-safe; the lane's lock guards it.
 *
 * <p>A greylisting server refuses first attempts from the beginning, a mailbox in trouble refuses now and then: that is
 * what is usual there. Who has taken mail for a while and then takes nothing, several times in a row, has had enough; so
 * has who refuses clearly more than usual, be it of first attempts or of later ones, or one third attempt after the other.
 * Where a good part has always been refused, only a trial can tell: the lane is slowed down once, and if as many are refused
 * as before, speed is not the reason and the lane gets its speed back.
 */
final class Suspicion {

    private static final int RUN = 3;
    private static final int SAMPLE = 5;
    private static final double USUALLY_TAKEN = 0.8;
    private static final double WEIGHT = 0.05;
    private static final int NOT_GREYLISTED_ANY_MORE = 3;
    private static final int STUBBORN = 5;

    private static final int TRIAL = 100;
    private static final double WORTH_A_TRIAL = 0.1;
    private static final double STILL_AS_MANY = 0.85;
    private static final int PEACE_AFTER_TRIAL = 5_000;

    private final Surprise firsts = new Surprise();
    private final Surprise others = new Surprise();

    /** Refusals since the last acceptance; of these, first attempts and late ones. */
    private int run;

    private int firstInRun;
    private int lateInRun;
    private int firstAttempts;
    private double taken;
    private boolean believed;

    /** The last hundred or so outcomes, and the share before a trial; 0 where none is on. */
    private int outcomes;

    private int refusals;
    private double shareBefore;
    private int peace;

    /** A message was refused and nobody knows why. True if it is to be taken as "too fast". */
    boolean refused(int attempt) {
        run++;
        if (attempt == 1) {
            firstInRun++;
        } else if (attempt >= NOT_GREYLISTED_ANY_MORE) {
            lateInRun++;
        }
        if (believed) {
            return true;
        }
        boolean suddenly = firstAttempts >= SAMPLE && taken >= USUALLY_TAKEN && run >= RUN;
        boolean moreOften = (attempt == 1 ? firsts : others).note(true);
        believed = suddenly || moreOften || lateInRun >= STUBBORN || worthATrial();
        return believed;
    }

    private boolean worthATrial() {
        outcomes++;
        refusals++;
        if (shareBefore > 0 || outcomes < TRIAL || peace > 0 || refusals < WORTH_A_TRIAL * outcomes) {
            return false;
        }
        shareBefore = (double) refusals / outcomes;
        outcomes = 0;
        refusals = 0;
        return true;
    }

    /** Whether a trial has just shown that speed is not the reason. */
    boolean isRefuted() {
        if (shareBefore == 0 || outcomes < TRIAL) {
            return false;
        }
        boolean refuted = refusals > STILL_AS_MANY * shareBefore * outcomes;
        shareBefore = 0;
        outcomes = 0;
        refusals = 0;
        peace = refuted ? PEACE_AFTER_TRIAL : 0;
        return refuted;
    }

    void accepted(int attempt) {
        outcomes++;
        peace = Math.max(0, peace - 1);
        if (shareBefore == 0 && outcomes >= 2 * TRIAL) {
            outcomes /= 2;
            refusals /= 2;
        }
        if (believed) {
            // It worked before, then not, and works again after a pause.
            believed = false;
            firsts.acted();
            others.acted();
        } else {
            (attempt == 1 ? firsts : others).note(false);
            for (int i = 0; i < Math.min(firstInRun, 100); i++) {
                count(false);
            }
        }
        run = 0;
        firstInRun = 0;
        lateInRun = 0;
        if (attempt == 1) {
            count(true);
        }
    }

    private void count(boolean wasTaken) {
        firstAttempts = Math.min(firstAttempts + 1, 1_000_000);
        double weight = Math.max(WEIGHT, 1.0 / firstAttempts);
        taken += weight * ((wasTaken ? 1 : 0) - taken);
    }

    void reset() {
        firsts.reset();
        others.reset();
        run = 0;
        firstInRun = 0;
        lateInRun = 0;
        firstAttempts = 0;
        taken = 0;
        believed = false;
        outcomes = 0;
        refusals = 0;
        shareBefore = 0;
        peace = 0;
    }
}
