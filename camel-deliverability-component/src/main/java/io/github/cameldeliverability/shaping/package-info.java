/**
 * Says go or wait: which provider a domain's mail hosts belong to, how much of a stream's mail a provider takes, and how
 * these limits follow what its servers answer.
 *
 * <p>Start with {@link io.github.cameldeliverability.shaping.AdaptiveShaper}. The providers are data: {@code
 * providers.properties} beside this class, read by {@link io.github.cameldeliverability.shaping.ProviderTable}.
 *
 * <p>Must not be here: queues, timers, I/O. A shaper never blocks; it says until when to wait.
 */
package io.github.cameldeliverability.shaping;
