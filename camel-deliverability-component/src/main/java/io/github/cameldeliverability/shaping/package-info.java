/**
 * Says go or wait: which provider a domain's mail hosts belong to, how much of a stream's mail a provider takes, and how
 * these limits follow what its servers answer.
 *
 * <p>Start with {@link io.github.cameldeliverability.shaping.AdaptiveShaper} (limits), then {@link
 * io.github.cameldeliverability.shaping.EffectShaper} (effects over them). Providers, limits and rules are data: {@code
 * providers.properties}, {@code limits.yaml} and {@code reactions.yaml} beside this class.
 *
 * <p>Must not be here: queues, timers, I/O. A shaper never blocks; it says until when to wait.
 */
package io.github.cameldeliverability.shaping;
