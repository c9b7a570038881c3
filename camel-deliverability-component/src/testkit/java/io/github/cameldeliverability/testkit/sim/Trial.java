package io.github.cameldeliverability.testkit.sim;

import io.github.cameldeliverability.mail.spi.Shaper;
import io.github.cameldeliverability.mail.spi.VerdictEngine;
import java.time.Clock;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.function.Function;

/**
 * One shaper against one receiver with hidden limits, in simulated time: the same seed gives the same result.
 *
 * <pre>{@code
 * HiddenLimits hidden = ProviderModels.LEAKY_BUCKET.limits(7);
 * Trial.Result r = Trial.run(hidden, AdaptiveShaper::new, RulePackEngine.builtIn(), Duration.ofHours(4), 7);
 * assertThat(r.goodput()).isGreaterThan(0.9);
 * }</pre>
 */
public final class Trial {

    /** The sessions that the shaper's defaults allow: what a sender can use at best. */
    static final int CONNECTIONS = 10;

    private static final int WINDOW = 30;
    private static final double CONVERGED = 0.9;
    private static final double TOLERATED = 0.01;

    private Trial() {}

    /**
     * What came of it. Shares are of 1. "Converged" is from the first minute on of which the half hour brought in at
     * least nine tenths of what the receiver would have taken, at less than one violation in a hundred attempts; {@code goodput} and {@code violations} count from then
     * on, or over the second half where that never was.
     *
     * @param convergedAfter empty where it never was
     * @param goodput taken after convergence, of what would have been taken from a sender who knew the limits
     * @param violations refused for a limit or tarpitted, of all attempts after convergence
     * @param goodputOfAll the same from the beginning
     * @param violationsOfAll the same from the beginning
     * @param attempts from the beginning
     */
    public record Result(
            java.util.Optional<Duration> convergedAfter,
            double goodput,
            double violations,
            double goodputOfAll,
            double violationsOfAll,
            long attempts) {}

    /** Runs it. The shaper is made with the simulation's clock. */
    public static Result run(
            HiddenLimits limits, Function<Clock, Shaper> shaper, VerdictEngine verdicts, Duration length, long seed) {
        Timeline time = new Timeline();
        SplittableRandom random = new SplittableRandom(seed);
        double seconds = length.toSeconds();
        Scores scores = new Scores(seconds);
        SimulatedProvider provider = new SimulatedProvider(limits, random.split());
        new SimulatedSender(time, provider, limits, shaper.apply(time.clock()), verdicts, scores, random.split())
                .start();
        time.runUntil(seconds);
        return result(limits, scores, (int) (seconds / 60));
    }

    private static Result result(HiddenLimits limits, Scores scores, int minutes) {
        double[] capacity = new double[minutes + 1];
        for (int m = 0; m < minutes; m++) {
            capacity[m + 1] = capacity[m] + 60 * limits.capacity(m * 60 + 30, CONNECTIONS);
        }
        int converged = -1;
        for (int m = 0; m + WINDOW <= minutes && converged < 0; m++) {
            boolean fast = scores.accepted(m, m + WINDOW) >= CONVERGED * (capacity[m + WINDOW] - capacity[m]);
            if (fast && scores.violations(m, m + WINDOW) < TOLERATED * scores.attempts(m, m + WINDOW)) {
                converged = m;
            }
        }
        int from = converged < 0 ? minutes / 2 : converged;
        return new Result(
                converged < 0 ? java.util.Optional.empty() : java.util.Optional.of(Duration.ofMinutes(converged)),
                share((double) scores.accepted(from, minutes), capacity[minutes] - capacity[from]),
                share((double) scores.violations(from, minutes), (double) scores.attempts(from, minutes)),
                share((double) scores.accepted(0, minutes), capacity[minutes]),
                share((double) scores.violations(0, minutes), (double) scores.attempts(0, minutes)),
                scores.attempts(0, minutes));
    }

    private static double share(double part, double whole) {
        return whole == 0 ? 0 : part / whole;
    }
}
