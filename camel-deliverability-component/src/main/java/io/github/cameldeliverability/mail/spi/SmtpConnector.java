package io.github.cameldeliverability.mail.spi;

import io.github.cameldeliverability.mail.Smarthost;
import io.github.cameldeliverability.mail.SmtpPhase;
import io.github.cameldeliverability.mail.SmtpReply;
import java.net.InetAddress;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import javax.net.ssl.X509TrustManager;

/** Opens SMTP sessions. Thread-safe. */
public interface SmtpConnector {

    /**
     * Connects, reads the greeting, says EHLO (HELO where EHLO is not understood) and takes TLS up as the policy asks.
     * Never fails: whatever goes wrong is a {@link ConnectResult.Failed}.
     */
    CompletionStage<ConnectResult> connect(Target target);

    /**
     * @param hostName the MX host's name, for SNI, name checks and records
     * @param address where it is
     * @param port usually 25
     * @param localAddress the source address to bind, if one is configured
     * @param ehloName our own name (RFC 5321 4.1.1.1)
     * @param tls what is asked of the session
     * @param timeouts how long each step may take
     * @param trust decides alone about the certificate under {@link TlsPolicy#VERIFY}, its names included, instead of the
     *     trust store: for DANE (RFC 7672). Empty means the trust store and the host's name
     * @param smarthost the smarthost that this is, with its protocol and login; empty for a mail host
     */
    record Target(
            String hostName,
            InetAddress address,
            int port,
            Optional<InetAddress> localAddress,
            String ehloName,
            TlsPolicy tls,
            SmtpTimeouts timeouts,
            Optional<X509TrustManager> trust,
            Optional<Smarthost> smarthost) {
        /** A mail host, trusted as usual. */
        public Target(
                String hostName,
                InetAddress address,
                int port,
                Optional<InetAddress> localAddress,
                String ehloName,
                TlsPolicy tls,
                SmtpTimeouts timeouts) {
            this(hostName, address, port, localAddress, ehloName, tls, timeouts, Optional.empty(), Optional.empty());
        }

        /** A mail host. */
        public Target(
                String hostName,
                InetAddress address,
                int port,
                Optional<InetAddress> localAddress,
                String ehloName,
                TlsPolicy tls,
                SmtpTimeouts timeouts,
                Optional<X509TrustManager> trust) {
            this(hostName, address, port, localAddress, ehloName, tls, timeouts, trust, Optional.empty());
        }

        /** Whether the server speaks a protocol that only smarthosts speak. */
        public boolean speaks(Smarthost.Protocol protocol) {
            return smarthost.filter(s -> s.protocol() == protocol).isPresent();
        }

        public Target {
            Objects.requireNonNull(hostName, "hostName");
            Objects.requireNonNull(address, "address");
            Objects.requireNonNull(ehloName, "ehloName");
            Objects.requireNonNull(trust, "trust");
            Objects.requireNonNull(smarthost, "smarthost");
        }
    }

    sealed interface ConnectResult {
        /** A session that is ready for a transaction. */
        record Connected(SmtpSession session) implements ConnectResult {}

        /**
         * No session.
         *
         * @param reply what the server said, or a synthetic reply such as {@code 421 4.4.1}
         * @param phase where it failed
         * @param tlsFault whether the TLS handshake is to blame, so that a caller may go on in clear where its policy is
         *     opportunistic
         */
        record Failed(SmtpReply reply, SmtpPhase phase, boolean tlsFault) implements ConnectResult {}
    }
}
