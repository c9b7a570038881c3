package io.github.cameldeliverability.smtp;

/**
 * Hears the dialogue of SMTP sessions, for diagnosis. Content is never told, only its size.
 *
 * <p>Called on the connector's callback executor; lines of one session come one at a time and in their order, sessions
 * come in parallel. Exceptions are ignored.
 */
@FunctionalInterface
public interface SmtpTranscript {

    /** Who said a line. */
    enum Speaker {
        CLIENT,
        SERVER,
        /** Neither: we note something, such as the TLS version or why the connection ended. */
        NOTE
    }

    /**
     * @param peer the session, {@code name [address]:port}
     * @param line without its line end; control characters of the server are replaced
     */
    void line(String peer, Speaker speaker, String line);
}
