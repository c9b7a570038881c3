package io.github.cameldeliverability.store;

import io.github.cameldeliverability.mail.Suppression;
import io.github.cameldeliverability.store.SuppressionCodec.Cause;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Why an entry is there. The same judgement seen again is the same cause, seen later; any other is a cause of its own, and
 * none hides another, so that one can be taken back without the rest. Immutable.
 */
final class SuppressionCauses {

    private static final SuppressionCauses NONE = new SuppressionCauses(Map.of());

    /** By {@link #name}, the first seen first. */
    private final Map<String, Cause> byName;

    private SuppressionCauses(Map<String, Cause> byName) {
        this.byName = byName;
    }

    static SuppressionCauses of(List<Cause> causes) {
        Map<String, Cause> byName = new LinkedHashMap<>();
        causes.stream()
                .sorted(Comparator.comparing(c -> c.says().since()))
                .forEach(c -> byName.merge(name(c.says()), c, SuppressionCauses::together));
        return byName.isEmpty() ? NONE : new SuppressionCauses(byName);
    }

    /** What tells causes apart: who said what, on whose mail. */
    static String name(Suppression s) {
        return String.join(
                "\n",
                s.kind().name(),
                s.source(),
                s.ruleId().orElse(""),
                s.origin().stream().orElse(""),
                s.origin().provider().orElse(""));
    }

    private static Cause together(Cause a, Cause b) {
        Suppression s = SuppressionMerge.strengthen(a.says(), b.says()).orElse(a.says());
        return new Cause(s, a.last().isAfter(b.last()) ? a.last() : b.last());
    }

    /** A cause that ended before the new one came counts for nothing any more. */
    SuppressionCauses with(Suppression added) {
        List<Cause> all = new ArrayList<>(byName.size() + 1);
        byName.values().stream().filter(c -> c.says().isActiveAt(added.since())).forEach(all::add);
        all.add(Cause.of(added));
        return of(all);
    }

    SuppressionCauses without(Predicate<Cause> gone) {
        return of(byName.values().stream().filter(gone.negate()).toList());
    }

    List<Cause> all() {
        return List.copyOf(byName.values());
    }

    Map<String, Cause> byName() {
        return byName;
    }

    /** What all of them together say; empty if there is none. */
    Optional<Suppression> entry() {
        Suppression entry = null;
        for (Cause c : byName.values()) {
            entry = entry == null
                    ? c.says()
                    : SuppressionMerge.strengthen(entry, c.says()).orElse(entry);
        }
        return Optional.ofNullable(entry);
    }
}
