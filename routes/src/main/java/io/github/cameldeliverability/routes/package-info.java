/**
 * What the route templates in {@code camel-deliverability/templates} need besides Camel's own components.
 *
 * <p>Start with the templates. Must not be here: anything about mail; that is the component's.
 */
package io.github.cameldeliverability.routes;
