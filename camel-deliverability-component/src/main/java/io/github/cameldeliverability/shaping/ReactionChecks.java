package io.github.cameldeliverability.shaping;

import io.github.cameldeliverability.mail.Fault;
import io.github.cameldeliverability.mail.Reason;
import io.github.cameldeliverability.mail.ReplyEvidence;
import io.github.cameldeliverability.mail.SmtpPhase;
import io.github.cameldeliverability.mail.SmtpReply;
import io.github.cameldeliverability.mail.Verdict;
import io.github.cameldeliverability.mail.spi.VerdictEngine;
import io.github.cameldeliverability.shaping.ReactionRule.Match;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Refuses rules that could never do anything: a provider that nobody defined, a verdict rule that does not exist, a reason
 * that a rule leaves alone by its own samples. Thread-safe.
 */
public final class ReactionChecks {

    private final Supplier<Set<String>> providers;
    private final Set<String> verdictRules;
    private final VerdictEngine verdicts;

    /**
     * @param providers the names that lanes can have at present, beside host sets, {@code mx:...}
     * @param verdictRules ids of the verdict rules
     * @param verdicts judges the samples
     */
    public ReactionChecks(Supplier<Set<String>> providers, Collection<String> verdictRules, VerdictEngine verdicts) {
        this.providers = providers;
        this.verdictRules = Set.copyOf(verdictRules);
        this.verdicts = verdicts;
    }

    /** The names that scopes may have at present: rules are to be checked anew when these change. */
    public Set<String> providers() {
        return providers.get();
    }

    void check(String file, Reactions reactions) {
        for (ReactionRule r : reactions.rules()) {
            String place = file + ": reactions " + r.id();
            r.scope().provider().ifPresent(p -> checkProvider(place, p));
            for (String rule : r.match().verdictRules()) {
                if (verdictRules.stream().noneMatch(id -> Match.names(rule, id))) {
                    throw new IllegalArgumentException(
                            place + ": when: no verdict rule is called \"" + rule + "\", so it would never match");
                }
            }
            checkSense(place, r.match());
            r.takes().forEach(s -> checkSample(place, r, s, true));
            r.leaves().forEach(s -> checkSample(place, r, s, false));
        }
        for (GuardRule g : reactions.guards()) {
            g.provider().ifPresent(p -> checkProvider(file + ": guard " + g.id(), p));
        }
        checkShadows(file, reactions.rules());
    }

    private void checkProvider(String place, String provider) {
        Set<String> known = providers();
        if (!known.contains(provider) && !provider.startsWith("mx:")) {
            throw new IllegalArgumentException(place + ": scope: no provider is called \"" + provider
                    + "\", so it would never match; known are "
                    + String.join(", ", known.stream().sorted().toList())
                    + ", and mx:HOST for the mail hosts of others");
        }
    }

    /** What a rule about lanes must not count: a recipient's own trouble would stop everybody's mail. */
    private static void checkSense(String place, Match match) {
        if (match.faults().contains(Fault.RECIPIENT) && match.faults().size() == 1) {
            throw new IllegalArgumentException(place + ": when: fault recipient is about one address, not about"
                    + " the lane; a guard watches such rates (guard: watch: unknown-users)");
        }
        if (match.faults().isEmpty()
                && !match.reasons().isEmpty()
                && match.reasons().stream().allMatch(ReactionChecks::isOfRecipient)) {
            throw new IllegalArgumentException(
                    place + ": when: these reasons are about one address, not about the lane; a guard watches such"
                            + " rates (guard: watch: hard-bounces)");
        }
    }

    private static boolean isOfRecipient(Reason reason) {
        return reason.usualFault() == Fault.RECIPIENT;
    }

    private void checkSample(String place, ReactionRule rule, String sample, boolean wanted) {
        SmtpReply reply = SmtpReply.parse(sample)
                .orElseThrow(() -> new IllegalArgumentException(
                        place + ": a sample must begin with a reply code: \"" + sample + "\""));
        Verdict v = verdicts.judge(
                ReplyEvidence.of(reply, SmtpPhase.RCPT, rule.scope().provider().or(Optional::empty)));
        if (rule.match().takes(v) != wanted) {
            throw new IllegalArgumentException(place + ": " + (wanted ? "takes" : "leaves") + " the sample \"" + sample
                    + "\", but it is judged as " + v.reason().id() + ", fault "
                    + v.fault().id() + ", "
                    + (v.isPermanent() ? "permanent" : "transient") + ", rule " + v.ruleId() + ", and so it does "
                    + (wanted ? "not " : "") + "match");
        }
    }

    private static void checkShadows(String file, List<ReactionRule> rules) {
        for (int i = 0; i < rules.size(); i++) {
            for (int j = i + 1; j < rules.size(); j++) {
                ReactionRule a = rules.get(i);
                ReactionRule b = rules.get(j);
                if (a.match().equals(b.match())
                        && a.scope().equals(b.scope())
                        && a.by().equals(b.by())
                        && a.action().kind() == b.action().kind()) {
                    throw new IllegalArgumentException(
                            file + ": rules " + a.id() + " and " + b.id() + " react alike to the same; keep one");
                }
            }
        }
    }
}
