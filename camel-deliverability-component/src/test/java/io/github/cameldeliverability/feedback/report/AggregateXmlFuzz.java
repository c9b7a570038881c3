package io.github.cameldeliverability.feedback.report;

/** Fuzz target: the XML of a DMARC aggregate report, unpacked. */
public final class AggregateXmlFuzz {

    private AggregateXmlFuzz() {}

    public static void fuzzerTestOneInput(byte[] octets) {
        try {
            AggregateXml.read(octets, ReportLimits.DEFAULT);
        } catch (UnreadableReport e) {
            if (e.getMessage() == null || e.getMessage().isBlank()) {
                throw new AssertionError("a refusal without words", e);
            }
        }
    }
}
