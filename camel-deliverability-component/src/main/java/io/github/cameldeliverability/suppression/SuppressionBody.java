package io.github.cameldeliverability.suppression;

/** What the consumer puts into the body. */
public enum SuppressionBody {
    /** {@link io.github.cameldeliverability.mail.SuppressionChange} objects. */
    OBJECT,
    /** A JSON object as text; with {@code batch=true} a JSON array. */
    JSON
}
