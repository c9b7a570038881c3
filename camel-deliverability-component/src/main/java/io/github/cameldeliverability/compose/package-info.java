/**
 * Builds whole RFC 5322 messages from what a route has (text, HTML, attachments, header values), and takes ready ones.
 *
 * <p>Start with {@link io.github.cameldeliverability.compose.Draft} and {@link
 * io.github.cameldeliverability.compose.MessageComposer}; a message that is whole already goes through {@link
 * io.github.cameldeliverability.compose.ReadyMessage}. Whatever comes out is free of Bcc and of injected header fields.
 *
 * <p>Must not be here: Camel types, signing, reverse-paths, anything that reads returned mail. No other room sees
 * jakarta.mail.
 */
package io.github.cameldeliverability.compose;
