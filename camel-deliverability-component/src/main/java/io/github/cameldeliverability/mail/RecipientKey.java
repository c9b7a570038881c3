package io.github.cameldeliverability.mail;

/**
 * Names one recipient of one spooled message.
 *
 * @param queueId the message
 * @param ordinal its place in the message's recipient list, from 0
 */
public record RecipientKey(String queueId, int ordinal) {}
