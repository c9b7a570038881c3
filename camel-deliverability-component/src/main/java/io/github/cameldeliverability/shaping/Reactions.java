package io.github.cameldeliverability.shaping;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The rules of one moment. Immutable.
 *
 * @param rules from verdicts to effects
 * @param guards bounds on rates
 * @param off ids of rules of lower layers that shall not be
 */
public record Reactions(List<ReactionRule> rules, List<GuardRule> guards, Set<String> off) {

    /** No rule at all. */
    public static final Reactions NONE = new Reactions(List.of(), List.of(), Set.of());

    public Reactions {
        rules = List.copyOf(rules);
        guards = List.copyOf(guards);
        off = Set.copyOf(off);
    }

    /** These rules with others on top: same ids are replaced, ids that the others switch off are gone. */
    public Reactions with(Reactions above) {
        Map<String, ReactionRule> merged = new LinkedHashMap<>();
        rules.forEach(r -> merged.put(r.id(), r));
        Map<String, GuardRule> watched = new LinkedHashMap<>();
        guards.forEach(g -> watched.put(g.id(), g));
        above.off.forEach(merged::remove);
        above.off.forEach(watched::remove);
        above.rules.forEach(r -> {
            watched.remove(r.id());
            merged.put(r.id(), r);
        });
        above.guards.forEach(g -> {
            merged.remove(g.id());
            watched.put(g.id(), g);
        });
        return new Reactions(new ArrayList<>(merged.values()), new ArrayList<>(watched.values()), Set.of());
    }

    /** What the rule does, be it a reaction or a guard. */
    Optional<ReactionRule.Action> action(String id) {
        return rule(id).map(ReactionRule::action).or(() -> guard(id).map(GuardRule::action));
    }

    /** Whether a rule is the same in other rules. */
    boolean same(Reactions others, String id) {
        return rule(id).equals(others.rule(id)) && guard(id).equals(others.guard(id));
    }

    private Optional<GuardRule> guard(String id) {
        return guards.stream().filter(g -> g.id().equals(id)).findFirst();
    }

    Optional<ReactionRule> rule(String id) {
        return rules.stream().filter(r -> r.id().equals(id)).findFirst();
    }

    /** The ids of all rules, in their order. */
    public Set<String> ids() {
        Set<String> ids = new LinkedHashSet<>();
        rules.forEach(r -> ids.add(r.id()));
        guards.forEach(g -> ids.add(g.id()));
        return ids;
    }
}
