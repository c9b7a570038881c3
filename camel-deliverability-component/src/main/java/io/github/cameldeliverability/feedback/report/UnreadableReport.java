package io.github.cameldeliverability.feedback.report;

/** Ends the reading of one file; the reader turns it into a {@link ReportFault}. */
final class UnreadableReport extends Exception {

    private static final long serialVersionUID = 1L;

    UnreadableReport(String what) {
        super(what, null, false, false);
    }
}
