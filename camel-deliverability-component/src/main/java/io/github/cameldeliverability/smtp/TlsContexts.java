package io.github.cameldeliverability.smtp;

import io.github.cameldeliverability.mail.spi.SmtpConnector.Target;
import io.github.cameldeliverability.mail.spi.TlsPolicy;
import io.netty.handler.ssl.SslHandler;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** Makes the TLS side of a connection as its policy asks. Thread-safe. */
final class TlsContexts {

    /** How long our close_notify may keep a connection from closing. */
    private static final Duration CLOSE_NOTIFY = Duration.ofMillis(500);

    private final SSLContext verify;
    private final SSLContext anyCertificate;
    private final Executor workers;

    /** @param workers does the handshakes' arithmetic and asks the trust, so that the event loop need not */
    TlsContexts(Optional<SSLContext> verifyContext, Executor workers) {
        this.workers = workers;
        try {
            verify = verifyContext.isPresent() ? verifyContext.get() : SSLContext.getDefault();
            anyCertificate = contextOf(new AnyCertificate());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime cannot set TLS up: " + e.getMessage(), e);
        }
    }

    private static SSLContext contextOf(TrustManager trust) throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {trust}, null);
        return context;
    }

    SslHandler handler(Target target) throws GeneralSecurityException {
        boolean verified = target.tls() == TlsPolicy.VERIFY;
        SSLContext context = anyCertificate;
        if (verified) {
            context = target.trust().isPresent() ? contextOf(target.trust().get()) : verify;
        }
        String hostName = target.hostName();
        String host = hostName.endsWith(".") ? hostName.substring(0, hostName.length() - 1) : hostName;
        SSLEngine engine = context.createSSLEngine(host, target.port());
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        serverName(host).ifPresent(name -> parameters.setServerNames(List.of(name)));
        // RFC 7672 3.1.1: with DANE-EE the name does not matter, so whoever brings the trust checks names as it needs.
        if (verified && target.trust().isEmpty()) {
            // RFC 7817 3 and RFC 8461 4.1: compared as RFC 6125 says, which is what the JDK calls HTTPS.
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        engine.setSSLParameters(parameters);
        SslHandler handler = new SslHandler(engine, workers);
        handler.setHandshakeTimeoutMillis(target.timeouts().command().toMillis());
        handler.setCloseNotifyFlushTimeoutMillis(CLOSE_NOTIFY.toMillis());
        return handler;
    }

    /** RFC 6066 3: names only, no addresses, no trailing dot. */
    private static Optional<SNIHostName> serverName(String host) {
        if (host.isEmpty() || host.indexOf(':') >= 0 || Character.isDigit(host.charAt(host.length() - 1))) {
            return Optional.empty();
        }
        try {
            return Optional.of(new SNIHostName(host));
        } catch (IllegalArgumentException e) {
            // A name that DNS allows and TLS does not, such as one with an underscore.
            return Optional.empty();
        }
    }

    /** RFC 7435 3: without a policy, any encryption is better than none, and an unknown certificate is no obstacle. */
    private static final class AnyCertificate extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
