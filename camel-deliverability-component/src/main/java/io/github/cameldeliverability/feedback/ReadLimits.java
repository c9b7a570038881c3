package io.github.cameldeliverability.feedback;

/**
 * Bounds on the work that one mail may cause. What lies beyond a bound is not read; it is never an error.
 *
 * @param scannedBytes how much of a mail is looked at, in bytes
 * @param textBytes how much of one report part is kept, in bytes
 * @param parts MIME parts looked at
 * @param depth nesting of multiparts and messages followed
 * @param headerFields header fields kept of one header
 * @param recipients recipients reported of one mail
 */
public record ReadLimits(int scannedBytes, int textBytes, int parts, int depth, int headerFields, int recipients) {

    /** 32 MiB scanned, 256 KiB of each report part, 200 parts, 12 levels, 500 header fields, 1,000 recipients. */
    public static final ReadLimits DEFAULT = new ReadLimits(32 << 20, 256 << 10, 200, 12, 500, 1_000);

    public ReadLimits {
        if (scannedBytes < 1 || textBytes < 1 || parts < 1 || depth < 1 || headerFields < 1 || recipients < 1) {
            throw new IllegalArgumentException("every read limit must be at least 1");
        }
    }
}
