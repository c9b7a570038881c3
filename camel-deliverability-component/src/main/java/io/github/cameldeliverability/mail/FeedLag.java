package io.github.cameldeliverability.mail;

import java.time.Instant;
import java.util.Optional;

/**
 * How far a consumer of a change feed is behind.
 *
 * @param changes how many it has not acknowledged
 * @param oldest when the first of them was made
 */
public record FeedLag(long changes, Optional<Instant> oldest) {

    public static final FeedLag NONE = new FeedLag(0, Optional.empty());
}
