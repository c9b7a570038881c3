package io.github.cameldeliverability.suppression;

/** The text forms of entries. */
public enum SuppressionFormat {
    /** A JSON object a line. */
    NDJSON,
    /** RFC 4180, with a header line. */
    CSV
}
