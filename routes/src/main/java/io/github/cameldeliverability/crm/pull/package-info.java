/**
 * Reads from systems whom they do not mail, and compares that with a suppression list.
 *
 * <p>Start with {@link io.github.cameldeliverability.crm.pull.PullEngine}. Must not be here: HTTP, Camel, writing into systems.
 */
package io.github.cameldeliverability.crm.pull;
