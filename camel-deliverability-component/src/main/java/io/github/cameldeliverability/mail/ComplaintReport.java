package io.github.cameldeliverability.mail;

import java.util.Objects;
import java.util.Optional;

/**
 * A report of a feedback loop on one message (RFC 5965): the fields as stated. Whom it stops from being mailed is told by
 * the {@link Feedback} of the same mail. Immutable.
 *
 * @param fields of the report as stated
 * @param originalMessageId Message-ID of the message complained about, where the report carries it
 * @param originalSubject its subject
 * @param originalFrom its From field
 */
public record ComplaintReport(
        ReportFields fields,
        Optional<String> originalMessageId,
        Optional<String> originalSubject,
        Optional<String> originalFrom)
        implements MailReport {

    public ComplaintReport {
        Objects.requireNonNull(fields, "fields");
    }

    @Override
    public String kind() {
        return "arf";
    }

    @Override
    public Optional<String> reporter() {
        return fields.first("reporting-mta").or(() -> fields.first("user-agent"));
    }

    @Override
    public Optional<String> domain() {
        return fields.first("reported-domain");
    }
}
