/**
 * The vocabulary of mail delivery: records and enums that every room speaks, made of the JDK alone.
 *
 * <p>Start with {@link io.github.cameldeliverability.mail.Envelope}, {@link
 * io.github.cameldeliverability.mail.SmtpReply} and {@link io.github.cameldeliverability.mail.Verdict}; a message on its
 * way is a {@link io.github.cameldeliverability.mail.SpooledMessage}, what became of a recipient a {@link
 * io.github.cameldeliverability.mail.DeliveryEvent}, what comes back a {@link
 * io.github.cameldeliverability.mail.Feedback}.
 *
 * <p>Must not be here: I/O, threads, third-party types, decisions. All types are immutable.
 */
package io.github.cameldeliverability.mail;
