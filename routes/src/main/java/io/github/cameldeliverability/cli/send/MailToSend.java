package io.github.cameldeliverability.cli.send;

import java.util.List;
import java.util.Optional;

/**
 * A mail of the input.
 *
 * @param id names it in its input; the same id is not queued twice in the same stream
 * @param from the envelope sender as the input states it; empty leaves it to the option
 * @param to the envelope recipients
 * @param content the whole message, any line ends
 */
public record MailToSend(String id, Optional<String> from, List<String> to, byte[] content) {}
