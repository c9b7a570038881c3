package io.github.cameldeliverability.mail;

import java.util.Locale;
import java.util.Optional;

/** Where the hand-over of a recipient's message to the fallback of its stream is. */
public enum FallbackStep {
    /** Said by the final outcome: the message is kept, and will be handed over. */
    PENDING,
    /** The fallback did not take it; it is offered again. */
    RETRYING,
    /** The fallback took it. What becomes of it there is the fallback's to tell. */
    DONE,
    /** The fallback did not take it in time, or the hand-over would go round in a circle; the final outcome stands. */
    FAILED;

    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** By {@link #name()}; empty for a name that this release does not know. */
    public static Optional<FallbackStep> byName(String name) {
        for (FallbackStep s : values()) {
            if (s.name().equals(name)) {
                return Optional.of(s);
            }
        }
        return Optional.empty();
    }
}
