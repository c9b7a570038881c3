package io.github.cameldeliverability.routes;

import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;

/**
 * Takes the HTTP client's own retries away: it would sleep in the route for as long as a receiver's Retry-After says, and
 * repeat a request that the change feed repeats already. It follows no redirects either, which would carry a signed body to
 * somebody else.
 */
public class WebhookClient implements HttpClientConfigurer {

    @Override
    public void configureHttpClient(HttpClientBuilder builder) {
        builder.disableAutomaticRetries().disableRedirectHandling();
    }
}
