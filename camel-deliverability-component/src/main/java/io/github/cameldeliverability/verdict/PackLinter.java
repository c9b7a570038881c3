package io.github.cameldeliverability.verdict;

import io.github.cameldeliverability.mail.Fault;
import io.github.cameldeliverability.verdict.LintFinding.Severity;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Tells the author of rule packs what is wrong with them: what an engine would refuse, rules that are never asked, rules
 * that contradict each other, scopes that do not exist, expressions that may take for ever. Thread-safe.
 */
public final class PackLinter {

    private static final int SHORT_PHRASE = 3;

    private final Set<String> providers;

    /** @param providers provider names that exist besides those that the packs declare, as the shaping rules name them */
    public PackLinter(Set<String> providers) {
        this.providers = Set.copyOf(providers);
    }

    /** Examines the packs of this library. */
    public List<LintFinding> builtIn() {
        return examine(PackFiles.builtIn(), List.of());
    }

    /** Examines a user's packs on top of the built-in ones; files and directories as for the engine. */
    public List<LintFinding> files(Collection<Path> files) {
        List<RulePack> packs = new ArrayList<>();
        List<LintFinding> findings = new ArrayList<>();
        for (Path file : files) {
            try {
                packs.addAll(PackFiles.read(List.of(file)));
            } catch (RulePackException e) {
                findings.add(new LintFinding(Severity.ERROR, file.toString(), e.getMessage()));
            }
        }
        findings.addAll(examine(PackFiles.builtIn(), packs));
        return findings;
    }

    /** Examines one user's pack given as YAML. */
    public List<LintFinding> text(String yaml) {
        try {
            RulePack pack = new RulePackReader("pack", Layer.USER).read(yaml);
            return examine(PackFiles.builtIn(), List.of(pack));
        } catch (RulePackException e) {
            return List.of(new LintFinding(Severity.ERROR, "pack", e.getMessage()));
        }
    }

    /** Examines the user's packs, or the built-in ones where there are none. */
    private List<LintFinding> examine(List<RulePack> builtIn, List<RulePack> user) {
        List<RulePack> all = new ArrayList<>(builtIn);
        all.addAll(user);
        List<RulePack> examined = user.isEmpty() ? builtIn : user;
        Set<String> known = new HashSet<>(providers);
        all.forEach(p -> known.addAll(p.providers()));
        CompiledRules rules = new CompiledRules(all);
        List<LintFinding> findings = new ArrayList<>();
        for (RulePack pack : examined) {
            List<String> broken = PackCheck.brokenSamples(pack);
            broken.forEach(m -> findings.add(ofMessage(Severity.ERROR, m)));
            if (broken.isEmpty()) {
                PackCheck.hiddenRules(pack, rules).forEach(m -> findings.add(ofMessage(Severity.WARNING, m)));
            }
            for (Rule rule : pack.rules()) {
                String place = pack.file() + ": rule " + rule.id();
                rule(place, rule, known, findings);
                overlaps(place, pack, rule, rules, findings);
            }
            samePhrase(pack, findings);
        }
        return findings;
    }

    private static LintFinding ofMessage(Severity severity, String message) {
        int rule = message.indexOf(": rule ");
        int end = message.indexOf(' ', rule + ": rule ".length());
        return new LintFinding(severity, message.substring(0, end), message.substring(end + 1));
    }

    private static void rule(String place, Rule rule, Set<String> known, List<LintFinding> findings) {
        for (String provider : rule.match().providers()) {
            if (!known.contains(provider)) {
                findings.add(new LintFinding(
                        Severity.WARNING, place, "names the provider \"" + provider + "\", which nobody defines"));
            }
        }
        rule.match().regex().ifPresent(r -> RegexRisk.of(r.pattern())
                .ifPresent(risk -> findings.add(new LintFinding(Severity.WARNING, place, risk))));
        for (Phrase phrase : rule.match().text()) {
            String key = phrase.key();
            if (key.length() < SHORT_PHRASE && key.chars().allMatch(c -> c < 128)) {
                findings.add(new LintFinding(
                        Severity.WARNING, place, "the phrase \"" + phrase.source() + "\" is found in any text"));
            }
        }
        boolean mayBeHard = rule.reason().meansDeadAddress() && rule.fault() == Fault.RECIPIENT;
        if (mayBeHard && !rule.guarded() && rule.match().text().isEmpty()) {
            findings.add(new LintFinding(
                    Severity.WARNING, place, "suppresses addresses by a code alone and without the guard"));
        }
    }

    /** Another rule of the same layer that would have said something else of this rule's sample. */
    private static void overlaps(
            String place, RulePack pack, Rule rule, CompiledRules rules, List<LintFinding> findings) {
        Set<String> told = new HashSet<>();
        for (Sample sample : rule.positive()) {
            for (int rank : rules.all(Facts.of(sample.evidence()))) {
                Rule other = rules.rule(rank);
                if (rules.layer(rank) == pack.layer() && other.reason() != rule.reason() && told.add(rules.id(rank))) {
                    findings.add(new LintFinding(
                            Severity.NOTE,
                            place,
                            "overlaps with " + rules.id(rank) + " ("
                                    + other.reason().id() + ") on \"" + sample.reply() + "\""));
                }
            }
        }
    }

    private static void samePhrase(RulePack pack, List<LintFinding> findings) {
        Map<Map.Entry<Phrase, String>, String> first = new HashMap<>();
        for (Rule rule : pack.rules()) {
            Match m = rule.match();
            // Rules that share a phrase are fine as long as something else tells them apart.
            String rest = m.codes() + "|" + m.enhanced() + "|" + m.phases() + "|" + m.providers() + "|" + m.with() + "|"
                    + m.regex();
            for (Phrase phrase : m.text()) {
                String earlier = first.putIfAbsent(Map.entry(phrase, rest), rule.id());
                if (earlier != null && m.without().isEmpty()) {
                    findings.add(new LintFinding(
                            Severity.WARNING,
                            pack.file() + ": rule " + rule.id(),
                            "has the phrase \"" + phrase.source() + "\" a second time; rule " + earlier
                                    + " has it already"));
                }
            }
        }
    }
}
