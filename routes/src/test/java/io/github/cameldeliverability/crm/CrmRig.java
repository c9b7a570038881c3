package io.github.cameldeliverability.crm;

import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.Reason;
import io.github.cameldeliverability.mail.Suppression;
import io.github.cameldeliverability.mail.SuppressionChange;
import io.github.cameldeliverability.mail.SuppressionChange.Operation;
import io.github.cameldeliverability.mail.SuppressionKind;
import io.github.cameldeliverability.suppression.SuppressionConstants;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;

/** A sink of a system, as its kamelet, with its state in a folder; it can be stopped and started again on the same state. */
final class CrmRig implements AutoCloseable {

    private final String system;
    private final Path folder;
    private final Map<String, Object> parameters = new HashMap<>();
    private final List<String> dead = new ArrayList<>();
    private CamelContext context;
    private long sequence;

    CrmRig(String system, Path folder, Map<String, Object> parameters) {
        this.system = system;
        this.folder = folder;
        this.parameters.put("state", folder.resolve("crm.db").toString());
        this.parameters.put("deadLetters", "direct:dead");
        this.parameters.putAll(parameters);
    }

    CrmRig with(String parameter, Object value) {
        parameters.put(parameter, value);
        return this;
    }

    CrmRig start() throws Exception {
        context = new DefaultCamelContext();
        StringBuilder uri = new StringBuilder("kamelet:suppression-" + system + "-sink");
        List<String> query = new ArrayList<>();
        parameters.forEach((k, v) -> query.add(k + "=RAW(" + v + ")"));
        uri.append(query.isEmpty() ? "" : "?" + String.join("&", query));
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from("direct:push").to(uri.toString());
                from("direct:dead")
                        .process((Processor) e -> dead.add(e.getMessage().getBody(String.class)));
            }
        });
        context.start();
        return this;
    }

    /** Pushes changes as one batch. Returns the exchange, with its exception if it failed. */
    Exchange push(SuppressionChange... changes) {
        return push(Arrays.asList(changes));
    }

    Exchange push(List<SuppressionChange> changes) {
        return context.createProducerTemplate()
                .send("direct:push", e -> e.getMessage().setBody(changes.size() == 1 ? changes.get(0) : changes));
    }

    SuppressionChange change(String address, SuppressionKind kind) {
        return change(++sequence, address, kind, Operation.ADDED, Suppression.GLOBAL);
    }

    SuppressionChange change(long number, String address, SuppressionKind kind, Operation operation, String scope) {
        sequence = Math.max(sequence, number);
        return new SuppressionChange(
                number,
                operation,
                new Suppression(
                        "default",
                        scope,
                        EmailAddress.parse(address),
                        kind,
                        kind == SuppressionKind.BOUNCE ? Optional.of(Reason.USERUNKNOWN) : Optional.empty(),
                        "550 5.1.1 it's \"gone\"",
                        Optional.empty(),
                        "test",
                        Instant.parse("2026-03-01T12:00:00Z"),
                        Optional.empty()),
                Instant.parse("2026-03-01T12:00:00Z"));
    }

    static int done(Exchange e) {
        return e.getMessage().getHeader(CrmSink.DONE, Integer.class);
    }

    static int unchanged(Exchange e) {
        return e.getMessage().getHeader(CrmSink.UNCHANGED, Integer.class);
    }

    static int dead(Exchange e) {
        return e.getMessage().getHeader(CrmSink.DEAD, Integer.class);
    }

    static long retryDelay(Exchange e) {
        return e.getMessage().getHeader(SuppressionConstants.RETRY_DELAY, -1L, Long.class);
    }

    /** The dead letters, as JSON. */
    List<String> deadLetters() {
        return dead;
    }

    Path folder() {
        return folder;
    }

    CamelContext context() {
        return context;
    }

    @Override
    public void close() {
        if (context != null) {
            context.stop();
        }
    }
}
