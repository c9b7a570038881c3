package io.github.cameldeliverability.mail.spi;

import io.github.cameldeliverability.mail.SoftBounces;
import io.github.cameldeliverability.mail.Suppression;
import java.util.Optional;

/** What one more soft bounce does. A pure function: it may be called more than once for one bounce. */
@FunctionalInterface
public interface SoftBounceStep {

    Step after(Optional<SoftBounces> before);

    /**
     * @param remember what is remembered from now on
     * @param entry the pause that begins now, if one does
     */
    record Step(SoftBounces remember, Optional<Suppression> entry) {}
}
