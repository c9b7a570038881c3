package io.github.cameldeliverability.delivery;

import io.github.cameldeliverability.mail.StreamConfig;
import java.util.Collection;

/**
 * A stream among the others: who goes before it and how it shares with its equals. Immutable; made anew when a stream comes
 * or goes.
 *
 * @param stream its name
 * @param priority larger goes first
 * @param above how many larger priorities there are
 * @param share of what the streams of this priority have together, from above 0 to 1
 * @param weight how much of their time in turns
 */
record Standing(String stream, int priority, int above, double share, int weight) {

    /** More important streams than that make no further difference. */
    private static final int MOST_HALVES = 4;

    static Standing of(StreamConfig stream, Collection<StreamConfig> all) {
        int above = (int) all.stream()
                .mapToInt(StreamConfig::priority)
                .filter(p -> p > stream.priority())
                .distinct()
                .count();
        double weights = all.stream()
                .filter(s -> s.priority() == stream.priority())
                .mapToInt(StreamConfig::weight)
                .sum();
        return new Standing(
                stream.name(),
                stream.priority(),
                above,
                stream.weight() / Math.max(stream.weight(), weights),
                stream.weight());
    }

    /** Of {@code all}, what this stream and those that matter no more than it may take together: half for each one above. */
    long ofLevel(long all) {
        return Math.max(1, all >> Math.min(above, MOST_HALVES));
    }

    /** Of what the level has, what this stream may take: half is for whoever comes, the other half is divided by weight. */
    long own(long ofLevel) {
        return Math.max(1, (long) (ofLevel * (1 + share) / 2));
    }
}
