package io.github.cameldeliverability.mail;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A message that a route hands to a stream: envelope and whole RFC 5322 content, not yet signed.
 *
 * @param stream the stream that sends it
 * @param envelope who to whom
 * @param content the message, header section and body, any line ends; not copied, must not be changed afterwards
 * @param sendAt not before this moment; empty means now
 * @param tags free words by which an operator can find, suspend and cancel it
 */
public record Submission(String stream, Envelope envelope, byte[] content, Optional<Instant> sendAt, Set<String> tags) {

    public Submission {
        Objects.requireNonNull(stream, "stream");
        Objects.requireNonNull(envelope, "envelope");
        Objects.requireNonNull(content, "content");
        Objects.requireNonNull(sendAt, "sendAt");
        tags = Set.copyOf(tags);
    }

    public Submission(String stream, Envelope envelope, byte[] content) {
        this(stream, envelope, content, Optional.empty(), Set.of());
    }
}
