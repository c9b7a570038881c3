package io.github.cameldeliverability.mail;

import java.util.Optional;
import java.util.Set;

/**
 * What a sender asks of delivery status notifications for one recipient (RFC 3461 4.1 and 4.2).
 *
 * @param conditions when to notify; empty means the parameter is not sent, {@code NEVER} excludes the others
 * @param originalRecipient ORCPT, unencoded, {@code rfc822;a@b}; empty means it is not sent
 */
public record DsnRequest(Set<Notify> conditions, Optional<String> originalRecipient) {

    public enum Notify {
        NEVER,
        SUCCESS,
        FAILURE,
        DELAY
    }

    public static final DsnRequest NONE = new DsnRequest(Set.of(), Optional.empty());

    public DsnRequest {
        conditions = Set.copyOf(conditions);
        if (conditions.contains(Notify.NEVER) && conditions.size() > 1) {
            throw new IllegalArgumentException("NOTIFY=NEVER stands alone (RFC 3461 4.1): " + conditions);
        }
    }
}
