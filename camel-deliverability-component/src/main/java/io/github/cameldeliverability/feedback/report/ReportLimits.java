package io.github.cameldeliverability.feedback.report;

/**
 * Bounds on the work and memory that one report may cause.
 *
 * @param inputBytes how much of a file or mail is looked at
 * @param unpackedBytes what may come out of all packed files in it together
 * @param ratio how many times larger than its packed form a file may become, once it is larger than 1 MiB
 * @param nesting packed files and mails inside of each other
 * @param entries of one packed file, and attachments of one mail
 * @param rows kept of one report
 */
public record ReportLimits(int inputBytes, int unpackedBytes, int ratio, int nesting, int entries, int rows) {

    /**
     * 32 MiB in, 64 MiB out, ratio 200, 4 levels, 100 entries, 200,000 rows. Large reports shrink 20 to 60 times; what
     * shrinks 200 times was made to.
     */
    public static final ReportLimits DEFAULT = new ReportLimits(32 << 20, 64 << 20, 200, 4, 100, 200_000);

    public ReportLimits {
        if (inputBytes < 1 || unpackedBytes < 1 || ratio < 1 || nesting < 1 || entries < 1 || rows < 1) {
            throw new IllegalArgumentException("every report limit must be at least 1");
        }
    }
}
