package io.github.cameldeliverability.mx;

import io.github.cameldeliverability.mail.spi.Mailer;
import io.github.cameldeliverability.mail.spi.Store;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.camel.Endpoint;
import org.apache.camel.util.URISupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The streams of one component and the engine that delivers them. An endpoint joins when it starts; the first producer
 * of a stream fixes its options and begins the delivery, which goes on until no endpoint of the stream is left or the
 * component stops. Thread-safe; starting and stopping block.
 */
final class MxStreams {

    private static final Logger LOG = LoggerFactory.getLogger(MxStreams.class);

    /** Camel masks the secrets that it knows by name; these are ours. */
    private static final Pattern KEYS =
            Pattern.compile("(dkimKey|dkimSigners|smarthostPassword)=(RAW\\([^)]*\\)|RAW\\{[^}]*}|[^&]*)");

    private final MxComponent component;
    private final Map<String, Stream> streams = new LinkedHashMap<>();
    private Optional<Engine> engine = Optional.empty();

    private record Engine(MailEngine engine, Store store) {}

    private static final class Stream {
        final Set<MxEndpoint> endpoints = new LinkedHashSet<>();
        /** The options in force, once the stream delivers. */
        Optional<MxConfiguration> running = Optional.empty();

        Optional<FallbackPump> fallback = Optional.empty();

        void stopFallback() {
            fallback.ifPresent(FallbackPump::stop);
            fallback = Optional.empty();
        }
    }

    MxStreams(MxComponent component) {
        this.component = component;
    }

    /** @throws IllegalArgumentException if another endpoint of the stream states another value for an option */
    synchronized void join(MxEndpoint endpoint) {
        Stream stream = streams.computeIfAbsent(endpoint.getStream(), s -> new Stream());
        for (MxEndpoint other : stream.endpoints) {
            checkAgree(endpoint, other);
        }
        stream.running.ifPresent(running -> checkRunning(endpoint, running));
        stream.endpoints.add(endpoint);
    }

    synchronized void leave(MxEndpoint endpoint) {
        Stream stream = streams.get(endpoint.getStream());
        if (stream == null || !stream.endpoints.remove(endpoint) || !stream.endpoints.isEmpty()) {
            return;
        }
        streams.remove(endpoint.getStream());
        stream.stopFallback();
        if (stream.running.isPresent()) {
            if (streams.values().stream().noneMatch(s -> s.running.isPresent())) {
                closeEngine();
            } else {
                engine.ifPresent(e -> e.engine().stop(endpoint.getStream()));
            }
        }
    }

    /** Begins to deliver the endpoint's stream, if nobody did; gives the options in force. */
    synchronized MxConfiguration open(MxEndpoint endpoint) throws Exception {
        String name = endpoint.getStream();
        Stream stream = streams.get(name);
        if (stream == null) {
            throw new IllegalStateException("The endpoint is not started: " + endpoint);
        }
        if (stream.running.isEmpty()) {
            MxConfiguration effective = effective(stream);
            FallbackSettings.checkQueued(endpoint, effective);
            Optional<Endpoint> fallback = FallbackSettings.target(name, this::fallbackOf, component);
            boolean first = engine.isEmpty();
            try {
                if (first) {
                    engine = Optional.of(openEngine());
                }
                MailEngine mail = engine.orElseThrow().engine();
                mail.start(
                        StreamSettings.of(name, effective, mail, component.getCamelContext()),
                        new MailEngine.StreamLimits(
                                effective.getMaxConnections(),
                                effective.getMessageRate(),
                                effective.getDailyCap(),
                                stated(effective.getRetrySchedule()),
                                stated(effective.getSmarthostQuota())));
            } catch (Exception e) {
                if (first) {
                    closeEngine();
                }
                throw e;
            }
            if (effective.isAllowPrivateAddresses()) {
                LOG.warn(
                        "stream={} allowPrivateAddresses=true: anybody's MX record can point this stream into our own"
                                + " network; for tests and closed networks only",
                        name);
            }
            stream.running = Optional.of(effective);
            if (fallback.isPresent()) {
                openFallback(name, stream, fallback.get());
            } else {
                FallbackSettings.warnOfLeftOver(name, engine.orElseThrow().store());
            }
        }
        FallbackSettings.checkQueued(endpoint, stream.running.orElseThrow());
        return stream.running.orElseThrow();
    }

    private void openFallback(String name, Stream stream, Endpoint target) throws Exception {
        if (target instanceof MxEndpoint mx && mx.getComponent() == component) {
            // What it has in its queue goes on with this start, whether something falls back or not.
            open(mx);
        }
        Engine e = engine.orElseThrow();
        stream.fallback = Optional.of(new FallbackPump(
                component.getCamelContext(),
                target,
                name,
                Duration.ofMillis(stream.running.orElseThrow().getMaxAge()),
                e.store(),
                Clock.systemUTC(),
                e.engine()::tellSender,
                component.engineSettings().listener()));
    }

    /** What all endpoints of the stream state together. */
    private MxConfiguration effective(Stream stream) {
        MxConfiguration effective = component.getConfiguration().copy();
        for (MxEndpoint e : stream.endpoints) {
            for (StreamOption<?> option : StreamOption.ALL) {
                if (states(e, option)) {
                    option.copy(e.getConfiguration(), effective);
                }
            }
        }
        return effective;
    }

    private Optional<String> fallbackOf(String name) {
        Stream stream = streams.get(name);
        return stream == null
                ? Optional.empty()
                : stated(stream.running.orElseGet(() -> effective(stream)).getFallback());
    }

    private static Optional<String> stated(String option) {
        return Optional.ofNullable(option).map(String::strip).filter(s -> !s.isEmpty());
    }

    /** The engine, while a stream delivers. */
    synchronized Optional<MailEngine> engine() {
        return engine.map(Engine::engine);
    }

    synchronized Mailer mailer() {
        return engine.orElseThrow(() -> new IllegalStateException("The mx component delivers no stream"))
                .engine()
                .mailer();
    }

    synchronized Optional<String> unhealthyReason() {
        return engine.isEmpty()
                ? Optional.of("the mx component delivers no stream")
                : engine.get().store().unhealthyReason().or(() -> engine.get()
                        .engine()
                        .unhealthyReason());
    }

    /** What holds the stream's mail back beside its limits, a line each. */
    synchronized List<String> trouble(String stream) {
        List<String> trouble =
                new ArrayList<>(engine.map(e -> e.engine().trouble(stream)).orElse(List.of()));
        Optional.ofNullable(streams.get(stream))
                .flatMap(s -> s.fallback)
                .flatMap(FallbackPump::trouble)
                .ifPresent(trouble::add);
        return trouble;
    }

    synchronized void close() {
        streams.values().forEach(Stream::stopFallback);
        streams.clear();
        closeEngine();
    }

    private Engine openEngine() throws Exception {
        SharedStores stores = SharedStores.of(component.getCamelContext());
        Store store = stores.acquire(component.getStore());
        try {
            return new Engine(
                    component.engineFactory().open(component.getCamelContext(), component.engineSettings(), store),
                    store);
        } catch (Exception e) {
            stores.release(store);
            throw e;
        }
    }

    private void closeEngine() {
        Optional<Engine> closing = engine;
        engine = Optional.empty();
        closing.ifPresent(e -> {
            try {
                e.engine().close();
            } finally {
                SharedStores.of(component.getCamelContext()).release(e.store());
            }
        });
    }

    private boolean states(MxEndpoint endpoint, StreamOption<?> option) {
        return endpoint.isStated(option.name())
                || option.differs(endpoint.getConfiguration(), component.getConfiguration());
    }

    private void checkAgree(MxEndpoint one, MxEndpoint other) {
        for (StreamOption<?> option : StreamOption.ALL) {
            if (states(one, option)
                    && states(other, option)
                    && option.differs(one.getConfiguration(), other.getConfiguration())) {
                throw new IllegalArgumentException(
                        "Two endpoints of the stream " + one.getStream() + " state different "
                                + option.name() + ": " + uri(other) + " and " + uri(one)
                                + "; it is an option of the stream: state it once, or alike");
            }
        }
    }

    private void checkRunning(MxEndpoint endpoint, MxConfiguration running) {
        for (StreamOption<?> option : StreamOption.ALL) {
            if (states(endpoint, option) && option.differs(endpoint.getConfiguration(), running)) {
                throw new IllegalArgumentException("The stream " + endpoint.getStream() + " runs already with another "
                        + option.name() + " than " + uri(endpoint)
                        + " states; state it at the endpoint that starts first: "
                        + uri(streams.get(endpoint.getStream())
                                .endpoints
                                .iterator()
                                .next()));
            }
        }
    }

    private static String uri(MxEndpoint endpoint) {
        return KEYS.matcher(URISupport.sanitizeUri(endpoint.getEndpointUri())).replaceAll("$1=xxxxxx");
    }
}
