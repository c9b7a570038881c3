package io.github.cameldeliverability.mail;

import java.time.Instant;
import java.util.Locale;
import java.util.Objects;

/**
 * Something that became of an {@link Effect}: what {@code from("mx:stream?feed=EFFECTS")} yields.
 *
 * @param sequence rises; 0 before it was stored
 * @param what happened
 * @param effect as it was afterwards
 * @param at when
 */
public record EffectEvent(long sequence, What what, Effect effect, Instant at) {

    /** What can happen to an effect. */
    public enum What {
        /** A rule, the reputation guard or an operator made it. */
        BEGAN,
        /** A probe failed: it is in force again, for longer. */
        RENEWED,
        /** An operator set another end. */
        EXTENDED,
        /** It began to recover: its time was over, or somebody cancelled it. */
        RECOVERS,
        /** Nothing is left of it. */
        ENDED;

        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public EffectEvent {
        Objects.requireNonNull(what, "what");
        Objects.requireNonNull(effect, "effect");
        Objects.requireNonNull(at, "at");
    }
}
