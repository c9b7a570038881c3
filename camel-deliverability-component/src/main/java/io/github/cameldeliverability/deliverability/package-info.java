/**
 * The {@code deliverability:operation} endpoint: what holds mail back, why, and operators' orders about it.
 *
 * <p>Start with {@link io.github.cameldeliverability.deliverability.DeliverabilityEndpoint}. Orders go into the store, so
 * that they hold for the engine of another process, too; only EXPLAIN asks the {@code mx} component of the same context.
 *
 * <p>Must not be here: what an effect does (room {@code shaping}), SQL.
 */
package io.github.cameldeliverability.deliverability;
