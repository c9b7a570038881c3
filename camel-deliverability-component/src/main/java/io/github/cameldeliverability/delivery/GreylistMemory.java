package io.github.cameldeliverability.delivery;

import io.github.cameldeliverability.mail.RecipientKey;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How long receivers keep first contacts waiting, learnt from what passed and what did not. In memory: after a restart it
 * is learnt anew. Belongs to the serial executor.
 */
final class GreylistMemory {

    private static final int REMEMBERED = 20_000;
    /** A pass later than that was not waited for but met by chance. */
    private static final Duration LONGEST = Duration.ofHours(12);

    private final Map<RecipientKey, Wait> waiting = lru();
    private final Map<String, Learnt> learnt = lru();

    /** The first time that a recipient was turned away, and by whom. */
    private record Wait(Instant since, String receiver) {}

    /**
     * @param tooEarly the longest wait that was turned away again
     * @param enough the shortest wait that passed
     */
    private record Learnt(Duration tooEarly, Optional<Duration> enough) {}

    private static <K, V> Map<K, V> lru() {
        return new LinkedHashMap<>(64, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > REMEMBERED;
            }
        };
    }

    /** Somebody was turned away. The wait that should be enough, if it is his first time and the receiver is known. */
    Optional<Duration> turnedAway(RecipientKey key, String receiver, Instant now) {
        Wait first = waiting.get(key);
        Learnt known = learnt.getOrDefault(receiver, new Learnt(Duration.ZERO, Optional.empty()));
        if (first == null || !first.receiver.equals(receiver)) {
            waiting.put(key, new Wait(now, receiver));
            return known.enough;
        }
        Duration waited = Duration.between(first.since, now);
        Duration tooEarly = waited.compareTo(known.tooEarly) > 0 ? waited : known.tooEarly;
        // What passed once and does not pass now was another server of theirs, or they changed their mind.
        learnt.put(receiver, new Learnt(tooEarly, known.enough.filter(d -> d.compareTo(tooEarly) > 0)));
        return Optional.empty();
    }

    /** A recipient was accepted. */
    void passed(RecipientKey key, Instant now) {
        Wait first = waiting.remove(key);
        if (first == null) {
            return;
        }
        Duration waited = Duration.between(first.since, now);
        if (waited.compareTo(LONGEST) > 0) {
            return;
        }
        Learnt known = learnt.getOrDefault(first.receiver, new Learnt(Duration.ZERO, Optional.empty()));
        Duration enough = known.enough.filter(d -> d.compareTo(waited) <= 0).orElse(waited);
        Duration tooEarly = known.tooEarly.compareTo(enough) < 0 ? known.tooEarly : Duration.ZERO;
        learnt.put(first.receiver, new Learnt(tooEarly, Optional.of(enough)));
    }
}
