package io.github.cameldeliverability.feedback.report;

import java.util.Objects;

/**
 * Something that should have held a report and could not be read.
 *
 * @param where the file or attachment, as far as it has a name
 * @param what is wrong with it, for people
 */
public record ReportFault(String where, String what) {

    public ReportFault {
        Objects.requireNonNull(where, "where");
        Objects.requireNonNull(what, "what");
    }

    @Override
    public String toString() {
        return where.isEmpty() ? what : where + ": " + what;
    }
}
