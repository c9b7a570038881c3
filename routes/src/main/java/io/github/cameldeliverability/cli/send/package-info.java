/**
 * The parts of {@code deliverability send}: where mails come from, how they are handed to the stream, what is shown.
 *
 * <p>Start with {@link io.github.cameldeliverability.cli.send.MailSource}. Must not be here: option parsing.
 */
package io.github.cameldeliverability.cli.send;
