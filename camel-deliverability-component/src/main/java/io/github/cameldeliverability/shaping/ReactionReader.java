package io.github.cameldeliverability.shaping;

import io.github.cameldeliverability.mail.EffectKey.Part;
import io.github.cameldeliverability.mail.EffectKind;
import io.github.cameldeliverability.mail.Fault;
import io.github.cameldeliverability.mail.Permanence;
import io.github.cameldeliverability.mail.Reason;
import io.github.cameldeliverability.shaping.GuardRule.Watch;
import io.github.cameldeliverability.shaping.ReactionRule.Action;
import io.github.cameldeliverability.shaping.ReactionRule.Match;
import io.github.cameldeliverability.shaping.ReactionRule.Scope;
import io.github.cameldeliverability.shaping.ReactionRule.Trigger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads rules from a YAML file. Strict: what is unknown, out of range or could
 * never match is refused with the place that it stands at. The form is described in {@code docs/effects.md}.
 */
public final class ReactionReader {

    private static final LoadSettings SETTINGS = LoadSettings.builder()
            .setAllowDuplicateKeys(false)
            .setMaxAliasesForCollections(20)
            .setCodePointLimit(1 << 20)
            .build();

    private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9-]{0,60}");
    private static final Set<Part> LANE = EnumSet.of(Part.STREAM, Part.SOURCE, Part.PROVIDER);

    private static final Duration PROBE_FIRST = Duration.ofMinutes(5);
    private static final Duration PROBE_LONGEST = Duration.ofHours(4);
    private static final Duration STEP = Duration.ofSeconds(30);
    private static final String UNTIL_PROBE = "until-probe";
    private static final String UNTIL_REVIVED = "until-revived";

    private final String file;
    private final ReactionChecks checks;

    /**
     * @param file names the source in messages
     * @param checks what rules may speak of
     */
    public ReactionReader(String file, ReactionChecks checks) {
        this.file = file;
        this.checks = checks;
    }

    /**
     * @param text what the file holds
     * @throws IllegalArgumentException naming file, rule and key
     */
    public Reactions read(String text) {
        Object root = yaml(text);
        if (root == null) {
            return Reactions.NONE;
        }
        RuleFields top = RuleFields.of(file, root, "reactions", "guard", "off");
        List<ReactionRule> rules = new ArrayList<>();
        List<GuardRule> guards = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        int n = 0;
        for (Object o : top.list("reactions")) {
            ReactionRule rule = reaction(place("reactions", ++n, o), o);
            unique(ids, rule.id());
            rules.add(rule);
        }
        n = 0;
        for (Object o : top.list("guard")) {
            GuardRule rule = guard(place("guard", ++n, o), o);
            unique(ids, rule.id());
            guards.add(rule);
        }
        Reactions read = new Reactions(rules, guards, new HashSet<>(top.texts("off")));
        checks.check(file, read);
        return read;
    }

    /** Maps, lists and scalars; null for an empty text. */
    private Object yaml(String text) {
        try {
            return new Load(SETTINGS).loadFromString(text);
        } catch (YamlEngineException e) {
            throw new IllegalArgumentException(file + ": not valid YAML: " + e.getMessage(), e);
        }
    }

    private String place(String list, int n, Object o) {
        Object id = o instanceof java.util.Map<?, ?> m ? m.get("id") : null;
        return file + ": " + list + " " + (id == null ? "number " + n : id);
    }

    private void unique(Set<String> ids, String id) {
        if (!ids.add(id)) {
            throw new IllegalArgumentException(file + ": two rules have the id " + id);
        }
    }

    private ReactionRule reaction(String place, Object o) {
        RuleFields f =
                RuleFields.of(place, o, "id", "when", "scope", "by", "trigger", "effect", "takes", "leaves", "about");
        RuleFields when = f.nested("when", "reason", "fault", "permanence", "rule");
        Match match = new Match(
                new HashSet<>(when.words("reason", Reason::byId, ids(Reason.values(), Reason::id))),
                new HashSet<>(when.words("fault", ReactionReader::fault, ids(Fault.values(), Fault::id))),
                when.words("permanence", ReactionReader::permanence, List.of("transient", "permanent")).stream()
                        .findFirst(),
                when.texts("rule"));
        if (match.equals(new Match(Set.of(), Set.of(), Optional.empty(), List.of()))) {
            throw new IllegalArgumentException(
                    place + ": when is missing: say which verdicts count, by reason, fault, permanence or rule");
        }
        Set<Part> by = EnumSet.noneOf(Part.class);
        by.addAll(f.words("by", Part::byId, ids(Part.values(), Part::id)));
        if (by.isEmpty()) {
            by.addAll(LANE);
        }
        RuleFields t = f.nested("trigger", "count", "ratio", "sample", "window");
        int count = t.count("count", 1);
        Trigger trigger = new Trigger(
                count,
                t.share("ratio").orElse(0),
                Math.max(count, t.count("sample", count)),
                t.duration("window").orElse(Duration.ofMinutes(10)));
        return new ReactionRule(
                id(f), file, match, scope(f), by, trigger, action(f, by), f.texts("takes"), f.texts("leaves"));
    }

    private GuardRule guard(String place, Object o) {
        RuleFields f = RuleFields.of(
                place,
                o,
                "id",
                "watch",
                "scope",
                "limit",
                "factor",
                "floor",
                "count",
                "sample",
                "half-life",
                "effect",
                "about");
        RuleFields scope = f.nested("scope", "stream", "provider");
        f.required("watch");
        Watch watch =
                f.words("watch", Watch::byId, ids(Watch.values(), Watch::id)).get(0);
        double limit = f.share("limit").orElse(0);
        double factor = f.number("factor").orElse(0);
        if (limit == 0 && factor == 0) {
            throw new IllegalArgumentException(place + ": say what is too much: limit, or factor with floor");
        }
        if (factor > 0 && (factor <= 1 || f.share("floor").isEmpty())) {
            throw new IllegalArgumentException(
                    place + ": factor must be above 1 and needs floor, the rate below which nothing is too much");
        }
        Action action = action(f, EnumSet.of(Part.STREAM, Part.PROVIDER));
        return new GuardRule(
                id(f),
                file,
                watch,
                scope.text("stream"),
                scope.text("provider"),
                limit,
                factor,
                f.share("floor").orElse(0),
                f.count("count", 5),
                f.count("sample", 200),
                f.duration("half-life").orElse(Duration.ofHours(1)),
                action);
    }

    private static String id(RuleFields f) {
        String id = f.required("id");
        if (!ID.matcher(id).matches()) {
            throw f.bad("id", "must be small letters, digits and '-': " + id);
        }
        return id;
    }

    private static Scope scope(RuleFields f) {
        RuleFields s = f.nested("scope", "stream", "source", "provider", "dkim-domain", "tag");
        return new Scope(
                s.text("stream"),
                s.text("source"),
                s.text("provider"),
                s.text("dkim-domain").map(d -> d.toLowerCase(Locale.ROOT)),
                s.text("tag"));
    }

    private static Action action(RuleFields rule, Set<Part> by) {
        RuleFields f = rule.nested(
                "effect", "slow", "cap", "suspend", "switch-source", "stop-stream", "for", "longest", "step");
        List<EffectKind> kinds = Arrays.stream(EffectKind.values())
                .filter(k -> k != EffectKind.KILL && f.has(k.id()))
                .toList();
        if (kinds.size() != 1) {
            throw new IllegalArgumentException(
                    f.place() + " must name one of slow, cap, suspend, switch-source, stop-stream");
        }
        EffectKind kind = kinds.get(0);
        checkKey(f, kind, by);
        Duration step = f.duration("step").orElse(STEP);
        if (!kind.holds()) {
            double amount;
            if (kind == EffectKind.SLOW) {
                amount = f.share("slow").orElseThrow();
                if (amount <= 0 || amount >= 1) {
                    throw f.bad("slow", "must be the share that is left, between 0% and 100%");
                }
            } else {
                String text = f.required("cap");
                amount = rate(f, text);
            }
            Duration first = f.duration("for").orElse(Duration.ofMinutes(30));
            return new Action(kind, amount, first, longest(f, first), step);
        }
        if (f.has("for")) {
            throw f.bad("for", "is for slow and cap; say " + kind.id() + ": 2h");
        }
        String time = f.required(kind.id());
        if (time.equals(UNTIL_PROBE)) {
            Duration longest = f.duration("longest").orElse(PROBE_LONGEST);
            return new Action(kind, 0, PROBE_FIRST.compareTo(longest) < 0 ? PROBE_FIRST : longest, longest, step);
        }
        if (time.equals(UNTIL_REVIVED)) {
            return new Action(kind, 0, Duration.ZERO, Duration.ZERO, step);
        }
        Duration first = RuleFields.parseDuration(time)
                .orElseThrow(() -> f.bad(
                        kind.id(), "must be a time such as 2h, " + UNTIL_PROBE + " or " + UNTIL_REVIVED + ": " + time));
        return new Action(kind, 0, first, longest(f, first), step);
    }

    private static double rate(RuleFields f, String text) {
        try {
            double perSecond = (Double) Limit.MESSAGES_PER_SECOND.parse(text);
            if (perSecond > 0) {
                return perSecond;
            }
        } catch (IllegalArgumentException e) {
            throw f.bad("cap", "must be a rate such as 30/m: " + text);
        }
        throw f.bad("cap", "must be a rate such as 30/m: " + text);
    }

    private static Duration longest(RuleFields f, Duration first) {
        Duration longest = f.duration("longest").orElse(first);
        if (longest.compareTo(first) < 0) {
            throw f.bad("longest", "must not be shorter than the first time");
        }
        return longest;
    }

    private static void checkKey(RuleFields f, EffectKind kind, Set<Part> by) {
        if (by.contains(Part.TAG) && kind != EffectKind.SUSPEND) {
            throw new IllegalArgumentException(f.place() + ": " + kind.id()
                    + " cannot be given by tag: mail of all tags shares its lanes; only suspend can");
        }
        if (kind == EffectKind.SWITCH_SOURCE && !by.contains(Part.SOURCE)) {
            throw new IllegalArgumentException(
                    f.place() + ": switch-source needs \"source\" in by: it is about one source address");
        }
        if (kind == EffectKind.STOP_STREAM && !by.equals(EnumSet.of(Part.STREAM))) {
            throw new IllegalArgumentException(f.place() + ": stop-stream needs by: [stream]");
        }
    }

    private static Optional<Fault> fault(String id) {
        return Arrays.stream(Fault.values()).filter(x -> x.id().equals(id)).findFirst();
    }

    private static Optional<Permanence> permanence(String id) {
        return Arrays.stream(Permanence.values())
                .filter(x -> x.name().equalsIgnoreCase(id))
                .findFirst();
    }

    private static <T> List<String> ids(T[] values, Function<T, String> id) {
        return Arrays.stream(values).map(id).toList();
    }
}
