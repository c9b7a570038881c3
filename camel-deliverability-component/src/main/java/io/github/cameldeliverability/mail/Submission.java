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
 * @param idempotencyKey the caller's name for this message in this stream: handing it in again under the same name, even
 *     after a crash, does not queue it twice; empty means every submission is a message of its own
 */
public record Submission(
        String stream,
        Envelope envelope,
        byte[] content,
        Optional<Instant> sendAt,
        Set<String> tags,
        Optional<String> idempotencyKey) {

    public Submission {
        Objects.requireNonNull(stream, "stream");
        Objects.requireNonNull(envelope, "envelope");
        Objects.requireNonNull(content, "content");
        Objects.requireNonNull(sendAt, "sendAt");
        Objects.requireNonNull(idempotencyKey, "idempotencyKey");
        tags = Set.copyOf(tags);
    }

    public Submission(String stream, Envelope envelope, byte[] content, Optional<Instant> sendAt, Set<String> tags) {
        this(stream, envelope, content, sendAt, tags, Optional.empty());
    }

    /** The same submission under a name of the caller's. */
    public Submission withIdempotencyKey(String key) {
        return new Submission(stream, envelope, content, sendAt, tags, Optional.of(key));
    }

    public Submission(String stream, Envelope envelope, byte[] content) {
        this(stream, envelope, content, Optional.empty(), Set.of());
    }
}
