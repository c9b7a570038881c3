/**
 * The language of the descriptions of systems: templates, ways into JSON, rules.
 *
 * <p>Start with {@link io.github.cameldeliverability.crm.format.SystemDescription}. Must not be here: calls.
 */
package io.github.cameldeliverability.crm.format;
