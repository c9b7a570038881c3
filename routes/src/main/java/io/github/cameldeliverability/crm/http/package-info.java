/**
 * Calls: pace, credentials, what an answer means.
 *
 * <p>Start with {@link io.github.cameldeliverability.crm.http.Transport}. Must not be here: what is called, and why.
 */
package io.github.cameldeliverability.crm.http;
