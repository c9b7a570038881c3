package io.github.cameldeliverability.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.Reason;
import io.github.cameldeliverability.mail.SoftBounces;
import io.github.cameldeliverability.mail.Suppression;
import io.github.cameldeliverability.mail.SuppressionKind;
import io.github.cameldeliverability.mail.spi.SoftBounceStep.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SoftBouncesAmountToAPauseTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private final SoftBounceRule rule =
            new SoftBounceRule(3, 2, Duration.ofDays(7), Duration.ofDays(1), Duration.ofDays(5));

    private Optional<SoftBounces> remembered = Optional.empty();

    @Test
    void enoughOfThemOnEnoughDays() {
        assertThat(bounce(NOON)).isEmpty();
        assertThat(bounce(NOON.plusSeconds(60))).isEmpty();
        assertThat(bounce(NOON.plusSeconds(120))).as("three, but on one day").isEmpty();

        assertThat(bounce(NOON.plus(Duration.ofDays(1))).orElseThrow().until()).contains(NOON.plus(Duration.ofDays(2)));
    }

    @Test
    void oldOnesAreForgottenOneByOne() {
        bounce(NOON);
        bounce(NOON.plus(Duration.ofDays(1)));
        Instant eightDaysLater = NOON.plus(Duration.ofDays(9));
        assertThat(bounce(eightDaysLater)).as("one was forgotten").isEmpty();
        assertThat(bounce(eightDaysLater.plus(Duration.ofDays(40))))
                .as("all were")
                .isEmpty();
        assertThat(remembered.orElseThrow().bounces()).isEqualTo(1);
        assertThat(remembered.orElseThrow().days()).hasSize(1);
    }

    @Test
    void pausesGrowUpToALimit() {
        Instant at = NOON;
        for (long days : new long[] {1, 2, 4, 5, 5}) {
            Optional<Suppression> pause = Optional.empty();
            Instant last = at;
            for (int i = 0; i < 3; i++) {
                last = at;
                pause = bounce(at);
                at = at.plus(Duration.ofDays(1));
            }
            assertThat(pause.orElseThrow().until()).contains(last.plus(Duration.ofDays(days)));
            assertThat(pause.orElseThrow().evidence()).startsWith("3 soft bounces on 3 days, the last: 452");
        }
    }

    @Test
    void badRulesAreRefusedByTheNameOfTheOption() {
        assertThatThrownBy(() -> new SoftBounceRule(2, 3, Duration.ofDays(1), Duration.ofDays(1), Duration.ofDays(1)))
                .hasMessageContaining("softBounceDays");
        assertThatThrownBy(() -> new SoftBounceRule(3, 2, Duration.ofDays(1), Duration.ofDays(2), Duration.ofDays(1)))
                .hasMessageContaining("maxCoolDown");
    }

    private Optional<Suppression> bounce(Instant at) {
        Step step = rule.step(new Suppression(
                        "default",
                        Suppression.GLOBAL,
                        EmailAddress.parse("ann@example.net"),
                        SuppressionKind.BOUNCE,
                        Optional.of(Reason.MAILBOXFULL),
                        "452 4.2.2 full",
                        Optional.of("general/full"),
                        "soft",
                        at,
                        Optional.empty()))
                .after(remembered);
        remembered = Optional.of(step.remember());
        return step.entry();
    }
}
