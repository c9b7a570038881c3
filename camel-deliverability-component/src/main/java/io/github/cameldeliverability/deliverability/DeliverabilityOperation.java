package io.github.cameldeliverability.deliverability;

import java.util.Arrays;
import java.util.Locale;

/** What a {@code deliverability} endpoint does. */
public enum DeliverabilityOperation {
    /** What holds for a lane now, and who says so. */
    EXPLAIN,
    /** The effects that are not over. */
    EFFECTS,
    /** Ends an effect: its mail comes back by steps; cancelled again, it is over at once. */
    CANCEL_EFFECT,
    /** Sets another end for an effect. */
    EXTEND_EFFECT,
    /** Stops mail at once, by stream, provider or tag, until it is revived. */
    KILL,
    /** Ends a kill: the mail comes back by steps. */
    REVIVE;

    /** The name as in URIs, {@code cancel-effect}. */
    String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Reads {@code cancel-effect}, {@code cancelEffect} or {@code CANCEL_EFFECT}. */
    static DeliverabilityOperation parse(String text) {
        String plain = text.replace("-", "").replace("_", "");
        return Arrays.stream(values())
                .filter(o -> o.name().replace("_", "").equalsIgnoreCase(plain))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("Unknown operation \"" + text + "\", want one of "
                        + String.join(
                                ", ",
                                Arrays.stream(values())
                                        .map(DeliverabilityOperation::id)
                                        .toList())));
    }
}
