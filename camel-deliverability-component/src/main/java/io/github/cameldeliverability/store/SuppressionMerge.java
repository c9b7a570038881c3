package io.github.cameldeliverability.store;

import io.github.cameldeliverability.mail.Suppression;
import io.github.cameldeliverability.mail.SuppressionKind;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;

/** Which of two entries is stricter, and what both together say. */
final class SuppressionMerge {

    private static final Comparator<Optional<Instant>> END = Comparator.comparing(until -> until.orElse(Instant.MAX));

    /** The strictest first: kind, then the later end, then the wider scope. */
    static final Comparator<Suppression> STRICTEST = Comparator.<Suppression>comparingInt(s -> rank(s.kind()))
            .thenComparing(Suppression::until, END)
            .reversed()
            .thenComparing(s -> !s.scope().equals(Suppression.GLOBAL))
            .thenComparing(Suppression::scope);

    private SuppressionMerge() {}

    private static boolean endsLater(Suppression a, Suppression b) {
        return END.compare(a.until(), b.until()) > 0;
    }

    /** What a person said outranks what an operator said, which outranks what a machine concluded. */
    static int rank(SuppressionKind kind) {
        return switch (kind) {
            case COMPLAINT -> 4;
            case UNSUBSCRIBE -> 3;
            case MANUAL -> 2;
            case BOUNCE, INVALID -> 1;
        };
    }

    /**
     * The entry after {@code added} came on top of {@code present}; empty if it adds nothing. An entry whose end has
     * passed when the new one begins counts for nothing.
     */
    static Optional<Suppression> strengthen(Suppression present, Suppression added) {
        if (!present.isActiveAt(added.since())) {
            return Optional.of(added);
        }
        int kind = Integer.compare(rank(added.kind()), rank(present.kind()));
        boolean longer = endsLater(added, present);
        if (kind <= 0 && !longer) {
            return Optional.empty();
        }
        // A weaker kind with a later end only prolongs: the stronger reason stays on record.
        Suppression why = kind >= 0 ? added : present;
        return Optional.of(new Suppression(
                present.list(),
                present.scope(),
                why.address(),
                why.kind(),
                why.reason(),
                why.evidence(),
                why.ruleId(),
                why.source(),
                present.since(),
                longer ? added.until() : present.until(),
                why.origin()));
    }
}
