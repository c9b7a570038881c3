package io.github.cameldeliverability.delivery;

import io.github.cameldeliverability.mail.RecipientKey;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long receivers keep first contacts waiting, learnt from what passed and what did not. What is learnt is noted in the
 * store and forgotten when it was not seen to hold for {@link #KEPT}; who waits at the moment is in memory only. Belongs to
 * the serial executor.
 */
final class GreylistMemory {

    private static final int REMEMBERED = 20_000;
    /** A pass later than that was not waited for but met by chance. */
    private static final Duration LONGEST = Duration.ofHours(12);

    /** How long a wait is believed in that nobody has waited for since. */
    static final Duration KEPT = Duration.ofDays(30);
    /** So seldom is written down that nothing has changed. */
    private static final Duration CONFIRMED_EVERY = Duration.ofDays(1);

    private static final Pattern NOTE = Pattern.compile("(\\d{1,12}) (\\d{1,12}|-) (\\d{1,15})");

    private final BiConsumer<String, String> notes;
    private final Map<RecipientKey, Wait> waiting = lru();
    private final Map<String, Learnt> learnt = lru();

    /** The first time that a recipient was turned away, and by whom. */
    private record Wait(Instant since, String receiver) {}

    /**
     * @param tooEarly the longest wait that was turned away again
     * @param enough the shortest wait that passed
     * @param at when it was seen to hold last, to a day
     */
    private record Learnt(Duration tooEarly, Optional<Duration> enough, Instant at) {
        private static final Learnt NOTHING = new Learnt(Duration.ZERO, Optional.empty(), Instant.EPOCH);

        boolean saysTheSameAs(Learnt other) {
            return tooEarly.equals(other.tooEarly) && enough.equals(other.enough);
        }

        String note() {
            return tooEarly.toMillis() + " "
                    + enough.map(d -> Long.toString(d.toMillis())).orElse("-") + " " + at.toEpochMilli();
        }
    }

    /** @param notes keeps a note of a receiver instead of the one before; an empty one is forgotten */
    GreylistMemory(BiConsumer<String, String> notes) {
        this.notes = notes;
    }

    /** Takes up what was noted, by receiver, where nothing was learnt meanwhile; what is too old is forgotten. */
    void recall(Map<String, String> noted, Instant now) {
        noted.forEach((receiver, note) -> {
            Matcher m = NOTE.matcher(note);
            Instant at = m.matches() ? Instant.ofEpochMilli(Long.parseLong(m.group(3))) : Instant.EPOCH;
            if (!m.matches() || at.plus(KEPT).isBefore(now)) {
                notes.accept(receiver, "");
                return;
            }
            Optional<Duration> enough = m.group(2).equals("-")
                    ? Optional.empty()
                    : Optional.of(Duration.ofMillis(Long.parseLong(m.group(2))));
            learnt.putIfAbsent(receiver, new Learnt(Duration.ofMillis(Long.parseLong(m.group(1))), enough, at));
        });
    }

    private void learn(String receiver, Learnt before, Learnt now) {
        if (now.saysTheSameAs(before) && now.at.isBefore(before.at.plus(CONFIRMED_EVERY))) {
            return;
        }
        learnt.put(receiver, now);
        notes.accept(receiver, now.note());
    }

    private Learnt known(String receiver, Instant now) {
        Learnt known = learnt.getOrDefault(receiver, Learnt.NOTHING);
        return known.at.plus(KEPT).isBefore(now) ? Learnt.NOTHING : known;
    }

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
        Learnt known = known(receiver, now);
        if (first == null || !first.receiver.equals(receiver)) {
            waiting.put(key, new Wait(now, receiver));
            return known.enough;
        }
        Duration waited = Duration.between(first.since, now);
        Duration tooEarly = waited.compareTo(known.tooEarly) > 0 ? waited : known.tooEarly;
        // What passed once and does not pass now was another server of theirs, or they changed their mind.
        learn(receiver, known, new Learnt(tooEarly, known.enough.filter(d -> d.compareTo(tooEarly) > 0), now));
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
        Learnt known = known(first.receiver, now);
        Duration enough = known.enough.filter(d -> d.compareTo(waited) <= 0).orElse(waited);
        Duration tooEarly = known.tooEarly.compareTo(enough) < 0 ? known.tooEarly : Duration.ZERO;
        learn(first.receiver, known, new Learnt(tooEarly, Optional.of(enough), now));
    }
}
