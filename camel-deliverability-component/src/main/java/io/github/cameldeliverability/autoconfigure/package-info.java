/**
 * Spring Boot auto-configuration: {@code camel.component.SCHEME.*} of the environment reaches the components. Spring is an
 * optional dependency: without Spring Boot nobody loads this package.
 *
 * <p>Start with {@link io.github.cameldeliverability.autoconfigure.DeliverabilityAutoConfiguration}.
 *
 * <p>Must not be here: defaults, options of its own. No other room sees Spring.
 */
package io.github.cameldeliverability.autoconfigure;
