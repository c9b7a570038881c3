package io.github.cameldeliverability.shaping;

import io.github.cameldeliverability.mail.spi.Shaper.Permit;
import java.time.Instant;
import java.util.Optional;

/** One limit that a send must pass beside the lane's own rate. Thread-safe, never blocks. */
interface Gate {

    /** Takes what the send needs; empty means go. */
    Optional<Permit.Wait> take(Instant now, int recipients, long bytes);

    /** Puts back what was taken for a send that is not made. */
    void putBack(int recipients, long bytes);

    /** Whether one more recipient could go; takes nothing. */
    Optional<Permit.Wait> peek(Instant now);

    /** How many recipients are left before a long wait. */
    long room(Instant now);

    /** Whether mail that must wait here must not go by another address either. */
    default boolean keepsItsMail() {
        return false;
    }

    Explanation explain(Instant now);
}
