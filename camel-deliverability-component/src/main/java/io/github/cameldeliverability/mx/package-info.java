/**
 * The {@code mx} endpoint, and the place where the rooms are put together: Camel classes only, thin.
 *
 * <p>Start with {@link io.github.cameldeliverability.mx.MxEndpoint}; {@code MxStreams} opens streams, {@code MxEngine} puts
 * the rooms together, and {@link io.github.cameldeliverability.mx.SharedStores} are the databases that the endpoints of
 * one Camel context share.
 *
 * <p>Must not be here: MIME, SMTP, DNS, SQL, retry or rule logic; each has its own room below.
 */
package io.github.cameldeliverability.mx;
