package io.github.cameldeliverability.shaping;

import io.github.cameldeliverability.mail.EffectKey;
import io.github.cameldeliverability.mail.EffectKind;
import io.github.cameldeliverability.mail.Fault;
import io.github.cameldeliverability.mail.Lane;
import io.github.cameldeliverability.mail.Permanence;
import io.github.cameldeliverability.mail.Reason;
import io.github.cameldeliverability.mail.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * "When servers say this so often, do that": from verdicts to an effect. Data, read by {@link ReactionReader}. Immutable.
 *
 * @param id names the rule in effects and lets a user's rule take the place of a built-in one
 * @param source the file it comes from
 * @param match which verdicts count
 * @param scope which mail it is about; empty parts mean any
 * @param by what is counted together, and what the effect will cover
 * @param trigger how often is often
 * @param action what to do then
 * @param takes replies that it must count, checked when it is read
 * @param leaves replies that it must not count
 */
public record ReactionRule(
        String id,
        String source,
        Match match,
        Scope scope,
        Set<EffectKey.Part> by,
        Trigger trigger,
        Action action,
        List<String> takes,
        List<String> leaves) {

    public ReactionRule {
        by = Set.copyOf(by);
        takes = List.copyOf(takes);
        leaves = List.copyOf(leaves);
    }

    /**
     * @param reasons empty means any
     * @param faults empty means any
     * @param permanence empty means either
     * @param verdictRules ids of verdict rules, or beginnings that end in {@code *}; empty means any
     */
    public record Match(
            Set<Reason> reasons, Set<Fault> faults, Optional<Permanence> permanence, List<String> verdictRules) {
        public Match {
            reasons = Set.copyOf(reasons);
            faults = Set.copyOf(faults);
            verdictRules = List.copyOf(verdictRules);
        }

        /** Whether the verdict counts. */
        public boolean takes(Verdict v) {
            return (reasons.isEmpty() || reasons.contains(v.reason()))
                    && (faults.isEmpty() || faults.contains(v.fault()))
                    && (permanence.isEmpty() || permanence.get() == v.permanence())
                    && (verdictRules.isEmpty() || verdictRules.stream().anyMatch(r -> names(r, v.ruleId())));
        }

        static boolean names(String pattern, String ruleId) {
            return pattern.endsWith("*")
                    ? ruleId.startsWith(pattern.substring(0, pattern.length() - 1))
                    : ruleId.equals(pattern);
        }
    }

    /** The mail that a rule is about; every part that is given must hold. */
    public record Scope(
            Optional<String> stream,
            Optional<String> source,
            Optional<String> provider,
            Optional<String> dkimDomain,
            Optional<String> tag) {

        /** Whether a message of the lane is meant. */
        public boolean holds(Lane lane, Set<String> dkimDomains, Set<String> tags) {
            return stream.map(lane.stream()::equals).orElse(true)
                    && source.map(lane.source()::equals).orElse(true)
                    && provider.map(lane.provider()::equals).orElse(true)
                    && dkimDomain.map(dkimDomains::contains).orElse(true)
                    && tag.map(tags::contains).orElse(true);
        }
    }

    /**
     * All three must hold within the window.
     *
     * @param count verdicts that match, at least
     * @param ratio their share of all attempts, at least; 0 asks for none
     * @param sample attempts, at least
     * @param window how far back is looked
     */
    public record Trigger(int count, double ratio, int sample, Duration window) {

        boolean isMet(int matched, int all) {
            return matched >= count && all >= sample && matched >= ratio * all;
        }
    }

    /**
     * @param kind what the effect does
     * @param amount of {@code slow} the share of the recent rate that is left, of {@code cap} recipients a second
     * @param first how long it is in force the first time
     * @param longest how long at most, for it doubles with each probe that fails
     * @param step how long each step of the recovery takes at least
     */
    public record Action(EffectKind kind, double amount, Duration first, Duration longest, Duration step) {

        /** How long it is in force after so many failures. */
        Duration length(int failures) {
            Duration d = first.multipliedBy(1L << Math.min(failures, 20));
            return d.compareTo(longest) > 0 ? longest : d;
        }
    }
}
