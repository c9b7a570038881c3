package io.github.cameldeliverability.delivery;

import java.time.Clock;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * What makes the engine run. Owned by whoever creates it: the engine ends none of it.
 *
 * @param clock tells the time
 * @param timer wakes the engine
 * @param workers a bounded pool for CPU work; two threads or more, so that signing does not hold up the lanes
 * @param random jitter and the shuffling of equal MX hosts
 * @param queueIds unique ids that sort by time, 16 characters of lower-case base32; thread-safe
 */
public record EngineMachinery(
        Clock clock, DelayTimer timer, Executor workers, RandomGenerator random, Supplier<String> queueIds) {

    public EngineMachinery {
        Objects.requireNonNull(clock, "clock");
        Objects.requireNonNull(timer, "timer");
        Objects.requireNonNull(workers, "workers");
        Objects.requireNonNull(random, "random");
        Objects.requireNonNull(queueIds, "queueIds");
    }
}
