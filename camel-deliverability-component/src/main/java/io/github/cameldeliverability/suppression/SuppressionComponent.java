package io.github.cameldeliverability.suppression;

import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.HealthCheckComponent;

/** Makes {@code suppression:list} endpoints. */
@Component("suppression")
public class SuppressionComponent extends HealthCheckComponent {

    @Metadata
    private SuppressionConfiguration configuration = new SuppressionConfiguration();

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        if (remaining == null || remaining.isBlank()) {
            throw new IllegalArgumentException("The name of a list is missing, want suppression:list in: " + uri);
        }
        SuppressionEndpoint endpoint = new SuppressionEndpoint(uri, this, remaining, configuration.copy());
        setProperties(endpoint, parameters);
        return endpoint;
    }

    public SuppressionConfiguration getConfiguration() {
        return configuration;
    }

    /**
     * The options that endpoints start from.
     */
    public void setConfiguration(SuppressionConfiguration configuration) {
        this.configuration = configuration;
    }
}
