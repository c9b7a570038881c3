package io.github.cameldeliverability.mx;

import io.github.cameldeliverability.mail.spi.Fallbacks;
import io.github.cameldeliverability.mail.spi.Store;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.camel.Endpoint;
import org.apache.camel.util.URISupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the endpoint of the option fallback and refuses what can be seen to be wrong before any mail is taken. */
final class FallbackSettings {

    private static final Logger LOG = LoggerFactory.getLogger(FallbackSettings.class);

    private FallbackSettings() {}

    /** @throws IllegalArgumentException if the endpoint delivers without the queue, which is what keeps mail for a fallback */
    static void checkQueued(MxEndpoint endpoint, MxConfiguration stream) {
        if (endpoint.getConfiguration().getDeliveryMode() == DeliveryMode.DIRECT
                && stream.getFallback() != null
                && !stream.getFallback().isBlank()) {
            throw new IllegalArgumentException("Stream " + endpoint.getStream()
                    + ": fallback and deliveryMode=DIRECT do not go together, for a direct delivery keeps nothing that could"
                    + " be handed over: use deliveryMode=QUEUE, or another stream without fallback, or the option"
                    + " failOnBounce and the route's own onException");
        }
    }

    /**
     * @param fallbackOf the stated fallback of a stream
     * @return empty where the stream has none
     * @throws IllegalArgumentException if it does not name an endpoint, or if streams fall back to each other in a circle
     */
    static Optional<Endpoint> target(
            String stream, Function<String, Optional<String>> fallbackOf, MxComponent component) {
        Optional<Endpoint> first = Optional.empty();
        Set<String> seen = new LinkedHashSet<>();
        String at = stream;
        while (seen.add(at)) {
            Optional<String> uri = fallbackOf.apply(at);
            if (uri.isEmpty()) {
                return first;
            }
            Endpoint target = resolve(at, uri.get(), component);
            if (first.isEmpty()) {
                first = Optional.of(target);
            }
            if (!(target instanceof MxEndpoint mx) || mx.getComponent() != component) {
                return first;
            }
            at = mx.getStream();
        }
        throw new IllegalArgumentException("Stream " + stream + ": fallback goes round in a circle: "
                + String.join(" -> ", seen) + " -> " + at + "; take the option from one of these streams");
    }

    /** Mail that waits for a fallback which the stream no longer has is kept; somebody should know. */
    static void warnOfLeftOver(String stream, Store store) {
        Fallbacks kept;
        try {
            kept = store.fallbacks();
        } catch (UnsupportedOperationException e) {
            LOG.debug("stream={} the store keeps no mail for a fallback", stream, e);
            return;
        }
        var unused = kept.waiting(stream).thenAccept(waiting -> {
            if (waiting.count() > 0) {
                LOG.warn(
                        "event=fallback-missing stream={} messages={}: they failed while the stream had the option"
                                + " fallback and wait until it has it again",
                        stream,
                        waiting.count());
            }
        });
    }

    private static Endpoint resolve(String stream, String uri, MxComponent component) {
        try {
            Endpoint target = component.getCamelContext().getEndpoint(uri);
            if (target != null) {
                return target;
            }
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(
                    "Stream " + stream + ": fallback=" + URISupport.sanitizeUri(uri) + " cannot be used: "
                            + e.getMessage(),
                    e);
        }
        throw new IllegalArgumentException(
                "Stream " + stream + ": fallback=" + URISupport.sanitizeUri(uri) + ": there is no such endpoint");
    }
}
