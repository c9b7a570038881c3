package io.github.cameldeliverability.delivery;

import io.github.cameldeliverability.mail.Lane;
import io.github.cameldeliverability.mail.SourceAddress;
import io.github.cameldeliverability.mail.StreamConfig;
import io.github.cameldeliverability.mail.spi.Shaper;
import io.github.cameldeliverability.mail.spi.Shaper.Permit;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which of a stream's source addresses a message leaves by: spread by weight, and always the same one for the same message
 * and provider while it can be used, so that a greylisting server sees the retry from where the first try came. A source
 * that was suspended for a provider or cannot be bound is passed over for the next. Belongs to the serial executor.
 */
final class Sources {

    private static final Logger LOG = LoggerFactory.getLogger(Sources.class);
    private static final Duration UNBOUND = Duration.ofMinutes(1);

    private final Shaper shaper;
    private final Clock clock;
    /** Sources that could not be bound, by id, and until when nobody tries. */
    private final Map<String, Instant> unbound = new HashMap<>();

    Sources(Shaper shaper, Clock clock) {
        this.shaper = shaper;
        this.clock = clock;
    }

    /** Whether which source to take depends on the family of the addresses that a destination has. */
    static boolean needFamily(StreamConfig stream) {
        List<SourceAddress> all = stream.sources();
        return all.stream()
                .anyMatch(s -> !AddressRules.sameFamily(s.address(), all.get(0).address()));
    }

    /**
     * @param message the name of the message; the same name gives the same source
     * @param v6 the family of the destination's addresses, where that is known
     */
    Lane lane(StreamConfig stream, String provider, String message, Optional<Boolean> v6) {
        if (stream.sources().isEmpty()) {
            return new Lane(stream.name(), Lane.DEFAULT_SOURCE, provider);
        }
        List<SourceAddress> ofFamily = stream.sources().stream()
                .filter(s -> v6.isEmpty() || v6.get() == AddressRules.isV6(s.address()))
                .toList();
        List<Lane> inOrder = (ofFamily.isEmpty() ? stream.sources() : ofFamily)
                .stream()
                        .sorted(Comparator.comparingDouble((SourceAddress s) -> draw(message, s))
                                .reversed())
                        .map(s -> new Lane(stream.name(), s.id(), provider))
                        .toList();
        return inOrder.stream().filter(this::isUsable).findFirst().orElse(inOrder.get(0));
    }

    /** Whether mail of a lane should leave by another source of the stream and the family now. */
    boolean hasBetter(StreamConfig stream, Lane lane) {
        Optional<SourceAddress> own = stream.source(lane.source());
        if (stream.sources().size() < 2 || own.isEmpty() || isUsable(lane)) {
            return false;
        }
        return stream.sources().stream()
                .filter(s -> !s.equals(own.get())
                        && AddressRules.sameFamily(s.address(), own.get().address()))
                .anyMatch(s -> isUsable(new Lane(lane.stream(), s.id(), lane.provider())));
    }

    void cannotBind(Lane lane, String why) {
        LOG.error(
                "event=source-unusable stream={} source={} reason=\"{}\": is it an address of this machine? Add it to an"
                        + " interface, or take it out of sourceAddresses",
                lane.stream(),
                lane.source(),
                why);
        unbound.put(lane.source(), clock.instant().plus(UNBOUND));
    }

    private boolean isUsable(Lane lane) {
        Instant until = unbound.get(lane.source());
        return (until == null || !clock.instant().isBefore(until)) && shaper.mayUseSource(lane) instanceof Permit.Go;
    }

    /**
     * Weighted rendezvous: every source draws a number from the message's name, the largest wins. A source that comes or
     * goes moves only the mail that it gets or had.
     */
    private static double draw(String message, SourceAddress source) {
        long h = 0xcbf29ce484222325L; // FNV-1a
        String text = message + ' ' + source.id();
        for (int i = 0; i < text.length(); i++) {
            h = (h ^ text.charAt(i)) * 0x100000001b3L;
        }
        // The finalizer of MurmurHash3: names that differ in one letter must draw independently.
        h = (h ^ (h >>> 33)) * 0xff51afd7ed558ccdL;
        h = (h ^ (h >>> 33)) * 0xc4ceb9fe1a85ec53L;
        h ^= h >>> 33;
        double uniform = ((h >>> 11) + 0.5) / (1L << 53);
        return -source.weight() / Math.log(uniform);
    }
}
