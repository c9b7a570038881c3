package io.github.cameldeliverability.feedback.report;

/** Fuzz target: the JSON of a TLS report. */
public final class TlsReportFuzz {

    private TlsReportFuzz() {}

    public static void fuzzerTestOneInput(byte[] octets) {
        try {
            TlsJson.read(octets);
        } catch (UnreadableReport e) {
            if (e.getMessage() == null || e.getMessage().isBlank()) {
                throw new AssertionError("a refusal without words", e);
            }
        }
    }
}
