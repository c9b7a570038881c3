package io.github.cameldeliverability.verdict;

import io.github.cameldeliverability.mail.Permanence;
import io.github.cameldeliverability.mail.Reason;
import io.github.cameldeliverability.mail.ReplyEvidence;
import io.github.cameldeliverability.mail.Verdict;
import io.github.cameldeliverability.mail.spi.VerdictEngine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * Judges by rule packs: the first rule that matches decides, the most specific layer being asked first (packs of the
 * installation, providers, mail servers, languages, block lists, general wordings, bare codes).
 *
 * <p>What no rule knows is {@link Reason#UNDEFINED} with the permanence of its code, never hard. A verdict that would
 * suppress an address is withheld when the text also speaks of senders, block lists, spam and the like (the packs'
 * guard phrases and codes), unless the rule says that its own phrase is proof enough.
 *
 * <p>Immutable and thread-safe. A text costs one pass whatever the number of rules; only its first 2048 characters
 * count.
 */
public final class RulePackEngine implements VerdictEngine {

    /** The rule id of a verdict that no rule made. */
    public static final String NO_RULE = "none/undefined";

    /** The rule id of a positive reply. */
    public static final String POSITIVE = "none/positive";

    private static final int MAX_EVIDENCE = 300;

    private final List<RulePack> builtIn;
    private final CompiledRules rules;

    private RulePackEngine(List<RulePack> builtIn, List<RulePack> user) {
        this.builtIn = builtIn;
        List<RulePack> all = new ArrayList<>(builtIn);
        all.addAll(user);
        this.rules = new CompiledRules(all);
    }

    /**
     * An engine with the packs of this library.
     *
     * @throws RulePackException if one of them is broken
     */
    public static RulePackEngine builtIn() {
        List<RulePack> packs = PackFiles.builtIn();
        packs.forEach(PackCheck::samples);
        PackCheck.providers(packs, List.of());
        return new RulePackEngine(packs, List.of());
    }

    /**
     * This engine's built-in packs with others on top; earlier user packs are gone. A later pack overrides an earlier
     * one.
     *
     * @param files YAML files, or directories of which all {@code .yaml} and {@code .yml} files are read in the order of
     *     their names
     * @throws RulePackException if one of them is broken; this engine is unchanged
     */
    public RulePackEngine withUserPacks(Collection<Path> files) {
        return layered(PackFiles.read(files));
    }

    /**
     * As {@link #withUserPacks} with the YAML itself.
     *
     * @throws RulePackException if one of them is broken; this engine is unchanged
     */
    public RulePackEngine withUserPackTexts(Collection<String> yaml) {
        List<RulePack> packs = new ArrayList<>();
        for (String text : yaml) {
            packs.add(new RulePackReader("user pack " + (packs.size() + 1), Layer.USER).read(text));
        }
        return layered(packs);
    }

    /**
     * This engine without some of its built-in rules: for an installation where one of them errs, and to measure what the
     * rules are worth. Earlier user packs are gone.
     *
     * @param ruleIds as verdicts state them, {@code general/user-unknown}; ids of no rule are passed over
     */
    public RulePackEngine without(Collection<String> ruleIds) {
        Set<String> off = Set.copyOf(ruleIds);
        List<RulePack> left = builtIn.stream()
                .map(p -> p.withRules(p.rules().stream()
                        .filter(r -> !off.contains(p.name() + "/" + r.id()))
                        .toList()))
                .toList();
        return new RulePackEngine(left, List.of());
    }

    private RulePackEngine layered(List<RulePack> packs) {
        PackCheck.names(packs, builtIn);
        PackCheck.providers(packs, builtIn);
        packs.forEach(PackCheck::samples);
        for (RulePack pack : packs) {
            PackCheck.reachable(pack, new CompiledRules(List.of(pack)));
        }
        return new RulePackEngine(builtIn, List.copyOf(packs));
    }

    @Override
    public Verdict judge(ReplyEvidence evidence) {
        String text = evidence.text();
        String shown = text.length() > MAX_EVIDENCE ? text.substring(0, MAX_EVIDENCE) : text;
        int code = evidence.code().orElse(0);
        if (code >= 200 && code < 400) {
            return Verdict.of(Reason.DELIVERED, Permanence.PERMANENT, POSITIVE, shown);
        }
        Facts facts = Facts.of(evidence);
        int rank = rules.first(facts);
        if (rank < 0) {
            Permanence permanence = facts.codeClass().orElseGet(() -> Rule.withoutCode(Reason.UNDEFINED));
            return Verdict.of(Reason.UNDEFINED, permanence, NO_RULE, shown);
        }
        return rules.rule(rank).verdict(rules.id(rank), facts, shown);
    }

    /** The ids of all rules, in the order in which they are asked. */
    public List<String> ruleIds() {
        List<String> ids = new ArrayList<>();
        for (int rank = 0; rank < rules.size(); rank++) {
            ids.add(rules.id(rank));
        }
        return ids;
    }

    /** The ids of all rules that take the evidence, the deciding one first. For explanations. */
    public List<String> matching(ReplyEvidence evidence) {
        return rules.all(Facts.of(evidence)).stream().map(rules::id).toList();
    }
}
