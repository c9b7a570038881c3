package io.github.cameldeliverability.suppression;

import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/** Down while a consumer is further behind than its option {@code maxLag} allows. From remembered state. */
final class FeedLagCheck extends AbstractHealthCheck {

    private final String list;
    private final String consumer;
    private final long maxLag;
    private final FeedWatch watch;

    FeedLagCheck(String id, String list, String consumer, long maxLag, FeedWatch watch) {
        super("camel", id);
        this.list = list;
        this.consumer = consumer;
        this.maxLag = maxLag;
        this.watch = watch;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        builder.detail("suppression.list", list);
        builder.detail("suppression.consumer", consumer);
        builder.detail("suppression.lag", watch.changes());
        if (watch.changes() > maxLag) {
            builder.message("consumer " + consumer + " of list " + list + " is " + watch.changes()
                            + " changes behind, maxLag is " + maxLag)
                    .down();
        } else {
            builder.up();
        }
    }
}
