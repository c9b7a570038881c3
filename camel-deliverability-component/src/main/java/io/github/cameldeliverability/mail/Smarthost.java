package io.github.cameldeliverability.mail;

import io.github.cameldeliverability.mail.spi.TlsPolicy;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * The one server that takes all mail of a stream, instead of the recipients' mail hosts.
 *
 * @param host a name, or an address literal in brackets
 * @param port where it listens
 * @param protocol what it speaks
 * @param tls what is asked of its sessions, whatever the stream asks of mail hosts. A login is sent in clear only under
 *     {@link TlsPolicy#NONE}
 * @param login who we are, if it wants to know
 */
public record Smarthost(String host, int port, Protocol protocol, TlsPolicy tls, Optional<Login> login) {

    /** What a smarthost speaks. */
    public enum Protocol {
        /** SMTP, TLS by STARTTLS. */
        SMTP,
        /** SMTP inside TLS from the first octet (RFC 8314 3.3). */
        SMTPS,
        /** RFC 2033: a reply for each recipient after the content. */
        LMTP
    }

    /** How to log in. */
    public enum Mechanism {
        /** PLAIN where offered, otherwise LOGIN. */
        PASSWORD,
        /** OAuth 2 with a bearer token, as Google and Microsoft want it. */
        XOAUTH2
    }

    /**
     * Credentials of SMTP AUTH (RFC 4954).
     *
     * @param secret a password, or for XOAUTH2 an access token
     */
    public record Login(String username, String secret, Mechanism mechanism) {
        public Login {
            Objects.requireNonNull(username, "username");
            Objects.requireNonNull(secret, "secret");
            Objects.requireNonNull(mechanism, "mechanism");
            // RFC 4616 2: NUL ends the parts of a PLAIN response.
            if (username.isEmpty() || username.indexOf(0) >= 0 || secret.indexOf(0) >= 0) {
                throw new IllegalArgumentException("a login needs a user name, and neither it nor the secret a NUL");
            }
        }

        /** Without the secret. */
        @Override
        public String toString() {
            return "Login[" + username + ", " + mechanism + "]";
        }
    }

    public Smarthost {
        Objects.requireNonNull(host, "host");
        host = host.toLowerCase(Locale.ROOT);
        Objects.requireNonNull(protocol, "protocol");
        Objects.requireNonNull(tls, "tls");
        Objects.requireNonNull(login, "login");
        if (host.isEmpty() || port < 1 || port > 65535) {
            throw new IllegalArgumentException(
                    "a smarthost needs a host and a port from 1 to 65535: " + host + ":" + port);
        }
        if (protocol == Protocol.SMTPS && tls == TlsPolicy.NONE) {
            throw new IllegalArgumentException("smtps is TLS from the start, TLS policy NONE forbids it");
        }
    }
}
