/**
 * The endpoints in Spring Boot: routes in YAML, settings in {@code application.properties}, no bean to declare.
 *
 * <p>Start with {@link io.github.cameldeliverability.examples.springboot.OrdersApplication}.
 */
package io.github.cameldeliverability.examples.springboot;
