/**
 * Writes changes into systems: finds, writes, reads back, remembers.
 *
 * <p>Start with {@link io.github.cameldeliverability.crm.push.PushEngine}. Must not be here: HTTP, Camel.
 */
package io.github.cameldeliverability.crm.push;
