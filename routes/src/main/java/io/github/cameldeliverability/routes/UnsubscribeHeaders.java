package io.github.cameldeliverability.routes;

import java.util.Set;
import org.apache.camel.support.DefaultHeaderFilterStrategy;

/**
 * Which headers pass between the unsubscribe page and the browser. Camel's own filter for HTTP holds back {@code
 * Cache-Control}, without which a page that holds a token may be kept by whoever passes it on.
 */
public class UnsubscribeHeaders extends DefaultHeaderFilterStrategy {

    public UnsubscribeHeaders() {
        setLowerCase(true);
        // What the server says itself.
        setOutFilter(Set.of("content-length", "content-type", "connection", "date", "host", "transfer-encoding"));
        setOutFilterStartsWith(CAMEL_FILTER_STARTS_WITH);
        setInFilterStartsWith(CAMEL_FILTER_STARTS_WITH);
    }
}
