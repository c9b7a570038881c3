package io.github.cameldeliverability.delivery;

import io.github.cameldeliverability.mail.spi.Shaper;
import io.github.cameldeliverability.mail.spi.SuppressionList;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.Executor;

/** What every part of the engine shares. */
record Core(
        Clock clock,
        DelayTimer timer,
        Executor workers,
        SerialExecutor actor,
        EngineOptions options,
        Shaper shaper,
        Sources sources,
        SuppressionList suppressions,
        Judge judge,
        Outcomes outcomes,
        Dialer dialer,
        StallWatch stalls) {

    Instant now() {
        return clock.instant();
    }
}
