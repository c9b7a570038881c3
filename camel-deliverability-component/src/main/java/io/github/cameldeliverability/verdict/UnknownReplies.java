package io.github.cameldeliverability.verdict;

import io.github.cameldeliverability.mail.Reason;
import io.github.cameldeliverability.mail.ReplyEvidence;
import io.github.cameldeliverability.mail.Verdict;
import io.github.cameldeliverability.mail.spi.VerdictEngine;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts the texts that no rule knew, so that rules can be written for the frequent ones. Texts that differ only in
 * addresses, numbers, hosts and the like count as one. Keeps a bounded number of shapes: when it is full, a new shape
 * takes the place of the rarest and inherits its count, so that a frequent shape is never lost (Metwally, Agrawal, El
 * Abbadi, "space-saving", 2005). Holds no addresses. Thread-safe.
 */
public final class UnknownReplies {

    private final int capacity;
    private final Map<String, Long> counts = new HashMap<>();
    private long total;

    /**
     * A shape of unknown texts.
     *
     * @param shape code, enhanced code and text with placeholders, {@code "550 5.0.0 mailbox <n> of <address> is odd"}
     * @param count how often it came; too high by at most the count of the shape it displaced
     */
    public record Unknown(String shape, long count) {}

    /** @param capacity the number of shapes kept, at least 1 */
    public UnknownReplies(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity must be at least 1: " + capacity);
        }
        this.capacity = capacity;
    }

    /** An engine that judges as the given one does and counts here what it does not know. */
    public VerdictEngine watch(VerdictEngine engine) {
        return evidence -> {
            Verdict verdict = engine.judge(evidence);
            if (verdict.reason() == Reason.UNDEFINED) {
                add(evidence);
            }
            return verdict;
        };
    }

    /** A text with placeholders for addresses, numbers, hosts and the like: those that are one for this class are equal. */
    public static String shape(ReplyEvidence evidence) {
        return ReplyShape.of(evidence);
    }

    /** Counts a text. */
    public void add(ReplyEvidence evidence) {
        String shape = ReplyShape.of(evidence);
        synchronized (counts) {
            total++;
            if (counts.containsKey(shape) || counts.size() < capacity) {
                counts.merge(shape, 1L, Long::sum);
                return;
            }
            Map.Entry<String, Long> rarest =
                    counts.entrySet().stream().min(Map.Entry.comparingByValue()).orElseThrow();
            long inherited = rarest.getValue();
            counts.remove(rarest.getKey());
            counts.put(shape, inherited + 1);
        }
    }

    /** The most frequent shapes, most frequent first. */
    public List<Unknown> top(int limit) {
        synchronized (counts) {
            return counts.entrySet().stream()
                    .map(e -> new Unknown(e.getKey(), e.getValue()))
                    .sorted(Comparator.comparingLong(Unknown::count).reversed().thenComparing(Unknown::shape))
                    .limit(limit)
                    .toList();
        }
    }

    /** How many texts were counted since the start or the last {@link #clear}. */
    public long total() {
        synchronized (counts) {
            return total;
        }
    }

    public void clear() {
        synchronized (counts) {
            counts.clear();
            total = 0;
        }
    }
}
