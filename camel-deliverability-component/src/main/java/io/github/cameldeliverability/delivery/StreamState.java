package io.github.cameldeliverability.delivery;

import io.github.cameldeliverability.mail.StreamConfig;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A stream and what the engine knows of it at the moment. */
final class StreamState {

    volatile StreamConfig config;
    /** The stream's own retry policy; empty leaves it to the engine's. */
    volatile Optional<RetryPolicy> retries = Optional.empty();
    /** Recipient domains whose lanes have as much as they may hold in memory; for readers on any thread. */
    volatile Set<String> crowdedDomains = Set.of();

    /** Beside which others it stands. */
    volatile Standing standing;

    /** Whether the engine has given it up. */
    volatile boolean removed;

    Claimer claimer;

    StreamState(StreamConfig config) {
        this.config = config;
        this.standing = Standing.of(config, List.of(config));
    }

    String name() {
        return config.name();
    }
}
