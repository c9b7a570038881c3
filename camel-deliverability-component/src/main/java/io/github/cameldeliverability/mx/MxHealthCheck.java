package io.github.cameldeliverability.mx;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/** Whether mail can be taken or events can be had, from remembered state. Trouble of remote hosts is never down. */
final class MxHealthCheck extends AbstractHealthCheck {

    private static final int MOST_SHOWN = 10;

    private final String stream;
    private final Supplier<Optional<String>> unhealthyReason;

    private final Supplier<List<String>> trouble;

    private MxHealthCheck(
            String id, String stream, Supplier<Optional<String>> unhealthyReason, Supplier<List<String>> trouble) {
        super("camel", id);
        this.stream = stream;
        this.unhealthyReason = unhealthyReason;
        this.trouble = trouble;
    }

    /** @param unhealthyReason without I/O */
    static HealthCheck of(String id, String stream, Supplier<Optional<String>> unhealthyReason) {
        return of(id, stream, unhealthyReason, List::of);
    }

    /**
     * @param unhealthyReason without I/O
     * @param trouble what holds mail back, for people: it is shown and does not make the check fail, for to start the
     *     application anew would not help
     */
    static HealthCheck of(
            String id, String stream, Supplier<Optional<String>> unhealthyReason, Supplier<List<String>> trouble) {
        return new MxHealthCheck(id, stream, unhealthyReason, trouble);
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        builder.detail("mx.stream", stream);
        List<String> effects = trouble.get();
        for (int i = 0; i < Math.min(effects.size(), MOST_SHOWN); i++) {
            builder.detail("mx.effect." + (i + 1), effects.get(i));
        }
        if (!effects.isEmpty()) {
            builder.detail("mx.effects", effects.size());
            builder.message("mail is held back or slowed down: " + effects.get(0));
        }
        Optional<String> reason = unhealthyReason.get();
        if (reason.isPresent()) {
            builder.message(reason.get()).down();
        } else {
            builder.up();
        }
    }
}
