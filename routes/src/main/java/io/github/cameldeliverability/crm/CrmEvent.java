package io.github.cameldeliverability.crm;

import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.Reason;
import io.github.cameldeliverability.mail.Suppression;
import io.github.cameldeliverability.mail.SuppressionChange;
import io.github.cameldeliverability.mail.SuppressionKind;
import java.time.Instant;

/**
 * What a sink is told about one address.
 *
 * @param list the suppression list
 * @param sequence the number of the change within its list
 * @param reason the verdict's reason, empty if there is none
 * @param evidence for people; may be empty
 * @param removed whether the entry is gone: a sink then leaves the address as it is
 */
public record CrmEvent(
        String list,
        long sequence,
        EmailAddress address,
        SuppressionKind kind,
        String reason,
        String evidence,
        String scope,
        String source,
        Instant at,
        boolean removed) {

    public static CrmEvent of(SuppressionChange change) {
        Suppression s = change.suppression();
        return new CrmEvent(
                s.list(),
                change.sequence(),
                s.address(),
                s.kind(),
                s.reason().map(Reason::id).orElse(""),
                s.evidence(),
                s.scope(),
                s.source(),
                change.at(),
                change.operation() == SuppressionChange.Operation.REMOVED);
    }

    /** The key by which the change is known in dead letters. */
    public String idempotencyKey() {
        return list + "-" + sequence;
    }

    /** The address as systems compare it. */
    public String key() {
        return address.key();
    }
}
