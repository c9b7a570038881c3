package io.github.cameldeliverability.verdict;

import io.github.cameldeliverability.mail.Fault;
import io.github.cameldeliverability.mail.Permanence;
import io.github.cameldeliverability.mail.Reason;
import io.github.cameldeliverability.mail.SmtpPhase;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Reads one rule of a pack. */
final class RuleReader {

    private final String file;
    private final int number;

    /** @param number of the rule in its file, from 1, for complaints about a rule without an id */
    RuleReader(String file, int number) {
        this.file = file;
        this.number = number;
    }

    Rule read(Object element) {
        YamlFields unnamed = YamlFields.of(file + ": rule number " + number, element);
        String id = unnamed.required("id");
        if (!id.matches("[a-z0-9][a-z0-9-]*")) {
            throw unnamed.bad("id", "must be lower-case letters, digits and hyphens, not \"" + id + "\"");
        }
        String place = file + ": rule " + id;
        YamlFields f = YamlFields.of(place, element);
        f.allow("id", "match", "verdict", "priority", "guarded", "source", "since", "samples");
        f.optional("source");
        f.optional("since");
        if (!f.has("match") || !f.has("verdict") || !f.has("samples")) {
            throw new RulePackException(place + ": needs match, verdict and samples");
        }
        Match match = match(f.nested("match"));
        YamlFields v = f.nested("verdict");
        v.allow("reason", "permanence", "fault");
        Reason reason = v.known("reason", v.required("reason"), RuleReader::reason);
        Fault fault = v.optional("fault")
                .map(t -> v.known("fault", t, RuleReader::fault))
                .orElse(reason.usualFault());
        Optional<Permanence> permanence =
                v.optional("permanence").map(t -> v.known("permanence", t, RuleReader::permanence));
        YamlFields s = f.nested("samples");
        s.allow("positive", "negative");
        return new Rule(
                id,
                match,
                reason,
                permanence,
                fault,
                f.flag("guarded", true),
                f.number("priority", 0),
                samples(place, s, "positive"),
                samples(place, s, "negative"));
    }

    private Match match(YamlFields m) {
        m.allow("code", "enhanced", "phase", "provider", "text", "with", "without", "regex");
        List<CodeRange> codes = m.strings("code").stream()
                .map(t -> m.known("code", t, CodeRange::parse))
                .toList();
        List<EnhancedPattern> enhanced = m.strings("enhanced").stream()
                .map(t -> m.known("enhanced", t, EnhancedPattern::parse))
                .toList();
        Set<SmtpPhase> phases = EnumSet.noneOf(SmtpPhase.class);
        m.strings("phase").forEach(t -> phases.add(m.known("phase", t, RuleReader::phase)));
        Set<String> providers = new TreeSet<>();
        m.strings("provider").forEach(t -> providers.add(t.toLowerCase(Locale.ROOT)));
        Match match = new Match(
                codes,
                enhanced,
                phases,
                Set.copyOf(providers),
                phrases(m, "text"),
                phrases(m, "with"),
                phrases(m, "without"),
                m.optional("regex").map(t -> m.parsed("regex", t, RuleReader::regex)));
        if (match.text().isEmpty()
                && (match.regex().isPresent() || !match.with().isEmpty())) {
            throw m.bad("text", "must name the phrases that lead to regex or with");
        }
        if (match.text().isEmpty() && codes.isEmpty() && enhanced.isEmpty()) {
            throw m.bad("text", "is missing, and so are code and enhanced: the rule would take everything");
        }
        return match;
    }

    private static List<Phrase> phrases(YamlFields m, String key) {
        return m.strings(key).stream().map(t -> m.parsed(key, t, Phrase::parse)).toList();
    }

    private static Pattern regex(String text) {
        try {
            return Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("is no regular expression: " + e.getDescription(), e);
        }
    }

    private static List<Sample> samples(String place, YamlFields s, String key) {
        List<Sample> out = new ArrayList<>();
        for (Object element : s.list(key)) {
            if (element instanceof Map<?, ?>) {
                YamlFields f = YamlFields.of(place + ": " + key + " sample " + (out.size() + 1), element);
                f.allow("reply", "phase", "provider");
                out.add(new Sample(
                        f.required("reply"),
                        f.optional("phase").map(t -> f.known("phase", t, RuleReader::phase)),
                        f.optional("provider")));
            } else if (element instanceof String text && !text.isBlank()) {
                out.add(new Sample(text, Optional.empty(), Optional.empty()));
            } else {
                throw s.bad(key, "must hold texts, or mappings with reply, phase and provider");
            }
        }
        if (out.isEmpty()) {
            throw s.bad(key, "needs at least one sample");
        }
        return List.copyOf(out);
    }

    // Names must be written as their ids are, so that a pack reads the same everywhere.
    private static Optional<Reason> reason(String id) {
        return Reason.byId(id).filter(r -> r.id().equals(id));
    }

    private static Optional<Fault> fault(String id) {
        for (Fault fault : Fault.values()) {
            if (fault.id().equals(id)) {
                return Optional.of(fault);
            }
        }
        return Optional.empty();
    }

    private static Optional<Permanence> permanence(String id) {
        for (Permanence p : Permanence.values()) {
            if (p.name().toLowerCase(Locale.ROOT).equals(id)) {
                return Optional.of(p);
            }
        }
        return Optional.empty();
    }

    private static Optional<SmtpPhase> phase(String id) {
        for (SmtpPhase p : SmtpPhase.values()) {
            if (p.name().toLowerCase(Locale.ROOT).equals(id)) {
                return Optional.of(p);
            }
        }
        return Optional.empty();
    }
}
