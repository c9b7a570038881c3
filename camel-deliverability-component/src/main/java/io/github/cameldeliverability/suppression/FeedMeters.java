package io.github.cameldeliverability.suppression;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.apache.camel.CamelContext;

/** The lag of a consumer as gauges. Loaded only where Micrometer is. */
final class FeedMeters {

    private FeedMeters() {}

    /** @return removes them; does nothing if the context has no meter registry */
    static AutoCloseable register(CamelContext context, String list, String consumer, FeedWatch watch) {
        MeterRegistry registry = context.getRegistry().findSingleByType(MeterRegistry.class);
        if (registry == null) {
            return () -> {};
        }
        Gauge changes = Gauge.builder("deliverability.suppression.feed.lag", watch, FeedWatch::changes)
                .description("changes that the consumer has not handled")
                .tag("list", list)
                .tag("consumer", consumer)
                .register(registry);
        Gauge age = Gauge.builder("deliverability.suppression.feed.lag.seconds", watch, FeedWatch::seconds)
                .description("how long the first of them has been waiting")
                .tag("list", list)
                .tag("consumer", consumer)
                .register(registry);
        return () -> {
            registry.remove(changes);
            registry.remove(age);
        };
    }
}
