/**
 * Reads what comes back by mail: bounces, complaints, auto-replies, delivery notices and unsubscribe requests, told apart
 * from ordinary mail and turned into one {@link io.github.cameldeliverability.mail.RecipientFeedback} per recipient.
 *
 * <p>Start at {@link io.github.cameldeliverability.feedback.FeedbackReader}. A mail goes through {@code RawMail} (line
 * ends, mbox line), {@code MimeWalk} (mime4j's token stream, bounded) and then through the readers in order of trust:
 * complaint, delivery status, free text, auto-reply. What the words of a diagnostic <em>mean</em> is not known here: that
 * is the verdict engine's; here is known where the words stand and whom they speak of.
 *
 * <p>Not here: rules on reply texts, suppression policy, tokens, network. No mime4j type leaves this package.
 */
package io.github.cameldeliverability.feedback;
