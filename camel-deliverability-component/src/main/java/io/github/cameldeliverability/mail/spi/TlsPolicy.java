package io.github.cameldeliverability.mail.spi;

/** What a stream asks of the sessions that carry its mail. */
public enum TlsPolicy {
    /** Never STARTTLS. */
    NONE,
    /** STARTTLS when offered, any certificate; in clear otherwise (RFC 7435). */
    OPPORTUNISTIC,
    /** TLS or nothing, any certificate. */
    ENCRYPT,
    /** TLS with a certificate that is trusted and names the host, or nothing. */
    VERIFY
}
