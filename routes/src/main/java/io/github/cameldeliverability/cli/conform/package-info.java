/**
 * The operations of the conformance protocol, each a thin call into a room of the component.
 *
 * <p>Start with {@link io.github.cameldeliverability.cli.conform.ConformOperations}.
 *
 * <p>Must not be here: knowledge of mail. What an operation answers, the product must do.
 */
package io.github.cameldeliverability.cli.conform;
