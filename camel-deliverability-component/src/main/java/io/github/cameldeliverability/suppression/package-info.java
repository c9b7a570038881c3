/**
 * The {@code suppression} endpoint: asks and changes a suppression list, and yields its changes in order to whoever must
 * know, such as a CRM.
 *
 * <p>Start with {@link io.github.cameldeliverability.suppression.SuppressionEndpoint}; {@link
 * io.github.cameldeliverability.suppression.SuppressionProducer} holds the operations, {@link
 * io.github.cameldeliverability.suppression.SuppressionConsumer} the change feed.
 *
 * <p>Must not be here: what makes an address suppressed (room {@code intake}), SQL (room {@code store}).
 */
package io.github.cameldeliverability.suppression;
