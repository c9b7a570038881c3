package io.github.cameldeliverability.deliverability;

import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;

/** Makes {@code deliverability:operation} endpoints. */
@Component("deliverability")
public class DeliverabilityComponent extends DefaultComponent {

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        if (remaining == null || remaining.isBlank()) {
            throw new IllegalArgumentException("The operation is missing, want deliverability:effects in: " + uri);
        }
        DeliverabilityEndpoint endpoint =
                new DeliverabilityEndpoint(uri, this, DeliverabilityOperation.parse(remaining));
        setProperties(endpoint, parameters);
        return endpoint;
    }
}
