package io.github.cameldeliverability.mx;

/** What a consumer of a stream yields. */
public enum EventFeed {
    /** What became of each recipient. */
    DELIVERIES,
    /** What holds the stream's mail back, from its beginning to its end. */
    EFFECTS
}
