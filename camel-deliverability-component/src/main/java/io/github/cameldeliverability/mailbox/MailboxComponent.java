package io.github.cameldeliverability.mailbox;

import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.SSLContextParametersAware;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.HealthCheckComponent;

/** Makes {@code mailbox:host:port} endpoints. */
@Component("mailbox")
public class MailboxComponent extends HealthCheckComponent implements SSLContextParametersAware {

    @Metadata
    private MailboxConfiguration configuration = new MailboxConfiguration();

    @Metadata(label = "security")
    private boolean useGlobalSslContextParameters;

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        String where = remaining.startsWith("//") ? remaining.substring(2) : remaining;
        int colon = where.lastIndexOf(':');
        // An IPv6 address stands in brackets.
        boolean port = colon > 0 && where.indexOf(']', colon) < 0;
        String host = port ? where.substring(0, colon) : where;
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        if (host.isBlank()) {
            throw new IllegalArgumentException("The mail server is missing, want mailbox:imap.example.com in: " + uri);
        }
        MailboxEndpoint endpoint = new MailboxEndpoint(uri, this, host, configuration.copy());
        if (port) {
            try {
                endpoint.setPort(Integer.parseInt(where.substring(colon + 1)));
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("Not a port: \"" + where.substring(colon + 1) + "\" in " + host, e);
            }
        }
        setProperties(endpoint, parameters);
        if (endpoint.getConfiguration().getSslContextParameters() == null) {
            endpoint.getConfiguration().setSslContextParameters(retrieveGlobalSslContextParameters());
        }
        return endpoint;
    }

    public MailboxConfiguration getConfiguration() {
        return configuration;
    }

    /**
     * The options that endpoints start from.
     */
    public void setConfiguration(MailboxConfiguration configuration) {
        this.configuration = configuration;
    }

    @Override
    public boolean isUseGlobalSslContextParameters() {
        return useGlobalSslContextParameters;
    }

    /**
     * Whether the TLS parameters of the Camel context are used.
     */
    @Override
    public void setUseGlobalSslContextParameters(boolean useGlobalSslContextParameters) {
        this.useGlobalSslContextParameters = useGlobalSslContextParameters;
    }
}
