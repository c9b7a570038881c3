package io.github.cameldeliverability.mx;

import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/** Whether mail can be taken or events can be had, from remembered state. Trouble of remote hosts is never down. */
final class MxHealthCheck extends AbstractHealthCheck {

    private final String stream;
    private final Supplier<Optional<String>> unhealthyReason;

    private MxHealthCheck(String id, String stream, Supplier<Optional<String>> unhealthyReason) {
        super("camel", id);
        this.stream = stream;
        this.unhealthyReason = unhealthyReason;
    }

    /** @param unhealthyReason without I/O */
    static HealthCheck of(String id, String stream, Supplier<Optional<String>> unhealthyReason) {
        return new MxHealthCheck(id, stream, unhealthyReason);
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        builder.detail("mx.stream", stream);
        Optional<String> reason = unhealthyReason.get();
        if (reason.isPresent()) {
            builder.message(reason.get()).down();
        } else {
            builder.up();
        }
    }
}
