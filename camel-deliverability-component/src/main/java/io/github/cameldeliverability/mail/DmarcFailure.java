package io.github.cameldeliverability.mail;

import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * A report on one message that failed authentication (RFC 6591, RFC 7489 7.3). Immutable.
 *
 * @param fields of the report as stated
 * @param originalMessageId Message-ID of the message, where the report carries it
 * @param originalSubject its subject
 * @param originalFrom its From field
 */
public record DmarcFailure(
        ReportFields fields,
        Optional<String> originalMessageId,
        Optional<String> originalSubject,
        Optional<String> originalFrom)
        implements MailReport {

    public DmarcFailure {
        Objects.requireNonNull(fields, "fields");
    }

    @Override
    public String kind() {
        return "dmarc-failure";
    }

    @Override
    public Optional<String> reporter() {
        return fields.first("reporting-mta").or(() -> fields.first("user-agent"));
    }

    @Override
    public Optional<String> domain() {
        return fields.first("reported-domain");
    }

    /** What failed, in lower case: adsp, bodyhash, revoked, signature, spf or dmarc (RFC 6591 3.3, RFC 7489 7.3.1). */
    public Optional<String> authFailure() {
        return fields.first("auth-failure").map(t -> t.toLowerCase(Locale.ROOT));
    }

    /** Which mechanism was not aligned: none, spf, dkim or both (RFC 7489 7.3.1). */
    public Optional<String> identityAlignment() {
        return fields.first("identity-alignment");
    }

    /** What became of the message: delivered, spam, policy, reject, other (RFC 6591 3.2.2). */
    public Optional<String> deliveryResult() {
        return fields.first("delivery-result");
    }
}
