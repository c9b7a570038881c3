package io.github.cameldeliverability.shaping;

import io.github.cameldeliverability.mail.Effect;
import io.github.cameldeliverability.mail.Effect.Phase;
import io.github.cameldeliverability.mail.EffectEvent;
import io.github.cameldeliverability.mail.EffectEvent.What;
import io.github.cameldeliverability.mail.EffectKey;
import io.github.cameldeliverability.mail.EffectKind;
import io.github.cameldeliverability.mail.Lane;
import io.github.cameldeliverability.mail.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * The effects of the moment: begins them, lets them recover step by step, says what they allow. Not thread-safe.
 *
 * <p>Recovery: covered mail may leave at one message in two seconds and through one connection, that is the probe; each
 * step that saw a delivery and no refusal of the kind doubles it. An effect ends when its limit has not held anything back
 * for a whole step. A refusal of the kind puts it in force again, for twice as long.
 */
final class EffectBook {

    /** The end of what only people end. */
    static final Instant NEVER = Instant.parse("9999-01-01T00:00:00Z");

    static final double PROBE_RATE = 0.5;

    private static final int PROBE_STEPS = 2;
    private static final int MOST_STEPS = 24;
    private static final Duration DEFAULT_STEP = Duration.ofSeconds(30);
    /** Who had an effect so lately gets the next one for longer. */
    private static final Duration MEMORY = Duration.ofDays(1);

    private static final Duration IDLE = Duration.ofDays(1);
    private static final double LOWEST_RATE = 1.0 / 60;
    private static final String LETTERS = "abcdefghjkmnpqrstuvwxyz23456789";

    private final RandomGenerator random;
    private final Map<String, Live> live = new LinkedHashMap<>();
    private final Map<String, Past> past = new HashMap<>();
    private Reactions reactions = Reactions.NONE;

    private final Map<String, Effect> unsaved = new LinkedHashMap<>();
    /** Written while the store is being read: the answer may not know of them yet. */
    private final Set<String> savedMeanwhile = new HashSet<>();

    private final List<EffectEvent> untold = new ArrayList<>();
    private final List<Moved> moved = new ArrayList<>();

    private Instant nextEnd = Instant.MAX;

    /** An effect and what it has seen in the present step. */
    private static final class Live {
        Effect effect;
        /** When the next recipient may go, where the effect limits a rate. */
        Instant nextSlot = Instant.MIN;

        boolean heldSomethingBack;

        Live(Effect effect) {
            this.effect = effect;
        }
    }

    private record Past(int failures, Instant endedAt) {}

    /** Mail that waits until {@code from} is to wait until {@code to} instead. */
    record Moved(Optional<String> stream, Instant from, Instant to) {}

    /** Until when something is held back, and why. */
    record Hold(Instant until, String why) {}

    EffectBook(RandomGenerator random) {
        this.random = random;
    }

    boolean isEmpty() {
        return live.isEmpty();
    }

    List<Effect> effects() {
        return live.values().stream().map(l -> l.effect).toList();
    }

    // ---- what they allow

    /** The longest hold on all mail of the lane. */
    Optional<Hold> hold(Lane lane, Set<String> dkimDomains, Instant now) {
        return hold(now, e -> e.key().covers(lane, dkimDomains));
    }

    /** The longest hold by tag. */
    Optional<Hold> holdByTag(String stream, Set<String> tags, Instant now) {
        return hold(
                now,
                e -> e.key().tag().map(tags::contains).orElse(false)
                        && e.key().stream().map(stream::equals).orElse(true));
    }

    Optional<Hold> hold(Instant now, java.util.function.Predicate<Effect> covers) {
        advance(now);
        Effect longest = null;
        for (Live l : live.values()) {
            if (l.effect.holdsNow()
                    && covers.test(l.effect)
                    && (longest == null || end(l.effect).isAfter(end(longest)))) {
                longest = l.effect;
            }
        }
        return Optional.ofNullable(longest).map(e -> new Hold(end(e), why(e)));
    }

    /** Where others may take over, until when. */
    Optional<Hold> switchedAway(Lane lane, Set<String> dkimDomains, Instant now) {
        return hold(now, e -> e.kind() == EffectKind.SWITCH_SOURCE && e.key().covers(lane, dkimDomains));
    }

    /** Whether a hold on the lane is there for refusals like this one. */
    boolean excuses(Lane lane, Set<String> dkimDomains, Verdict verdict) {
        for (Live l : live.values()) {
            if (l.effect.kind().holds() && l.effect.key().covers(lane, dkimDomains) && isOfItsKind(l.effect, verdict)) {
                return true;
            }
        }
        return false;
    }

    /** How long {@code n} recipients must wait for the limits of effects; takes nothing. */
    Optional<Hold> limit(Lane lane, Set<String> dkimDomains, Instant now) {
        Optional<Hold> longest = Optional.empty();
        for (Live l : live.values()) {
            if (isLimited(l.effect) && l.effect.key().covers(lane, dkimDomains) && l.nextSlot.isAfter(now)) {
                l.heldSomethingBack = true;
                if (longest.isEmpty() || l.nextSlot.isAfter(longest.get().until())) {
                    longest = Optional.of(new Hold(l.nextSlot, why(l.effect)));
                }
            }
        }
        return longest;
    }

    /** Takes {@code n} recipients off the limits of effects. */
    void take(Lane lane, Set<String> dkimDomains, int n, Instant now) {
        for (Live l : live.values()) {
            if (isLimited(l.effect) && l.effect.key().covers(lane, dkimDomains)) {
                long nanos = (long) (n * 1e9 / perSecond(l.effect));
                Instant from = l.nextSlot.isAfter(now) ? l.nextSlot : now;
                // In whole milliseconds and never too early, as clocks tell them.
                l.nextSlot = from.plusMillis((nanos + 999_999) / 1_000_000);
            }
        }
    }

    /** The smallest rate that effects allow the lane; 0 where they limit none. */
    double perSecond(Lane lane, Set<String> dkimDomains) {
        double least = 0;
        for (Live l : live.values()) {
            if (isLimited(l.effect) && l.effect.key().covers(lane, dkimDomains)) {
                double rate = perSecond(l.effect);
                least = least == 0 ? rate : Math.min(least, rate);
            }
        }
        return least;
    }

    int connections(Lane lane, Set<String> dkimDomains) {
        int least = Integer.MAX_VALUE;
        for (Live l : live.values()) {
            Effect e = l.effect;
            if (e.phase() == Phase.RECOVERING && e.kind().holds() && e.key().covers(lane, dkimDomains)) {
                least = Math.min(least, 1 + e.step());
            }
        }
        return least;
    }

    private static boolean isLimited(Effect e) {
        // A tag's mail shares its lanes with other mail: it is held, and let go, as a whole.
        return e.key().tag().isEmpty()
                && (e.phase() == Phase.RECOVERING
                        || (e.phase() == Phase.IN_FORCE && !e.kind().holds()));
    }

    private static double perSecond(Effect e) {
        double base = e.kind().holds() ? PROBE_RATE : e.amount();
        int doublings = e.phase() == Phase.RECOVERING ? e.step() + (e.kind().holds() ? 0 : 1) : 0;
        return base * (1L << Math.min(doublings, 40));
    }

    static String why(Effect e) {
        String evidence = e.evidence().isEmpty()
                ? ""
                : "; last reply: " + e.evidence().get(e.evidence().size() - 1);
        String doing = e.phase() == Phase.RECOVERING
                ? "recovers from " + e.kind().id()
                : e.kind().id();
        return "effect " + e.id() + " (" + doing + "): " + e.why() + evidence;
    }

    private static Instant end(Effect e) {
        return e.until().orElse(NEVER);
    }

    // ---- what happens to them

    /**
     * Begins an effect, unless the same rule has one on the key: that one gets the evidence, or is renewed if it was
     * recovering. Whether anything is held that was not.
     *
     * @param perSecond what the key carried lately
     */
    boolean begin(
            String rule,
            ReactionRule.Action action,
            EffectKey key,
            String why,
            List<String> evidence,
            double perSecond,
            Instant now) {
        advance(now);
        Optional<Live> present = live.values().stream()
                .filter(l -> l.effect.rule().equals(rule) && l.effect.key().equals(key))
                .findFirst();
        if (present.isPresent()) {
            if (present.get().effect.phase() != Phase.RECOVERING) {
                return false;
            }
            renew(present.get(), action, evidence, now);
            return true;
        }
        Past before = past.get(rule + " " + key);
        int failures = before == null || before.endedAt().isBefore(now.minus(MEMORY)) ? 0 : before.failures() + 1;
        double amount =
                action.kind() == EffectKind.SLOW ? Math.max(LOWEST_RATE, action.amount() * perSecond) : action.amount();
        Effect e = new Effect(
                newId(rule),
                action.kind(),
                key,
                amount,
                rule,
                why,
                evidence,
                now,
                until(action, failures, now),
                Phase.IN_FORCE,
                0,
                failures,
                now,
                0);
        put(new Live(e), What.BEGAN, now);
        return true;
    }

    private static Optional<Instant> until(ReactionRule.Action action, int failures, Instant now) {
        Duration length = action.length(failures);
        return length.isZero() ? Optional.empty() : Optional.of(millis(now.plus(length)));
    }

    private String newId(String rule) {
        String id;
        do {
            StringBuilder b = new StringBuilder(rule).append('-');
            for (int i = 0; i < 4; i++) {
                b.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
            }
            id = b.toString();
        } while (live.containsKey(id));
        return id;
    }

    /** A refusal came in; what it means for effects that are there. Whether anything is held that was not. */
    boolean refused(Lane lane, Set<String> dkimDomains, Set<String> tags, Verdict v, Instant now) {
        boolean news = false;
        for (Live l : List.copyOf(live.values())) {
            Effect e = l.effect;
            if (e.key().covers(lane, dkimDomains, tags) && isOfItsKind(e, v)) {
                if (e.phase() == Phase.RECOVERING) {
                    renew(l, reactions.action(e.rule()).orElseThrow(), List.of(v.evidence()), now);
                    news = true;
                } else {
                    l.effect = e.seen(v.evidence());
                    unsaved.put(e.id(), l.effect);
                }
            }
        }
        return news;
    }

    private boolean isOfItsKind(Effect e, Verdict v) {
        return reactions.rule(e.rule()).map(r -> r.match().takes(v)).orElse(false);
    }

    private void renew(Live l, ReactionRule.Action action, List<String> evidence, Instant now) {
        Effect e = l.effect;
        Effect again = e.failedAgain(now, until(action, e.failures() + 1, now));
        for (String reply : evidence) {
            again = again.seen(reply);
        }
        l.effect = again;
        put(l, What.RENEWED, now);
    }

    /** A delivery: lets what recovers go on to its next step, when the time has come. Whether an effect ended. */
    boolean delivered(Lane lane, Set<String> dkimDomains, Instant now) {
        advance(now);
        boolean ended = false;
        for (Live l : List.copyOf(live.values())) {
            Effect e = l.effect;
            if (e.phase() == Phase.RECOVERING && e.key().covers(lane, dkimDomains)) {
                if (!now.isBefore(e.changedAt().plus(stepTime(e)))) {
                    boolean binds = l.heldSomethingBack;
                    l.heldSomethingBack = false;
                    if ((e.step() >= PROBE_STEPS && !binds) || e.step() >= MOST_STEPS) {
                        end(l, now);
                        ended = true;
                    } else {
                        l.effect = e.atStep(e.step() + 1, now);
                        l.nextSlot = Instant.MIN;
                        unsaved.put(e.id(), l.effect);
                    }
                }
            }
        }
        return ended;
    }

    private Duration stepTime(Effect e) {
        return reactions.action(e.rule()).map(ReactionRule.Action::step).orElse(DEFAULT_STEP);
    }

    /** Lets go on what time lets go on. Whether something is not held any more. */
    boolean advance(Instant now) {
        if (now.isBefore(nextEnd)) {
            return false;
        }
        boolean changed = false;
        for (Live l : List.copyOf(live.values())) {
            Effect e = l.effect;
            if (e.phase() == Phase.IN_FORCE && !now.isBefore(end(e))) {
                recover(l, now);
                changed = true;
            } else if (e.phase() == Phase.RECOVERING
                    && !now.isBefore(e.changedAt().plus(IDLE))) {
                end(l, now);
                changed = true;
            }
        }
        findNextEnd();
        return changed;
    }

    private void recover(Live l, Instant now) {
        Effect e = l.effect;
        if (e.key().tag().isPresent()) {
            end(l, now);
            return;
        }
        l.effect = e.in(Phase.RECOVERING, now);
        l.heldSomethingBack = false;
        l.nextSlot = Instant.MIN;
        put(l, What.RECOVERS, now);
    }

    private void end(Live l, Instant now) {
        l.effect = l.effect.in(Phase.ENDED, now);
        put(l, What.ENDED, now);
        live.remove(l.effect.id());
        past.values().removeIf(p -> p.endedAt().isBefore(now.minus(MEMORY)));
        past.put(l.effect.rule() + " " + l.effect.key(), new Past(l.effect.failures(), now));
        findNextEnd();
    }

    private void put(Live l, What what, Instant now) {
        live.put(l.effect.id(), l);
        unsaved.put(l.effect.id(), l.effect);
        untold.add(new EffectEvent(0, what, l.effect, now));
        findNextEnd();
    }

    private void findNextEnd() {
        nextEnd = Instant.MAX;
        for (Live l : live.values()) {
            Instant at = l.effect.phase() == Phase.IN_FORCE
                    ? end(l.effect)
                    : l.effect.changedAt().plus(IDLE);
            nextEnd = at.isBefore(nextEnd) ? at : nextEnd;
        }
    }

    static Instant millis(Instant t) {
        return t.truncatedTo(ChronoUnit.MILLIS);
    }

    // ---- other rules

    /** Uses other rules. An effect whose rule is gone or reacts otherwise now is let go. Whether anything changed. */
    boolean use(Reactions newReactions, Instant now) {
        Reactions old = reactions;
        reactions = newReactions;
        boolean changed = false;
        for (Live l : List.copyOf(live.values())) {
            Effect e = l.effect;
            boolean knew = old.action(e.rule()).isPresent();
            Optional<ReactionRule.Action> is = newReactions.action(e.rule());
            if (e.phase() == Phase.IN_FORCE && knew && !old.same(newReactions, e.rule())) {
                Instant from = end(e);
                if (is.isEmpty() || is.get().kind() != e.kind() || !stillMatches(newReactions, e)) {
                    l.effect = e.ordered("its rule " + e.rule() + " was changed; was: " + e.why());
                    recover(l, now);
                    moved.add(new Moved(e.key().stream(), from, now));
                } else {
                    Optional<Instant> until = until(is.get(), e.failures(), e.changedAt());
                    l.effect = e.withUntil(until);
                    put(l, What.EXTENDED, now);
                    moved.add(new Moved(e.key().stream(), from, end(l.effect)));
                }
                changed = true;
            }
        }
        return advance(now) || changed;
    }

    private static boolean stillMatches(Reactions rules, Effect e) {
        return rules.rule(e.rule())
                .map(r -> r.scope().provider().equals(Optional.empty())
                        || e.key().provider().isEmpty()
                        || r.scope().provider().equals(e.key().provider()))
                .orElse(true);
    }

    // ---- the store

    void readBegins() {
        savedMeanwhile.clear();
    }

    /** Takes up what the store holds: after a start, or because somebody gave an order. Whether anything changed. */
    boolean adopt(Collection<Effect> stored, Instant now) {
        boolean changed = false;
        Map<String, Effect> byId = new HashMap<>();
        for (Effect row : stored) {
            byId.put(row.id(), row);
            Live mine = live.get(row.id());
            boolean theirs = mine == null
                    ? !row.isOver() && !unsaved.containsKey(row.id())
                    : row.orders() > mine.effect.orders()
                            || (row.orders() == mine.effect.orders()
                                    && row.changedAt().isAfter(mine.effect.changedAt()));
            if (theirs) {
                unsaved.remove(row.id());
                Live l = mine == null ? new Live(row) : mine;
                if (mine != null && mine.effect.holdsNow()) {
                    Instant to = row.holdsNow() ? end(row) : now;
                    if (!to.equals(end(mine.effect))) {
                        moved.add(new Moved(row.key().stream(), end(mine.effect), to));
                    }
                }
                l.effect = row;
                l.nextSlot = Instant.MIN;
                live.put(row.id(), l);
                changed = true;
            }
        }
        for (Live l : List.copyOf(live.values())) {
            Effect e = l.effect;
            if (e.isOver()
                    || (!byId.containsKey(e.id())
                            && !unsaved.containsKey(e.id())
                            && !savedMeanwhile.contains(e.id()))) {
                if (e.holdsNow()) {
                    moved.add(new Moved(e.key().stream(), end(e), now));
                }
                live.remove(e.id());
                changed = true;
            } else if (e.phase() == Phase.RECOVERING && e.key().tag().isPresent()) {
                end(l, now);
                changed = true;
            }
        }
        findNextEnd();
        return advance(now) || changed;
    }

    Map<String, Effect> unsaved() {
        return new LinkedHashMap<>(unsaved);
    }

    List<EffectEvent> untold() {
        return List.copyOf(untold);
    }

    /** The store has these now. */
    void saved(Map<String, Effect> effects, int events) {
        effects.forEach(unsaved::remove);
        savedMeanwhile.addAll(effects.keySet());
        untold.subList(0, Math.min(events, untold.size())).clear();
    }

    List<Moved> takeMoved() {
        List<Moved> all = List.copyOf(moved);
        moved.clear();
        return all;
    }
}
