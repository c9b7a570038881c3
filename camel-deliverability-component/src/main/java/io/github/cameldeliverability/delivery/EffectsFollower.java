package io.github.cameldeliverability.delivery;

import io.github.cameldeliverability.mail.spi.Shaper;
import io.github.cameldeliverability.mail.spi.Shaper.Permit;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the shaper when what it holds back changes: takes out of memory what must not be begun, and lets the lanes look
 * again, which may go on, or leave by another source, now. Belongs to the serial executor.
 */
final class EffectsFollower {

    private static final Logger LOG = LoggerFactory.getLogger(EffectsFollower.class);

    private final Core core;
    private final Lanes lanes;
    private Optional<AutoCloseable> registration = Optional.empty();

    EffectsFollower(Core core, Lanes lanes) {
        this.core = core;
        this.lanes = lanes;
    }

    void start() {
        if (registration.isEmpty()) {
            registration = Optional.of(core.shaper().onChange(() -> core.actor().execute(this::look)));
        }
    }

    void stop() {
        registration.ifPresent(r -> {
            try {
                r.close();
            } catch (Exception e) {
                LOG.debug("closing the listener for effects failed", e);
            }
        });
        registration = Optional.empty();
    }

    /** Why a recipient must not be begun now, and until when; empty if it may. */
    Optional<Permit.Wait> held(Item item) {
        Shaper shaper = core.shaper();
        return shaper.mayBegin(item.job.stream.name(), item.job.message.tags()) instanceof Permit.Wait wait
                ? Optional.of(wait)
                : Optional.empty();
    }

    private void look() {
        lanes.giveBack(i -> held(i).isPresent(), "an effect on its tag");
        lanes.lookAgain();
    }
}
