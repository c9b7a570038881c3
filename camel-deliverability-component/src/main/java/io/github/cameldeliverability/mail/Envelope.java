package io.github.cameldeliverability.mail;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The SMTP envelope as a route hands it in: who sends, to whom (RFC 5321 2.3.1).
 *
 * @param from the reverse-path before VERP
 * @param recipients at least one, in the order given, without duplicates by {@link EmailAddress#key()}
 * @param envelopeId ENVID of RFC 3461 4.4, unencoded
 * @param requireTls REQUIRETLS of RFC 8689
 * @param notifyOn NOTIFY of RFC 3461 4.1 for each recipient; empty leaves it to the hosts, which then tell of failures
 */
public record Envelope(
        ReversePath from,
        List<EmailAddress> recipients,
        Optional<String> envelopeId,
        boolean requireTls,
        Set<DsnRequest.Notify> notifyOn) {

    /** @throws IllegalArgumentException if nobody is to get it, or if {@code NEVER} does not stand alone */
    public Envelope {
        Objects.requireNonNull(from, "from");
        notifyOn = new DsnRequest(notifyOn, Optional.empty()).conditions();
        recipients = List.copyOf(recipients);
        if (recipients.isEmpty()) {
            throw new IllegalArgumentException("an envelope needs at least one recipient");
        }
    }

    public Envelope(ReversePath from, List<EmailAddress> recipients) {
        this(from, recipients, Optional.empty(), false, Set.of());
    }
}
