package io.github.cameldeliverability.testkit.sim;

import io.github.cameldeliverability.testkit.sim.HiddenLimits.Form;
import java.util.SplittableRandom;
import java.util.function.LongFunction;

/**
 * Receivers to try a shaper on. The kind of limit is the model's, its size the seed's: within a factor of four.
 *
 * <p>The adaptive shaper was made with all in sight but those that are {@link #isHeldOut held out}.
 */
public enum ProviderModels {
    /** A leaking bucket of 2 to 8 a second with ten seconds' burst; 421 at RCPT. */
    LEAKY_BUCKET(false, seed -> {
        double rate = 4 * spread(seed);
        return HiddenLimits.none(0.15).withQuota(() -> Quota.bucket(rate, 10 * rate), Form.RCPT_421);
    }),
    /** A quota of 300 to 1200 in each ten minutes; 451 at RCPT, and one mailbox in a hundred says 450. */
    QUOTA(false, seed -> {
        double n = Math.rint(600 * spread(seed));
        return HiddenLimits.none(0.2)
                .withQuota(() -> Quota.fixedWindow(n, 600), Form.RCPT_451)
                .withOddities(0.01);
    }),
    /** Two to five sessions at a time, 10 to 40 messages in each; 421 for one too many. */
    SESSIONS(false, seed -> {
        SplittableRandom r = new SplittableRandom(seed);
        int sessions = 2 + r.nextInt(4);
        return HiddenLimits.none(0.5).withSessions(sessions, (int) Math.rint(20 * spread(seed)));
    }),
    /** 240 to 960 in any minute, half of it from the second hour to the fourth; 421 at connect and MAIL. */
    SHIFTING(false, seed -> {
        double n = Math.rint(480 * spread(seed));
        return HiddenLimits.none(0.25)
                .withQuota(() -> Quota.slidingWindow(n, 60), Form.CONNECT_421)
                .withFactor(t -> t >= 2 * 3600 && t < 4 * 3600 ? 0.5 : 1);
    }),
    /** A bucket of 1.5 to 6 a second that shrinks with violations and complaints; 450 at DATA, a tenth greylisted. */
    REPUTATION(false, seed -> {
        double rate = 3 * spread(seed);
        return HiddenLimits.none(0.3)
                .withQuota(() -> Quota.bucket(rate, 5 * rate), Form.DATA_450)
                .withGreylisting(0.1)
                .withReputation();
    }),
    /** A bucket of 3 to 12 a second; whoever is faster waits twenty seconds for each answer. */
    TARPIT(false, seed -> {
        double rate = 6 * spread(seed);
        return HiddenLimits.none(0.2).withQuota(() -> Quota.bucket(rate, 5 * rate), Form.TARPIT);
    }),
    /** Three to six sessions at a time and a quota of 500 to 2000 an hour together; 451 at RCPT. */
    BOTH(false, seed -> {
        SplittableRandom r = new SplittableRandom(seed);
        int sessions = 3 + r.nextInt(4);
        double n = Math.rint(1000 * spread(seed));
        return HiddenLimits.none(0.4)
                .withQuota(() -> Quota.fixedWindow(n, 3600), Form.RCPT_451)
                .withSessions(sessions, Integer.MAX_VALUE);
    }),
    /** A bucket of 2.5 to 10 a second, 40 % more and less in the course of three hours; 450 at DATA. */
    DRIFTING(true, seed -> {
        double rate = 5 * spread(seed);
        return HiddenLimits.none(0.2)
                .withQuota(() -> Quota.bucket(rate, 3 * rate), Form.DATA_450)
                .withFactor(t -> 1 + 0.4 * Math.sin(t * 2 * Math.PI / 10_800));
    });

    private final boolean heldOut;
    // The functions make new limits from a seed and hold nothing.
    @SuppressWarnings("ImmutableEnumChecker")
    private final LongFunction<HiddenLimits> limits;

    ProviderModels(boolean heldOut, LongFunction<HiddenLimits> limits) {
        this.heldOut = heldOut;
        this.limits = limits;
    }

    /** Whether nothing of the adaptive shaper was decided after a look at it. */
    public boolean isHeldOut() {
        return heldOut;
    }

    /** The hidden limits of one receiver of this kind. */
    public HiddenLimits limits(long seed) {
        return limits.apply(seed);
    }

    /** A half to two, evenly on a logarithmic scale. */
    private static double spread(long seed) {
        return Math.pow(2, 2 * new SplittableRandom(seed * 31 + 7).nextDouble() - 1);
    }
}
