package io.github.cameldeliverability.testkit.sim;

import io.github.cameldeliverability.mail.spi.Shaper;
import io.github.cameldeliverability.shaping.AdaptiveShaper;
import io.github.cameldeliverability.shaping.LimitSettings;
import java.time.Clock;
import java.util.List;

/** Shapers to compare. Those with a fixed limit are told a hidden one, as an administrator would guess it. */
public enum Strategies {
    /** The shaper of this library, knowing nothing of the receiver. */
    ADAPTIVE {
        @Override
        public Shaper shaper(HiddenLimits limits, Clock clock) {
            return new AdaptiveShaper(clock);
        }
    },
    /** Half the hidden limit, whatever is answered. */
    FIXED_HALF {
        @Override
        public Shaper shaper(HiddenLimits limits, Clock clock) {
            return fixed(limits, clock, 0.5);
        }
    },
    /** Exactly the hidden limit of the beginning, whatever is answered. */
    FIXED_EXACT {
        @Override
        public Shaper shaper(HiddenLimits limits, Clock clock) {
            return fixed(limits, clock, 1);
        }
    },
    /** Twice the hidden limit, whatever is answered. */
    FIXED_DOUBLE {
        @Override
        public Shaper shaper(HiddenLimits limits, Clock clock) {
            return fixed(limits, clock, 2);
        }
    },
    /** Concurrency feedback as documented for Postfix. */
    CONCURRENCY_FEEDBACK {
        @Override
        public Shaper shaper(HiddenLimits limits, Clock clock) {
            return new ConcurrencyFeedback(clock);
        }
    };

    /** The shaper for a receiver. */
    public abstract Shaper shaper(HiddenLimits limits, Clock clock);

    private static Shaper fixed(HiddenLimits limits, Clock clock, double factor) {
        double rate = limits.quota().get().rate();
        LimitSettings settings = LimitSettings.NONE
                .withMessagesPerSecond(Double.isInfinite(rate) ? 0 : rate * factor)
                .withConnections(
                        (int) Math.max(1, Math.rint(Math.min(Trial.CONNECTIONS, limits.connections() * factor))))
                .withMessagesPerConnection(
                        (int) Math.max(1, Math.rint(Math.min(100, limits.messagesPerConnection() * factor))));
        return new DeafShaper(new AdaptiveShaper(clock, settings, List.of()));
    }
}
