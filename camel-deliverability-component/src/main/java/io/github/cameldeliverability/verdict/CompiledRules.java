package io.github.cameldeliverability.verdict;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All rules of an engine in the order in which they are asked, with one index over all their phrases. Only rules of which
 * a phrase occurs, and those that need none, are looked at. Immutable.
 */
final class CompiledRules {

    private final List<Rule> rules;
    private final List<String> ids;
    private final List<Layer> layers;
    private final List<Phrase> phrases;
    /** For each phrase the ranks of the rules it belongs to; a guard belongs to {@link #GUARD}. */
    private final int[][] owners;
    /** For each literal of the index the phrases whose key it is. */
    private final int[][] phrasesOfLiteral;

    private final PhraseIndex index;
    private final long[] withoutText;
    private final List<EnhancedPattern> guardCodes;

    private static final int GUARD = -1;

    /** A rule together with the pack it comes from. */
    private record Ranked(Rule rule, RulePack pack, int packOrder) {}

    CompiledRules(List<RulePack> packs) {
        List<Ranked> ranked = rank(packs);
        rules = ranked.stream().map(Ranked::rule).toList();
        ids = ranked.stream().map(r -> r.pack().name() + "/" + r.rule().id()).toList();
        layers = ranked.stream().map(r -> r.pack().layer()).toList();
        Map<Phrase, List<Integer>> uses = new LinkedHashMap<>();
        packs.forEach(pack -> pack.guards()
                .forEach(g -> uses.computeIfAbsent(g, k -> new ArrayList<>()).add(GUARD)));
        withoutText = new long[(rules.size() + 63) / 64];
        for (int rank = 0; rank < rules.size(); rank++) {
            List<Phrase> text = rules.get(rank).match().text();
            if (text.isEmpty()) {
                withoutText[rank / 64] |= 1L << (rank % 64);
            }
            for (Phrase phrase : text) {
                uses.computeIfAbsent(phrase, k -> new ArrayList<>()).add(rank);
            }
        }
        phrases = List.copyOf(uses.keySet());
        owners = uses.values().stream()
                .map(u -> u.stream().mapToInt(Integer::intValue).toArray())
                .toArray(int[][]::new);
        Map<String, List<Integer>> literals = new LinkedHashMap<>();
        for (int p = 0; p < phrases.size(); p++) {
            literals.computeIfAbsent(phrases.get(p).key(), k -> new ArrayList<>())
                    .add(p);
        }
        phrasesOfLiteral = literals.values().stream()
                .map(u -> u.stream().mapToInt(Integer::intValue).toArray())
                .toArray(int[][]::new);
        index = new PhraseIndex(List.copyOf(literals.keySet()));
        guardCodes = packs.stream().flatMap(p -> p.guardCodes().stream()).toList();
    }

    private static List<Ranked> rank(List<RulePack> packs) {
        List<Ranked> ranked = new ArrayList<>();
        for (int i = 0; i < packs.size(); i++) {
            RulePack pack = packs.get(i);
            // A user's later pack overrides the earlier one; the order of the built-in packs is that of their list.
            int packOrder = pack.layer() == Layer.USER ? -i : i;
            pack.rules().forEach(rule -> ranked.add(new Ranked(rule, pack, packOrder)));
        }
        ranked.sort(Comparator.comparing((Ranked r) -> r.pack().layer())
                .thenComparing(r -> -r.rule().priority())
                .thenComparing(Ranked::packOrder));
        return ranked;
    }

    int size() {
        return rules.size();
    }

    Rule rule(int rank) {
        return rules.get(rank);
    }

    String id(int rank) {
        return ids.get(rank);
    }

    Layer layer(int rank) {
        return layers.get(rank);
    }

    /** The rank of the first rule that takes the evidence, or -1. */
    int first(Facts facts) {
        Candidates candidates = candidates(facts);
        for (int word = 0; word < candidates.ranks.length; word++) {
            for (long bits = candidates.ranks[word]; bits != 0; bits &= bits - 1) {
                int rank = word * 64 + Long.numberOfTrailingZeros(bits);
                if (takes(rules.get(rank), facts, candidates.guarded)) {
                    return rank;
                }
            }
        }
        return -1;
    }

    /** The ranks of all rules that take the evidence, first to last. */
    List<Integer> all(Facts facts) {
        Candidates candidates = candidates(facts);
        List<Integer> found = new ArrayList<>();
        for (int rank = 0; rank < rules.size(); rank++) {
            if ((candidates.ranks[rank / 64] & (1L << (rank % 64))) != 0
                    && takes(rules.get(rank), facts, candidates.guarded)) {
                found.add(rank);
            }
        }
        return found;
    }

    private static boolean takes(Rule rule, Facts facts, boolean guardFound) {
        return rule.match().restHolds(facts)
                && !(guardFound && rule.guarded() && rule.verdict("", facts, "").isHard());
    }

    private Candidates candidates(Facts facts) {
        Candidates c = new Candidates(facts.text(), Arrays.copyOf(withoutText, withoutText.length));
        index.scan(facts.text(), c);
        if (!c.guarded && facts.enhanced() != null) {
            c.guarded = guardCodes.stream().anyMatch(g -> g.matches(facts.enhanced()));
        }
        return c;
    }

    /** What one scan of a text finds. */
    private final class Candidates implements PhraseIndex.Found {

        private final String text;
        private final long[] ranks;
        private boolean guarded;

        Candidates(String text, long[] ranks) {
            this.text = text;
            this.ranks = ranks;
        }

        @Override
        public void literal(int number, int end) {
            for (int p : phrasesOfLiteral[number]) {
                if (phrases.get(p).foundAt(text, end)) {
                    for (int owner : owners[p]) {
                        if (owner == GUARD) {
                            guarded = true;
                        } else {
                            ranks[owner / 64] |= 1L << (owner % 64);
                        }
                    }
                }
            }
        }
    }
}
