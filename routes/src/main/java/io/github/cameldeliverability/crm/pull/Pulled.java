package io.github.cameldeliverability.crm.pull;

import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.SuppressionKind;
import java.time.Instant;

/**
 * An address that a system does not mail.
 *
 * @param from the list of the system that it stands in, such as {@code bounces}
 * @param evidence for people; may be empty
 */
public record Pulled(EmailAddress address, SuppressionKind kind, String from, String evidence, Instant at) {}
