/**
 * The seams between the rooms: interfaces that speak vocabulary only, so that the delivery engine and the intake know no
 * Netty, no dnsjava, no JDBC and no MIME library.
 *
 * <p>Start with {@link io.github.cameldeliverability.mail.spi.Mailer} (what a route talks to) and {@link
 * io.github.cameldeliverability.mail.spi.Spool} (what must not be lost).
 *
 * <p>Manners of every interface here: a method that returns a {@code CompletionStage} neither blocks nor throws, and
 * completes exactly once; what a remote server says is a value, only faults of our own side are exceptions.
 * Implementations are thread-safe unless they say otherwise.
 *
 * <p>Must not be here: implementations, third-party types.
 */
package io.github.cameldeliverability.mail.spi;
