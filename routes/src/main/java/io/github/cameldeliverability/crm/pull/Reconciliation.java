package io.github.cameldeliverability.crm.pull;

import io.github.cameldeliverability.crm.push.Strictness;
import io.github.cameldeliverability.mail.Suppression;
import io.github.cameldeliverability.mail.SuppressionKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a system's list and ours do not agree on. The stricter side wins: what only the system knows, or knows more strictly,
 * becomes an entry of ours; what only we know is left for the sink to tell. Nothing is ever removed on either side.
 *
 * @param same how many addresses both sides know alike
 * @param onlyThere what only the system knows
 * @param stricterThere what both know, the system more strictly
 * @param onlyHere what only we know
 */
public record Reconciliation(int same, List<Pulled> onlyThere, List<Pulled> stricterThere, List<Suppression> onlyHere) {

    /** Compares; {@code ours} are the entries of a list that are in force. */
    public static Reconciliation of(List<Pulled> theirs, List<Suppression> ours) {
        Map<String, Suppression> known = new LinkedHashMap<>();
        for (Suppression s : ours) {
            known.merge(s.address().key(), s, Reconciliation::wider);
        }
        List<Pulled> onlyThere = new ArrayList<>();
        List<Pulled> stricter = new ArrayList<>();
        Set<String> there = new HashSet<>();
        int same = 0;
        for (Pulled p : theirs) {
            there.add(p.address().key());
            Suppression s = known.get(p.address().key());
            if (s == null) {
                onlyThere.add(p);
            } else if (!s.scope().equals(Suppression.GLOBAL)
                    || (Strictness.isStricter(p.kind(), s.kind()) && weighs(p.kind()) && !weighs(s.kind()))) {
                stricter.add(p);
            } else {
                same++;
            }
        }
        List<Suppression> onlyHere = known.values().stream()
                .filter(s -> !there.contains(s.address().key()))
                .toList();
        return new Reconciliation(same, List.copyOf(onlyThere), List.copyOf(stricter), onlyHere);
    }

    private static Suppression wider(Suppression a, Suppression b) {
        return b.scope().equals(Suppression.GLOBAL) && !a.scope().equals(Suppression.GLOBAL) ? b : a;
    }

    /** A list of ours keeps a person's own word over a bounce, and tells no finer degrees apart. */
    private static boolean weighs(SuppressionKind kind) {
        return kind == SuppressionKind.COMPLAINT || kind == SuppressionKind.UNSUBSCRIBE;
    }

    /** The entries that make our list as strict as the system's. */
    public List<Suppression> entries(String list, String source) {
        List<Suppression> all = new ArrayList<>();
        onlyThere.forEach(p -> all.add(entry(p, list, source)));
        stricterThere.forEach(p -> all.add(entry(p, list, source)));
        return all;
    }

    /** An entry of ours for what a system knows. */
    public static Suppression entry(Pulled p, String list, String source) {
        return new Suppression(
                list,
                Suppression.GLOBAL,
                p.address(),
                p.kind(),
                Optional.empty(),
                p.evidence().isEmpty() ? p.from() : p.from() + ": " + p.evidence(),
                Optional.empty(),
                source,
                p.at(),
                Optional.<Instant>empty());
    }
}
