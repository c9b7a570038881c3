package io.github.cameldeliverability.feedback.report;

/** Fuzz target: files and mails that may hold DMARC or TLS reports, packed with zip or gzip or not. */
public final class AggregateReportFuzz {

    private static final MailReportReader READER = new MailReportReader();

    private AggregateReportFuzz() {}

    public static void fuzzerTestOneInput(byte[] octets) {
        ReadReports read = READER.read(octets);
        if (read.reports().isEmpty() && read.faults().isEmpty()) {
            throw new AssertionError("neither report nor fault");
        }
    }
}
