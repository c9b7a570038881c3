package io.github.cameldeliverability.shaping;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.mail.spi.VerdictEngine;
import io.github.cameldeliverability.testkit.sim.HiddenLimits;
import io.github.cameldeliverability.testkit.sim.ProviderModels;
import io.github.cameldeliverability.testkit.sim.Strategies;
import io.github.cameldeliverability.testkit.sim.Trial;
import io.github.cameldeliverability.verdict.RulePackEngine;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A small part of the table in docs/shaping.md: five seeds of three receivers whose replies no rule knows. */
class HiddenLimitsAreFoundTest {

    private static final VerdictEngine VERDICTS = RulePackEngine.builtIn();
    private static final Duration LENGTH = Duration.ofHours(6);

    @ParameterizedTest
    @CsvSource({
        "LEAKY_BUCKET,1", "LEAKY_BUCKET,2", "LEAKY_BUCKET,3", "LEAKY_BUCKET,4", "LEAKY_BUCKET,5",
        "QUOTA,1", "QUOTA,2", "QUOTA,3", "QUOTA,4", "QUOTA,5",
        "SESSIONS,1", "SESSIONS,2", "SESSIONS,3", "SESSIONS,4", "SESSIONS,5"
    })
    void ninetyPercentOfAHiddenLimitAtLessThanOnePercentViolations(ProviderModels model, long seed) {
        Trial.Result r = run(model, Strategies.ADAPTIVE, seed);
        assertThat(r.convergedAfter()).hasValueSatisfying(d -> assertThat(d).isLessThan(Duration.ofMinutes(90)));
        assertThat(r.goodput()).isGreaterThanOrEqualTo(0.9);
        assertThat(r.violations()).isLessThan(0.01);
        assertThat(r.violationsOfAll()).isLessThan(0.01);
    }

    @Test
    void theSameSeedGivesTheSameResult() {
        assertThat(run(ProviderModels.QUOTA, Strategies.ADAPTIVE, 3))
                .isEqualTo(run(ProviderModels.QUOTA, Strategies.ADAPTIVE, 3));
    }

    @Test
    void aFixedLimitThatIsTooHighIsToldApart() {
        Trial.Result twice = run(ProviderModels.LEAKY_BUCKET, Strategies.FIXED_DOUBLE, 1);
        assertThat(twice.violationsOfAll()).isGreaterThan(0.3);
        Trial.Result half = run(ProviderModels.LEAKY_BUCKET, Strategies.FIXED_HALF, 1);
        assertThat(half.goodputOfAll()).isBetween(0.45, 0.55);
        assertThat(half.violationsOfAll()).isZero();
    }

    private static Trial.Result run(ProviderModels model, Strategies strategy, long seed) {
        HiddenLimits limits = model.limits(seed);
        return Trial.run(limits, clock -> strategy.shaper(limits, clock), VERDICTS, LENGTH, seed);
    }
}
