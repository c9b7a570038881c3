package io.github.cameldeliverability.mx;

import io.github.cameldeliverability.delivery.DeliveryEngine;
import io.github.cameldeliverability.delivery.RetryPolicy;
import io.github.cameldeliverability.mail.Lane;
import io.github.cameldeliverability.mail.Smarthost;
import io.github.cameldeliverability.mail.StreamConfig;
import io.github.cameldeliverability.shaping.AdaptiveShaper;
import io.github.cameldeliverability.shaping.Explanation;
import io.github.cameldeliverability.shaping.LimitBook;
import io.github.cameldeliverability.shaping.LimitFile;
import io.github.cameldeliverability.shaping.LimitSettings;
import io.github.cameldeliverability.shaping.StreamFacts;
import io.github.cameldeliverability.shaping.WarmupStatus;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings options and the file of limits to the shaper and the retries, and follows the file. Thread-safe. */
final class MxLimits {

    private static final Logger LOG = LoggerFactory.getLogger(MxLimits.class);
    private static final long LOOK_SECONDS = 5;
    private static final long TICK_SECONDS = 60;

    private final Optional<LimitsSource> source;
    private final AdaptiveShaper shaper;
    private final DeliveryEngine engine;
    private final Map<String, Optional<String>> retryOptions = new ConcurrentHashMap<>();

    MxLimits(Optional<LimitsSource> source, AdaptiveShaper shaper, DeliveryEngine engine) {
        this.source = source;
        this.shaper = shaper;
        this.engine = engine;
    }

    /** @param timer ends with the engine */
    void follow(ScheduledExecutorService timer) {
        source.ifPresent(s -> {
            var unused = timer.scheduleWithFixedDelay(
                    () -> guarded(this::look), LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
        });
        var unused =
                timer.scheduleWithFixedDelay(() -> guarded(this::tick), TICK_SECONDS, TICK_SECONDS, TimeUnit.SECONDS);
    }

    void tick() {
        // Failures are logged where they happen and made good by the next one.
        var unused = shaper.tick();
    }

    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            // A task that throws would never be run again.
            LOG.error("event=limits-task-failed", e);
        }
    }

    private void look() {
        source.flatMap(LimitsSource::changed).ifPresent(book -> {
            try {
                Map<String, RetryPolicy> policies = new LinkedHashMap<>();
                retryOptions.forEach((stream, option) -> policies.put(stream, retries(book, stream, option)));
                shaper.use(book);
                policies.forEach((stream, policy) -> engine.retry(stream, Optional.of(policy)));
                engine.limitsChanged();
            } catch (IllegalArgumentException e) {
                LOG.error("event=limits-not-reloaded reason=\"{}\": the limits in force stay", e.getMessage());
            }
        });
    }

    /**
     * Takes up the options of a stream.
     *
     * @return when its mail is tried again
     * @throws IllegalArgumentException naming the option, or file, line and key
     */
    RetryPolicy start(StreamConfig stream, MailEngine.StreamLimits limits) {
        LimitSettings own = LimitSettings.NONE;
        if (limits.maxConnections() > 0) {
            own = own.withConnections(limits.maxConnections());
        }
        if (limits.messagesPerSecond() > 0) {
            own = own.withMessagesPerSecond(limits.messagesPerSecond());
        }
        if (limits.dailyCap() > 0) {
            own = own.withDailyCap(limits.dailyCap());
        }
        RetryPolicy retries = retries(shaper.book(), stream.name(), limits.retrySchedule());
        try {
            shaper.describeStream(
                    stream.name(),
                    new StreamFacts(
                            own,
                            stream.signers().stream()
                                    .flatMap(s -> s.domain().stream())
                                    .map(d -> d.toLowerCase(Locale.ROOT))
                                    .collect(Collectors.toSet()),
                            stream.smarthost().map(Smarthost::host),
                            stream.smarthost().flatMap(Smarthost::login).map(Smarthost.Login::username),
                            limits.smarthostQuota()));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("Stream " + stream.name() + ": smarthostQuota: " + e.getMessage(), e);
        }
        retryOptions.put(stream.name(), limits.retrySchedule());
        return retries;
    }

    private static RetryPolicy retries(LimitBook book, String stream, Optional<String> option) {
        RetryPolicy policy = RetryPolicy.defaults();
        for (String key : List.of("", stream)) {
            Map<String, LimitFile.Place> schedules = book.retries().getOrDefault(key, Map.of());
            for (Map.Entry<String, LimitFile.Place> e : schedules.entrySet()) {
                try {
                    policy = policy.with(Map.of(e.getKey(), e.getValue().text()));
                } catch (IllegalArgumentException bad) {
                    throw new IllegalArgumentException(e.getValue().at() + ": " + bad.getMessage(), bad);
                }
            }
        }
        if (option.isEmpty()) {
            return policy;
        }
        try {
            return policy.withAll(option.get());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("Stream " + stream + ": retrySchedule: " + e.getMessage(), e);
        }
    }

    List<String> explain(Lane lane) {
        return shaper.explain(lane).stream().map(Explanation::toString).toList();
    }

    List<String> warmups() {
        return shaper.warmups().stream().map(WarmupStatus::toString).toList();
    }

    /** Blocking: writes down what is to be remembered. */
    void close() {
        try {
            shaper.close().toCompletableFuture().get(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("event=limits-not-saved reason=\"{}\": what was reserved of caps stays reserved", e.toString());
        }
    }
}
