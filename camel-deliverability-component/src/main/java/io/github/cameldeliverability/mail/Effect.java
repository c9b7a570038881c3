package io.github.cameldeliverability.mail;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * Something that holds mail back for a while, under a name: who or what made it, why, and how it ends. An effect never
 * ends by a jump: its time being over, or being cancelled, it recovers step by step. Immutable.
 *
 * @param id by which people name it, {@code source-listed-k3f9}
 * @param kind what it does
 * @param key which mail it covers
 * @param amount of {@link EffectKind#SLOW} the share that is left (0.25), of {@link EffectKind#CAP} recipients a second;
 *     otherwise 0
 * @param rule the rule that made it, or {@code operator}
 * @param why for people, one sentence
 * @param evidence the last replies, newest last; at most {@link #MOST_EVIDENCE}
 * @param since when it began
 * @param until when it begins to recover; empty means when somebody says so
 * @param phase how far it is
 * @param step of the recovery, from 0
 * @param failures how often a probe has failed
 * @param changedAt when phase or step changed last
 * @param orders how many orders operators gave about it: of two states of an effect the one with more is the newer
 */
public record Effect(
        String id,
        EffectKind kind,
        EffectKey key,
        double amount,
        String rule,
        String why,
        List<String> evidence,
        Instant since,
        Optional<Instant> until,
        Phase phase,
        int step,
        int failures,
        Instant changedAt,
        int orders) {

    /** The rule of effects that people made. */
    public static final String OPERATOR = "operator";

    public static final int MOST_EVIDENCE = 3;

    private static final int MOST_CHARACTERS = 500;

    /** The life of an effect. */
    public enum Phase {
        IN_FORCE,
        /** Covered mail flows again, little by little. */
        RECOVERING,
        ENDED;

        public String id() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    public Effect {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(rule, "rule");
        Objects.requireNonNull(why, "why");
        Objects.requireNonNull(since, "since");
        Objects.requireNonNull(until, "until");
        Objects.requireNonNull(phase, "phase");
        Objects.requireNonNull(changedAt, "changedAt");
        evidence = last(evidence);
    }

    private static List<String> last(List<String> replies) {
        List<String> cut = new ArrayList<>();
        for (String r : replies.subList(Math.max(0, replies.size() - MOST_EVIDENCE), replies.size())) {
            cut.add(r.length() > MOST_CHARACTERS ? r.substring(0, MOST_CHARACTERS) : r);
        }
        return List.copyOf(cut);
    }

    /** A new effect in force. */
    public static Effect begin(
            String id,
            EffectKind kind,
            EffectKey key,
            double amount,
            String rule,
            String why,
            List<String> evidence,
            Instant now,
            Optional<Instant> until) {
        return new Effect(id, kind, key, amount, rule, why, evidence, now, until, Phase.IN_FORCE, 0, 0, now, 0);
    }

    /** Whether covered mail must not be sent now. */
    public boolean holdsNow() {
        return phase == Phase.IN_FORCE && kind.holds();
    }

    public boolean isOver() {
        return phase == Phase.ENDED;
    }

    public Effect withUntil(Optional<Instant> moment) {
        return with(moment, phase, step, failures, changedAt, orders, evidence, why);
    }

    /** In another phase, at its first step. */
    public Effect in(Phase next, Instant now) {
        return with(until, next, 0, failures, now, orders, evidence, why);
    }

    public Effect atStep(int next, Instant now) {
        return with(until, phase, next, failures, now, orders, evidence, why);
    }

    /** In force once more, because a probe failed. */
    public Effect failedAgain(Instant now, Optional<Instant> nextUntil) {
        return with(nextUntil, Phase.IN_FORCE, 0, failures + 1, now, orders, evidence, why);
    }

    /** With one more reply as evidence. */
    public Effect seen(String reply) {
        List<String> more = new ArrayList<>(evidence);
        more.add(reply);
        return with(until, phase, step, failures, changedAt, orders, more, why);
    }

    /** As somebody ordered it; the reason is what people read first. */
    public Effect ordered(String said) {
        return with(until, phase, step, failures, changedAt, orders + 1, evidence, said);
    }

    private Effect with(
            Optional<Instant> newUntil,
            Phase newPhase,
            int newStep,
            int newFailures,
            Instant newChangedAt,
            int newOrders,
            List<String> newEvidence,
            String newWhy) {
        return new Effect(
                id,
                kind,
                key,
                amount,
                rule,
                newWhy,
                newEvidence,
                since,
                newUntil,
                newPhase,
                newStep,
                newFailures,
                newChangedAt,
                newOrders);
    }

    /** One line for people: what, on what, by whom, until when, why. */
    public String describe() {
        String end = phase == Phase.IN_FORCE
                ? until.map(u -> "until " + u).orElse("until revived")
                : phase.id() + (phase == Phase.RECOVERING ? " (step " + step + ")" : "");
        return id + ": " + kind.id() + (amount > 0 ? " " + amount : "") + " " + key + " " + end + ", rule " + rule
                + ": " + why;
    }
}
