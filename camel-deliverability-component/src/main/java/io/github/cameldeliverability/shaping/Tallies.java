package io.github.cameldeliverability.shaping;

import io.github.cameldeliverability.mail.EffectKey;
import io.github.cameldeliverability.mail.Fault;
import io.github.cameldeliverability.mail.Lane;
import io.github.cameldeliverability.mail.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Counts for the reaction rules and says when one has had enough. Not thread-safe. */
final class Tallies {

    private static final int MOST_EVIDENCE = 3;
    private static final int SWEEP_EVERY = 10_000;

    /** Rules with the same of this share the count of all attempts. */
    private record Group(Set<EffectKey.Part> by, ReactionRule.Scope scope, Duration window) {}

    private record Place(Group group, EffectKey key) {}

    private static final class Tally {
        final WindowCount all;
        final Map<String, Matched> byRule = new HashMap<>(2);

        Tally(Duration window) {
            all = new WindowCount(window);
        }
    }

    private static final class Matched {
        final WindowCount count;
        final Deque<String> evidence = new ArrayDeque<>(MOST_EVIDENCE);

        Matched(Duration window) {
            count = new WindowCount(window);
        }
    }

    /**
     * A rule that has had enough.
     *
     * @param perSecond attempts a second lately, of what the key covers
     */
    record Enough(ReactionRule rule, EffectKey key, String why, List<String> evidence, double perSecond) {}

    private List<ReactionRule> rules = List.of();
    private final Map<Place, Tally> tallies = new HashMap<>();
    private final Set<String> changed = new HashSet<>();
    private int observed;

    /** Other rules; what was counted for rules that stay the same stays. */
    void use(List<ReactionRule> newRules) {
        Set<Group> groups = new HashSet<>();
        newRules.forEach(r -> groups.add(group(r)));
        tallies.keySet().removeIf(p -> !groups.contains(p.group()));
        Set<String> kept = new HashSet<>();
        newRules.stream().filter(rules::contains).forEach(r -> kept.add(r.id()));
        tallies.values().forEach(t -> t.byRule.keySet().retainAll(kept));
        rules = List.copyOf(newRules);
    }

    void delivered(Lane lane, Set<String> dkimDomains, Instant now) {
        countAll(lane, dkimDomains, Set.of(), now);
    }

    List<Enough> observed(Lane lane, Set<String> dkimDomains, Set<String> tags, Verdict v, Instant now) {
        countAll(lane, dkimDomains, tags, now);
        if (v.fault() == Fault.RECIPIENT) {
            // What is wrong with one address is no reason to treat the lane otherwise.
            return List.of();
        }
        List<Enough> enough = new ArrayList<>();
        for (ReactionRule rule : rules) {
            if (rule.match().takes(v) && rule.scope().holds(lane, dkimDomains, tags)) {
                for (EffectKey key : EffectKey.of(rule.by(), lane, dkimDomains, tags)) {
                    count(rule, key, v, now, enough);
                }
            }
        }
        return enough;
    }

    private void countAll(Lane lane, Set<String> dkimDomains, Set<String> tags, Instant now) {
        if (++observed % SWEEP_EVERY == 0) {
            tallies.values().removeIf(t -> t.all.sum(now) == 0);
        }
        Set<Group> counted = new LinkedHashSet<>(4);
        for (ReactionRule rule : rules) {
            Group group = group(rule);
            if (counted.add(group) && rule.scope().holds(lane, dkimDomains, tags)) {
                for (EffectKey key : EffectKey.of(rule.by(), lane, dkimDomains, tags)) {
                    tally(group, key).all.add(now, 1);
                }
            }
        }
    }

    private void count(ReactionRule rule, EffectKey key, Verdict v, Instant now, List<Enough> enough) {
        Tally tally = tally(group(rule), key);
        Matched m = tally.byRule.computeIfAbsent(
                rule.id(), id -> new Matched(rule.trigger().window()));
        m.count.add(now, 1);
        if (m.evidence.size() == MOST_EVIDENCE) {
            m.evidence.removeFirst();
        }
        m.evidence.add(v.evidence());
        changed.add(name(rule.id(), key));
        int matched = m.count.sum(now);
        int all = tally.all.sum(now);
        if (rule.trigger().isMet(matched, all)) {
            double perSecond = all * 1000.0 / tally.all.reach(now).toMillis();
            String why = matched + " of " + all + " attempts in "
                    + words(rule.trigger().window()) + " were refused: "
                    + v.reason().id() + ", fault " + v.fault().id();
            enough.add(new Enough(rule, key, why, List.copyOf(m.evidence), perSecond));
            m.count.clear();
            m.evidence.clear();
        }
    }

    private Tally tally(Group group, EffectKey key) {
        return tallies.computeIfAbsent(new Place(group, key), p -> new Tally(group.window()));
    }

    private static Group group(ReactionRule r) {
        return new Group(r.by(), r.scope(), r.trigger().window());
    }

    /** What is counted for the rule and key now, {@code matched/all}; for explanations. */
    String counted(ReactionRule rule, EffectKey key, Instant now) {
        Tally tally = tallies.get(new Place(group(rule), key));
        if (tally == null) {
            return "0/0";
        }
        Matched m = tally.byRule.get(rule.id());
        return (m == null ? 0 : m.count.sum(now)) + "/" + tally.all.sum(now);
    }

    private static String name(String ruleId, EffectKey key) {
        return ruleId + " " + key;
    }

    /** The counts that changed since the last call, by rule and key; those that count nothing any more are empty. */
    Map<String, String> changes(Instant now) {
        Map<String, String> notes = new HashMap<>();
        if (changed.isEmpty()) {
            return notes;
        }
        tallies.forEach((place, tally) -> tally.byRule.forEach((rule, m) -> {
            String name = name(rule, place.key());
            if (changed.contains(name)) {
                boolean nothing = m.count.sum(now) == 0;
                notes.put(name, nothing ? "" : m.count.remember() + ";" + tally.all.remember());
            }
        }));
        changed.clear();
        return notes;
    }

    /** Takes up a count that {@link #changes} gave, if its rule is still there. */
    void recall(String name, String text) {
        int semicolon = text.indexOf(';');
        for (ReactionRule rule : rules) {
            if (semicolon > 0 && name.startsWith(rule.id() + " ")) {
                KeyText.read(name.substring(rule.id().length() + 1)).ifPresent(key -> {
                    Tally tally = tally(group(rule), key);
                    tally.all.recall(text.substring(semicolon + 1));
                    tally.byRule
                            .computeIfAbsent(
                                    rule.id(), id -> new Matched(rule.trigger().window()))
                            .count
                            .recall(text.substring(0, semicolon));
                });
            }
        }
    }

    static String words(Duration d) {
        if (d.toDays() > 0 && d.equals(Duration.ofDays(d.toDays()))) {
            return d.toDays() + " d";
        }
        if (d.toHours() > 0 && d.equals(Duration.ofHours(d.toHours()))) {
            return d.toHours() + " h";
        }
        if (d.toMinutes() > 0 && d.equals(Duration.ofMinutes(d.toMinutes()))) {
            return d.toMinutes() + " min";
        }
        return d.toMillis() / 1000.0 + " s";
    }
}
