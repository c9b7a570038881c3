package io.github.cameldeliverability.feedback.report;

import io.github.cameldeliverability.mail.MailReport;
import java.util.List;
import java.util.Optional;

/**
 * What a file or a mail holds. At least one of the lists has an entry. Immutable.
 *
 * @param reports in the order found; a mail may have several attachments, a packed file several entries
 * @param faults what could not be read
 */
public record ReadReports(List<MailReport> reports, List<ReportFault> faults) {

    public ReadReports {
        reports = List.copyOf(reports);
        faults = List.copyOf(faults);
    }

    public Optional<MailReport> first() {
        return reports.stream().findFirst();
    }
}
