package io.github.cameldeliverability.mx;

/** What the body of an exchange is taken for. */
public enum MessageFormat {
    /**
     * {@link #RFC5322} if the body is a jakarta.mail message or the content type is {@code message/rfc822}, else {@link
     * #BODY}. The body's octets are never looked at: a text must not become a header section because it looks like one.
     */
    AUTO,
    /** The text (or the one part) of a message whose fields come from headers and options. */
    BODY,
    /** A whole message with its header section. */
    RFC5322
}
