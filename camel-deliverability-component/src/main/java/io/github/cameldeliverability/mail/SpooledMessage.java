package io.github.cameldeliverability.mail;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A message ready for the wire, as the spool keeps it: signed, immutable.
 *
 * @param queueId unique in the store, sorts by time of acceptance
 * @param stream the stream that owns it
 * @param messageId the Message-ID header field with its angle brackets
 * @param content lines end in CRLF, the last one too; not dot-stuffed; must not be changed
 * @param eightBit whether the body holds octets above 127 (RFC 6152)
 * @param utf8Header whether the header section holds octets above 127 (RFC 6531)
 * @param envelopeId ENVID, unencoded
 * @param requireTls REQUIRETLS of RFC 8689
 * @param acceptedAt when the route handed it in
 * @param expiresAt when to give up
 * @param dueAt when the first attempt may start
 * @param tags free words of the route
 * @param recipients who still has to get it; index in this list is the recipient's {@code ordinal}
 * @param sender the reverse-path that the route gave, before VERP; {@link ReversePath#NULL} where nobody is to be told anything
 */
public record SpooledMessage(
        String queueId,
        String stream,
        String messageId,
        byte[] content,
        boolean eightBit,
        boolean utf8Header,
        Optional<String> envelopeId,
        boolean requireTls,
        Instant acceptedAt,
        Instant expiresAt,
        Instant dueAt,
        Set<String> tags,
        List<Recipient> recipients,
        ReversePath sender) {

    public SpooledMessage {
        Objects.requireNonNull(queueId, "queueId");
        Objects.requireNonNull(stream, "stream");
        Objects.requireNonNull(content, "content");
        Objects.requireNonNull(sender, "sender");
        tags = Set.copyOf(tags);
        recipients = List.copyOf(recipients);
    }

    /** A message of whose fate no sender is told. */
    public SpooledMessage(
            String queueId,
            String stream,
            String messageId,
            byte[] content,
            boolean eightBit,
            boolean utf8Header,
            Optional<String> envelopeId,
            boolean requireTls,
            Instant acceptedAt,
            Instant expiresAt,
            Instant dueAt,
            Set<String> tags,
            List<Recipient> recipients) {
        this(
                queueId,
                stream,
                messageId,
                content,
                eightBit,
                utf8Header,
                envelopeId,
                requireTls,
                acceptedAt,
                expiresAt,
                dueAt,
                tags,
                recipients,
                ReversePath.NULL);
    }
}
