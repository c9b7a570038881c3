package io.github.cameldeliverability.shaping;

import io.github.cameldeliverability.mail.EffectKey;
import io.github.cameldeliverability.mail.Verdict;
import io.github.cameldeliverability.mail.spi.EffectStore.Report;
import io.github.cameldeliverability.mail.spi.EffectStore.ReportKind;
import io.github.cameldeliverability.shaping.GuardRule.Watch;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Watches how each stream stands with each provider: present rates against bounds, and against what is usual between these
 * two. Not thread-safe.
 */
final class ReputationGuard {

    /** Pairs that are remembered; those that mail least recently go first. */
    private static final int MOST_PAIRS = 5_000;

    private static final Duration USUAL = Duration.ofDays(7);
    private static final int MOST_EVIDENCE = 3;
    /** Less is no news worth a row. */
    private static final double WORTH_A_NOTE = 10;

    /** A stream and a provider. */
    record Pair(String stream, String provider) {

        /** Stream names hold no bar. */
        String name() {
            return stream + "|" + provider;
        }

        static Optional<Pair> read(String name) {
            int bar = name.indexOf('|');
            return bar <= 0 || bar == name.length() - 1
                    ? Optional.empty()
                    : Optional.of(new Pair(name.substring(0, bar), name.substring(bar + 1)));
        }
    }

    /** A rate that is too much. */
    record TooMuch(GuardRule rule, EffectKey key, String why, List<String> evidence, double perSecond) {}

    /** What is known of one pair. */
    private static final class Account {
        final Map<Watch, DecayingRate> usual = new EnumMap<>(Watch.class);
        final Map<String, DecayingRate> present = new HashMap<>();
        final Map<Watch, Deque<String>> evidence = new EnumMap<>(Watch.class);

        DecayingRate usual(Watch watch, Instant now) {
            return usual.computeIfAbsent(watch, w -> new DecayingRate(USUAL, now));
        }

        DecayingRate present(GuardRule rule, Instant now) {
            return present.computeIfAbsent(rule.id(), id -> new DecayingRate(rule.halfLife(), now));
        }
    }

    private List<GuardRule> rules = List.of();
    private final Map<Pair, Account> records = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Pair, Account> eldest) {
            return size() > MOST_PAIRS;
        }
    };
    private final Set<Pair> changed = new HashSet<>();

    void use(List<GuardRule> newRules) {
        Set<String> same = new HashSet<>();
        newRules.stream().filter(rules::contains).forEach(r -> same.add(r.id()));
        records.values().forEach(r -> r.present.keySet().retainAll(same));
        rules = List.copyOf(newRules);
    }

    void delivered(String stream, String provider, Instant now) {
        Pair pair = new Pair(stream, provider);
        Account record = account(pair);
        attempted(record, pair, now, true);
    }

    List<TooMuch> failed(String stream, String provider, Verdict v, Instant now) {
        Pair pair = new Pair(stream, provider);
        Account record = account(pair);
        attempted(record, pair, now, false);
        List<TooMuch> all = new ArrayList<>();
        for (Watch watch : Watch.values()) {
            if (watch.counts(v)) {
                all.addAll(happened(record, pair, watch, v.evidence(), now, now));
            }
        }
        return all;
    }

    List<TooMuch> reported(Report report, Instant now) {
        Pair pair = new Pair(report.stream(), report.provider());
        Watch watch = report.kind() == ReportKind.COMPLAINT ? Watch.COMPLAINTS : Watch.HARD_BOUNCES;
        return happened(account(pair), pair, watch, report.evidence(), report.deliveredAt(), now);
    }

    private Account account(Pair pair) {
        return records.computeIfAbsent(pair, p -> new Account());
    }

    private void attempted(Account record, Pair pair, Instant now, boolean delivered) {
        for (Watch watch : Watch.values()) {
            // Only what was delivered can be complained of.
            if (delivered || watch != Watch.COMPLAINTS) {
                record.usual(watch, now).attempt(now);
            }
        }
        for (GuardRule rule : rules) {
            if (rule.isAbout(pair.stream(), pair.provider()) && (delivered || rule.watch() != Watch.COMPLAINTS)) {
                record.present(rule, now).attempt(now);
            }
        }
        changed.add(pair);
    }

    private List<TooMuch> happened(
            Account record, Pair pair, Watch watch, String evidence, Instant deliveredAt, Instant now) {
        changed.add(pair);
        DecayingRate usual = record.usual(watch, now);
        usual.event(now);
        Deque<String> replies = record.evidence.computeIfAbsent(watch, w -> new ArrayDeque<>());
        if (replies.size() == MOST_EVIDENCE) {
            replies.removeFirst();
        }
        replies.add(evidence);
        List<TooMuch> all = new ArrayList<>();
        for (GuardRule rule : rules) {
            if (rule.watch() == watch && rule.isAbout(pair.stream(), pair.provider())) {
                DecayingRate present = record.present(rule, now);
                // What was sent before the last pause was paid for with it.
                if (!present.isBeforeReset(deliveredAt)) {
                    present.event(now);
                    judge(rule, present, usual)
                            .ifPresent(why -> all.add(new TooMuch(
                                    rule,
                                    EffectKey.of(pair.stream(), pair.provider()),
                                    why,
                                    List.copyOf(replies),
                                    present.perSecond(now))));
                }
            }
        }
        return all;
    }

    /** Why the present rate is too much; empty if it is not. */
    private static Optional<String> judge(GuardRule rule, DecayingRate present, DecayingRate usual) {
        // An event that the attempts of before a pause brought about must not make a rate of more than one.
        double attempts = Math.max(present.attempts(), present.events());
        // Both have forgotten a little of what was just counted.
        if (present.events() < rule.count() * 0.95 || attempts < rule.sample() * 0.95) {
            return Optional.empty();
        }
        double rate = present.events() / attempts;
        String now = rule.watch().id() + " at " + percent(rate) + " of " + Math.round(attempts);
        if (rule.limit() > 0 && rate >= rule.limit()) {
            return Optional.of(now + ", limit " + percent(rule.limit()));
        }
        double earlierAttempts = usual.attempts() - present.attempts();
        if (rule.factor() > 0 && rate >= rule.floor() && earlierAttempts >= rule.sample()) {
            double before = Math.max(0, usual.events() - present.events()) / earlierAttempts;
            if (rate >= rule.factor() * before) {
                return Optional.of(now + ", usual are " + percent(before));
            }
        }
        return Optional.empty();
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.2f %%", share * 100);
    }

    /** After an effect was made of it, a rate begins anew. */
    void reset(GuardRule rule, EffectKey key, Instant now) {
        Pair pair = new Pair(key.stream().orElse(""), key.provider().orElse(""));
        account(pair).present(rule, now).reset(now);
        changed.add(pair);
    }

    /** The present rates of a pair, for explanations. */
    List<Explanation> explain(String stream, String provider) {
        Account record = records.get(new Pair(stream, provider));
        List<Explanation> lines = new ArrayList<>();
        if (record != null) {
            for (GuardRule rule : rules) {
                DecayingRate present = record.present.get(rule.id());
                if (present != null && present.attempts() >= 1) {
                    lines.add(new Explanation(
                            rule.watch().id(),
                            percent(present.rate()) + " of " + Math.round(present.attempts()),
                            "guard " + rule.id() + " in " + rule.source() + ": "
                                    + (rule.limit() > 0 ? "limit " + percent(rule.limit()) : "")
                                    + (rule.factor() > 0
                                            ? (rule.limit() > 0 ? " or " : "") + rule.factor() + " times the usual "
                                                    + percent(record.usual
                                                            .get(rule.watch())
                                                            .rate())
                                            : "")));
                }
            }
        }
        return lines;
    }

    // ---- the store

    /** The records that changed since the last call, by pair. */
    Map<String, String> changes() {
        Map<String, String> notes = new HashMap<>();
        for (Pair pair : changed) {
            Account r = records.get(pair);
            if (r != null && r.usual.values().stream().anyMatch(u -> u.attempts() >= WORTH_A_NOTE || u.events() > 0)) {
                List<String> parts = new ArrayList<>();
                r.usual.forEach((w, rate) -> parts.add("u:" + w.id() + "=" + rate.remember()));
                r.present.forEach((id, rate) -> parts.add("p:" + id + "=" + rate.remember()));
                notes.put(pair.name(), String.join(" ", parts));
            }
        }
        changed.clear();
        return notes;
    }

    /** Takes up a record that {@link #changes} gave. */
    void recall(String name, String text, Instant now) {
        Pair.read(name).ifPresent(pair -> {
            Account record = account(pair);
            for (String part : text.split(" ")) {
                int eq = part.indexOf('=');
                if (eq > 2 && part.startsWith("u:")) {
                    Watch.byId(part.substring(2, eq))
                            .ifPresent(w -> record.usual(w, now).recall(part.substring(eq + 1)));
                } else if (eq > 2 && part.startsWith("p:")) {
                    String id = part.substring(2, eq);
                    rules.stream().filter(r -> r.id().equals(id)).forEach(r -> record.present(r, now)
                            .recall(part.substring(eq + 1)));
                }
            }
        });
    }
}
