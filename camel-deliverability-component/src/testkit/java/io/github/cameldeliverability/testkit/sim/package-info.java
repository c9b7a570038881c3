/**
 * Simulated receivers with hidden limits, and a sender that talks to them through the shaper as the engine does: hours of
 * traffic in a second, the same for the same seed.
 *
 * <p>Start with {@link io.github.cameldeliverability.testkit.sim.Trial}; {@link
 * io.github.cameldeliverability.testkit.sim.ProviderModels} has receivers to try a shaper on, {@link
 * io.github.cameldeliverability.testkit.sim.Strategies} shapers to compare it with.
 *
 * <p>Must not be here: sockets, threads, real time.
 */
package io.github.cameldeliverability.testkit.sim;
