package io.github.cameldeliverability.deliverability;

import io.github.cameldeliverability.mail.EffectKey;
import io.github.cameldeliverability.mail.Lane;
import io.github.cameldeliverability.mail.spi.EffectStore;
import io.github.cameldeliverability.mx.MxComponent;
import io.github.cameldeliverability.shaping.KillSwitch;
import io.github.cameldeliverability.suppression.OperationProducer;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.util.TimeUtils;

/** Carries out one operation an exchange. */
class DeliverabilityProducer extends OperationProducer {

    private final DeliverabilityEndpoint endpoint;
    private final Clock clock = Clock.systemUTC();
    private final SecureRandom random = new SecureRandom();

    DeliverabilityProducer(DeliverabilityEndpoint endpoint) {
        super(endpoint, "deliverability");
        this.endpoint = endpoint;
    }

    @Override
    protected boolean operate(Exchange exchange, AsyncCallback callback) throws Exception {
        Message m = exchange.getMessage();
        EffectStore effects = endpoint.opened().effects();
        String who = header(m, DeliverabilityConstants.WHO)
                .orElseGet(() -> "route "
                        + Optional.ofNullable(exchange.getFromRouteId()).orElse("without id"));
        return switch (endpoint.getOperation()) {
            case EXPLAIN -> explain(m, callback);
            case EFFECTS -> finish(effects.effects(false), exchange, callback, m::setBody);
            case CANCEL_EFFECT -> changed(effects.cancel(id(m), who), exchange, callback);
            case EXTEND_EFFECT -> changed(effects.extend(id(m), end(m), who), exchange, callback);
            case KILL ->
                finish(
                        new KillSwitch(effects, random)
                                .kill(
                                        key(m),
                                        who,
                                        header(m, DeliverabilityConstants.WHY).orElse(""),
                                        clock.instant()),
                        exchange,
                        callback,
                        kill -> {
                            m.setHeader(DeliverabilityConstants.EFFECT_ID, kill.id());
                            m.setHeader(DeliverabilityConstants.CHANGED, true);
                        });
            case REVIVE -> changed(new KillSwitch(effects, random).revive(key(m), who), exchange, callback);
        };
    }

    private boolean changed(CompletionStage<Boolean> order, Exchange exchange, AsyncCallback callback) {
        return finish(order, exchange, callback, yes -> exchange.getMessage()
                .setHeader(DeliverabilityConstants.CHANGED, yes));
    }

    private boolean explain(Message m, AsyncCallback callback) {
        String stream = stream(m).orElseThrow(() -> missing("stream", DeliverabilityConstants.STREAM));
        String provider = provider(m).orElseThrow(() -> missing("provider", DeliverabilityConstants.PROVIDER));
        String source = header(m, DeliverabilityConstants.SOURCE).orElse(Lane.DEFAULT_SOURCE);
        MxComponent mx = endpoint.getCamelContext().hasComponent("mx") instanceof MxComponent c ? c : null;
        if (mx == null) {
            throw new IllegalStateException("EXPLAIN asks the mx component of this context, and there is none");
        }
        m.setBody(mx.explain(new Lane(stream, source, provider)));
        callback.done(true);
        return true;
    }

    private EffectKey key(Message m) {
        Optional<String> stream = stream(m);
        Optional<String> provider = provider(m);
        Optional<String> tag = header(m, DeliverabilityConstants.TAG).or(() -> Optional.ofNullable(endpoint.getTag()));
        if (stream.isEmpty() && provider.isEmpty() && tag.isEmpty()) {
            throw new IllegalArgumentException(endpoint.getOperation()
                    + " needs a stream, provider or tag: options of the endpoint, or the headers "
                    + DeliverabilityConstants.STREAM + ", " + DeliverabilityConstants.PROVIDER + ", "
                    + DeliverabilityConstants.TAG);
        }
        return new EffectKey(stream, Optional.empty(), provider, Optional.empty(), tag);
    }

    private Optional<String> stream(Message m) {
        return header(m, DeliverabilityConstants.STREAM).or(() -> Optional.ofNullable(endpoint.getStream()));
    }

    private Optional<String> provider(Message m) {
        return header(m, DeliverabilityConstants.PROVIDER).or(() -> Optional.ofNullable(endpoint.getProvider()));
    }

    private static String id(Message m) {
        return header(m, DeliverabilityConstants.EFFECT_ID)
                .orElseThrow(() -> new IllegalArgumentException(
                        "The header " + DeliverabilityConstants.EFFECT_ID + " is missing: which effect?"));
    }

    private Instant end(Message m) {
        Instant until = until(m).truncatedTo(ChronoUnit.MILLIS);
        if (!until.isAfter(clock.instant())) {
            throw new IllegalArgumentException(
                    DeliverabilityConstants.UNTIL + " is past: " + until + "; CANCEL_EFFECT ends an effect");
        }
        return until;
    }

    private Instant until(Message m) {
        Object value = m.getHeader(DeliverabilityConstants.UNTIL);
        if (value instanceof Instant moment) {
            return moment;
        }
        if (value == null || value.toString().isBlank()) {
            throw new IllegalArgumentException("The header " + DeliverabilityConstants.UNTIL
                    + " is missing: a moment, or a time from now such as 2h");
        }
        String text = value.toString().strip();
        try {
            return text.endsWith("Z") && text.contains("T")
                    ? Instant.parse(text)
                    : clock.instant().plus(Duration.ofMillis(TimeUtils.toMilliSeconds(text)));
        } catch (DateTimeParseException | IllegalArgumentException | IndexOutOfBoundsException e) {
            // Camel's reader of times does not expect text without a number.
            throw new IllegalArgumentException(DeliverabilityConstants.UNTIL + " is no moment: " + text, e);
        }
    }

    private static Optional<String> header(Message m, String name) {
        return Optional.ofNullable(m.getHeader(name, String.class)).filter(v -> !v.isBlank());
    }

    private static IllegalArgumentException missing(String option, String header) {
        return new IllegalArgumentException(
                "EXPLAIN needs the " + option + ": the option " + option + ", or the header " + header);
    }
}
