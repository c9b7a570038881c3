/**
 * The {@code mailbox} endpoint: takes mails out of IMAP folders, at once by IDLE, or out of a POP3 maildrop, as bytes, each
 * once, and puts them where the route says.
 *
 * <p>Start with {@link io.github.cameldeliverability.mailbox.MailboxConsumer} (when to look) and {@link
 * io.github.cameldeliverability.mailbox.FolderReader} (what is done with a window of mails); {@link
 * io.github.cameldeliverability.mailbox.ImapFolder} and {@link io.github.cameldeliverability.mailbox.Pop3Folder} speak to
 * the servers, {@link io.github.cameldeliverability.mailbox.OAuthTokens} gets what replaces a password.
 *
 * <p>Must not be here: what a mail means. No other room but this one sees the protocol classes of Angus Mail.
 */
package io.github.cameldeliverability.mailbox;
