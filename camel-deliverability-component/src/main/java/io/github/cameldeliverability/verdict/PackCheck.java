package io.github.cameldeliverability.verdict;

import io.github.cameldeliverability.mail.Verdict;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a pack must pass before an engine takes it. A refused pack's complaint names all that is wrong with it. */
final class PackCheck {

    private PackCheck() {}

    /**
     * Runs the samples of each rule against that rule.
     *
     * @throws RulePackException if a rule leaves a positive sample or takes a negative one
     */
    static void samples(RulePack pack) {
        refuseIfAny(brokenSamples(pack));
    }

    static List<String> brokenSamples(RulePack pack) {
        CompiledRules alone = new CompiledRules(List.of(pack));
        List<String> problems = new ArrayList<>();
        for (Rule rule : pack.rules()) {
            for (Sample sample : rule.positive()) {
                if (!takes(alone, pack, rule, sample)) {
                    problems.add(place(pack, rule) + " does not take its positive sample \"" + sample.reply() + "\"");
                }
            }
            for (Sample sample : rule.negative()) {
                if (takes(alone, pack, rule, sample)) {
                    problems.add(place(pack, rule) + " takes its negative sample \"" + sample.reply() + "\"");
                }
            }
        }
        return problems;
    }

    private static boolean takes(CompiledRules alone, RulePack pack, Rule rule, Sample sample) {
        String id = pack.name() + "/" + rule.id();
        return alone.all(Facts.of(sample.evidence())).stream()
                .anyMatch(rank -> alone.id(rank).equals(id));
    }

    /** Refuses two packs of one name. */
    static void names(List<RulePack> packs, List<RulePack> builtIn) {
        Set<String> names = new HashSet<>();
        builtIn.forEach(p -> names.add(p.name()));
        for (RulePack pack : packs) {
            if (!names.add(pack.name())) {
                throw new RulePackException(pack.file() + ": there is another pack named \"" + pack.name() + "\"");
            }
        }
    }

    /** Refuses a rule for a provider that no pack declares: a slip of the pen that would never show. */
    static void providers(List<RulePack> packs, List<RulePack> builtIn) {
        Set<String> known = new HashSet<>();
        builtIn.forEach(p -> known.addAll(p.providers()));
        packs.forEach(p -> known.addAll(p.providers()));
        List<String> problems = new ArrayList<>();
        for (RulePack pack : packs) {
            for (Rule rule : pack.rules()) {
                for (String provider : rule.match().providers()) {
                    if (!known.contains(provider)) {
                        problems.add(place(pack, rule) + " names the provider \"" + provider
                                + "\", which no pack lists under providers");
                    }
                }
            }
        }
        refuseIfAny(problems);
    }

    /** Refuses a rule whose positive sample an earlier rule takes. */
    static void reachable(RulePack pack, CompiledRules rules) {
        refuseIfAny(hiddenRules(pack, rules));
    }

    static List<String> hiddenRules(RulePack pack, CompiledRules rules) {
        List<String> problems = new ArrayList<>();
        for (Rule rule : pack.rules()) {
            for (Sample sample : rule.positive()) {
                int rank = rules.first(Facts.of(sample.evidence()));
                String first = rank < 0 ? "no rule" : rules.id(rank);
                if (!first.equals(pack.name() + "/" + rule.id())
                        && !(pack.layer() != Layer.USER && rank >= 0 && agrees(rules.rule(rank), rule, sample))) {
                    problems.add(place(pack, rule) + " is not asked for its positive sample \"" + sample.reply()
                            + "\": " + first + " takes it first");
                }
            }
        }
        return problems;
    }

    /** Built-in packs know one wording from several sides; it is enough that they judge it alike. */
    private static boolean agrees(Rule first, Rule rule, Sample sample) {
        Facts facts = Facts.of(sample.evidence());
        Verdict said = first.verdict("first", facts, "");
        Verdict meant = rule.verdict("second", facts, "");
        return said.reason() == meant.reason()
                && said.permanence() == meant.permanence()
                && said.fault() == meant.fault();
    }

    private static String place(RulePack pack, Rule rule) {
        return pack.file() + ": rule " + rule.id();
    }

    private static void refuseIfAny(List<String> problems) {
        if (!problems.isEmpty()) {
            throw new RulePackException(String.join("\n", problems));
        }
    }
}
