/**
 * Names that travel with a message: queue ids, and reverse-paths that prove which message and recipient a report is about.
 *
 * <p>Start with {@link io.github.cameldeliverability.token.HmacReturnTokens} and {@link
 * io.github.cameldeliverability.token.QueueIds}.
 *
 * <p>Must not be here: storage, decisions about what a proven report does.
 */
package io.github.cameldeliverability.token;
