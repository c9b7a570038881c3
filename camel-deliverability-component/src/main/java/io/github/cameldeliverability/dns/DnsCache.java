package io.github.cameldeliverability.dns;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Answers by question, each until its time is over; bounded. Thread-safe. */
final class DnsCache {

    record Question(String name, int type) {}

    private record Entry(Resolution answer, Instant expires) {}

    private final Map<Question, Entry> entries = new ConcurrentHashMap<>();
    private final Clock clock;
    private final int most;

    DnsCache(Clock clock, int most) {
        this.clock = clock;
        this.most = most;
    }

    /** Null if unknown or too old; TTLs are what is left of them. */
    Resolution get(Question question) {
        Entry entry = entries.get(question);
        if (entry == null) {
            return null;
        }
        Duration left = Duration.between(clock.instant(), entry.expires());
        if (left.isZero() || left.isNegative()) {
            entries.remove(question, entry);
            return null;
        }
        return entry.answer().withTtl(left);
    }

    void put(Question question, Resolution answer) {
        if (most == 0 || answer.ttl().isZero() || answer.ttl().isNegative()) {
            return;
        }
        if (entries.size() >= most) {
            makeRoom();
        }
        entries.put(question, new Entry(answer, clock.instant().plus(answer.ttl())));
    }

    /** The old ones go first; if that is not enough, any tenth: a lost answer costs one query. */
    private synchronized void makeRoom() {
        if (entries.size() < most) {
            return;
        }
        Instant now = clock.instant();
        entries.values().removeIf(e -> !e.expires().isAfter(now));
        int surplus = entries.size() - most + Math.max(1, most / 10);
        Iterator<Question> any = entries.keySet().iterator();
        while (surplus-- > 0 && any.hasNext()) {
            any.next();
            any.remove();
        }
    }
}
