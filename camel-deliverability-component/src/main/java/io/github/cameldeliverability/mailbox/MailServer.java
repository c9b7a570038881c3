package io.github.cameldeliverability.mailbox;

import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Store;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.Optional;
import java.util.Properties;
import org.apache.camel.CamelContext;

/** Opens connections to the mail server and logs in. Thread-safe. */
final class MailServer {

    private final String host;
    private final int port;
    private final MailboxConfiguration configuration;
    private final Optional<OAuthTokens> tokens;
    private final Session session;

    MailServer(MailboxEndpoint endpoint, Optional<OAuthTokens> tokens) throws GeneralSecurityException, IOException {
        this.host = endpoint.getHost();
        this.port = endpoint.effectivePort();
        this.configuration = endpoint.getConfiguration();
        this.tokens = tokens;
        // Not the shared default session: others' properties are none of ours.
        this.session = Session.getInstance(properties(endpoint.getCamelContext()));
    }

    MailboxConfiguration configuration() {
        return configuration;
    }

    /**
     * Blocking: a connection that is logged in.
     *
     * @throws AuthenticationFailedException in words that say what to do
     */
    Store connect() throws MessagingException, IOException {
        if (tokens.isEmpty()) {
            return connect(configuration.getPassword());
        }
        try {
            return connect(tokens.get().current());
        } catch (AuthenticationFailedException e) {
            // The provider may have withdrawn a token before its time: one fresh one is tried.
            tokens.get().discard();
            return connect(tokens.get().current());
        }
    }

    private Store connect(String secret) throws MessagingException {
        Store store = session.getStore(configuration.getProtocol().id());
        try {
            store.connect(host, port, configuration.getUsername(), secret);
            return store;
        } catch (AuthenticationFailedException e) {
            String options = tokens.isPresent()
                    ? "the oauth2 options and the application's permissions"
                    : "username and password";
            throw new AuthenticationFailedException(
                    "the server refuses the login: " + said(e) + "; check " + options, e);
        }
    }

    private static String said(MessagingException e) {
        return e.getMessage() == null || e.getMessage().isBlank() ? "it does not say why" : e.getMessage();
    }

    private Properties properties(CamelContext context) throws GeneralSecurityException, IOException {
        String p = "mail." + configuration.getProtocol().id() + ".";
        Properties properties = new Properties();
        properties.setProperty(p + "connectiontimeout", Long.toString(configuration.getConnectTimeout()));
        properties.setProperty(p + "timeout", Long.toString(configuration.getTimeout()));
        properties.setProperty(p + "writetimeout", Long.toString(configuration.getTimeout()));
        // RFC 8314 5.3, RFC 9051 11.2: the certificate must be the server's.
        properties.setProperty(p + "ssl.checkserveridentity", "true");
        if (configuration.isStartTls()) {
            properties.setProperty(p + "starttls.enable", "true");
            properties.setProperty(p + "starttls.required", "true");
        }
        if (tokens.isPresent()) {
            properties.setProperty(p + "auth.mechanisms", "XOAUTH2");
            // Some POP3 servers want the token in a second line.
            if (configuration.getProtocol().isPop3()) {
                properties.setProperty(p + "auth.xoauth2.two.line.authentication.format", "true");
            }
        }
        if (configuration.getSslContextParameters() != null) {
            properties.put(
                    p + "ssl.socketFactory",
                    configuration
                            .getSslContextParameters()
                            .createSSLContext(context)
                            .getSocketFactory());
        }
        return properties;
    }
}
