package io.github.cameldeliverability.shaping;

import io.github.cameldeliverability.mail.Effect;
import io.github.cameldeliverability.mail.Lane;
import io.github.cameldeliverability.mail.SmtpPhase;
import io.github.cameldeliverability.mail.Verdict;
import io.github.cameldeliverability.mail.spi.EffectStore.Report;
import io.github.cameldeliverability.mail.spi.Shaper;
import io.github.cameldeliverability.shaping.EffectBook.Hold;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.random.RandomGenerator;

/**
 * A shaper with effects over another one's limits: rules make them of verdicts, the reputation guard of rates, operators
 * by hand. Thread-safe.
 *
 * <p>What the limits learn by themselves (slower, fewer connections) stays with the other shaper; that a receiver refuses
 * this sender altogether is for the rules. {@link ShapingMemory} makes all of it durable.
 */
public final class EffectShaper implements Shaper {

    private static final Sighting NOTHING_KNOWN = new Sighting(SmtpPhase.RCPT, 0, 1, 0, Duration.ZERO);

    private final AdaptiveShaper limits;
    private final Clock clock;
    private final Map<String, Set<String>> signedBy = new ConcurrentHashMap<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    // Guarded by this.
    private final EffectBook book;
    private final Tallies tallies = new Tallies();
    private final ReputationGuard guard = new ReputationGuard();
    private Reactions reactions = Reactions.NONE;

    /**
     * @param limits what holds where there is no effect
     * @param random for ids
     */
    public EffectShaper(AdaptiveShaper limits, Clock clock, RandomGenerator random) {
        this.limits = limits;
        this.clock = clock;
        this.book = new EffectBook(random);
    }

    /** Which domains the stream signs with, for effects on a DKIM domain. */
    public void streamSigns(String stream, Set<String> dkimDomains) {
        signedBy.put(stream, Set.copyOf(dkimDomains));
    }

    /** Uses other rules from now on; what was counted for rules that stay the same stays. */
    public void use(Reactions rules) {
        boolean changed;
        synchronized (this) {
            reactions = rules;
            tallies.use(rules.rules());
            guard.use(rules.guards());
            changed = book.use(rules, now());
        }
        changed(changed);
    }

    // ---- go or wait

    @Override
    public String provider(String domain, List<String> mxHosts) {
        return limits.provider(domain, mxHosts);
    }

    @Override
    public Permit connect(Lane lane) {
        synchronized (this) {
            Optional<Hold> hold = held(lane, now());
            if (hold.isPresent()) {
                return wait(hold.get());
            }
        }
        return limits.connect(lane);
    }

    @Override
    public void disconnected(Lane lane) {
        limits.disconnected(lane);
    }

    @Override
    public Permit send(Lane lane, int recipients) {
        return send(lane, recipients, 0);
    }

    @Override
    public void unsent(Lane lane, int recipients) {
        limits.unsent(lane, recipients);
    }

    @Override
    public Permit send(Lane lane, int recipients, long bytes) {
        synchronized (this) {
            if (book.isEmpty()) {
                return limits.send(lane, recipients, bytes);
            }
            Instant now = now();
            Optional<Hold> hold = held(lane, now);
            if (hold.isEmpty()) {
                hold = book.limit(lane, signs(lane), now);
            }
            if (hold.isPresent()) {
                return wait(hold.get());
            }
            Permit permit = limits.send(lane, recipients, bytes);
            if (permit instanceof Permit.Go) {
                book.take(lane, signs(lane), recipients, now);
            }
            return permit;
        }
    }

    @Override
    public Permit mayUseSource(Lane lane) {
        synchronized (this) {
            Optional<Hold> away = book.isEmpty() ? Optional.empty() : book.switchedAway(lane, signs(lane), now());
            if (away.isPresent()) {
                return wait(away.get());
            }
        }
        return limits.mayUseSource(lane);
    }

    @Override
    public synchronized Permit mayBegin(String stream, Set<String> tags) {
        return tags.isEmpty() || book.isEmpty()
                ? Permit.GO
                : book.holdByTag(stream, tags, now()).map(EffectShaper::wait).orElse(Permit.GO);
    }

    @Override
    public synchronized boolean excuses(Lane lane, Verdict verdict) {
        return !book.isEmpty() && book.excuses(lane, signs(lane), verdict);
    }

    private Optional<Hold> held(Lane lane, Instant now) {
        return book.isEmpty() ? Optional.empty() : book.hold(lane, signs(lane), now);
    }

    private static Permit wait(Hold hold) {
        return new Permit.Wait(hold.until(), hold.why());
    }

    @Override
    public Limits limits(Lane lane) {
        Limits l = limits.limits(lane);
        int connections;
        double rate;
        synchronized (this) {
            if (book.isEmpty()) {
                return l;
            }
            book.advance(now());
            connections = book.connections(lane, signs(lane));
            rate = book.perSecond(lane, signs(lane));
        }
        double slower =
                rate > 0 && (l.messagesPerSecond() == 0 || rate < l.messagesPerSecond()) ? rate : l.messagesPerSecond();
        return new Limits(
                Math.min(l.connections(), connections),
                l.messagesPerConnection(),
                l.recipientsPerTransaction(),
                slower);
    }

    // ---- what servers say

    @Override
    public void observed(Lane lane, Verdict verdict) {
        observed(lane, verdict, NOTHING_KNOWN);
    }

    @Override
    public void observed(Lane lane, Verdict verdict, Sighting sighting) {
        limits.observedBesideRules(lane, verdict, sighting);
        changed(react(lane, verdict, Set.of(), false));
    }

    /** As the next, where nothing is known of the circumstances. */
    public void observed(Lane lane, Verdict verdict, Set<String> tags) {
        observed(lane, verdict, tags, NOTHING_KNOWN);
    }

    @Override
    public void observed(Lane lane, Verdict verdict, Set<String> tags, Sighting sighting) {
        limits.observedBesideRules(lane, verdict, sighting);
        changed(react(lane, verdict, tags, true));
    }

    /** @param ofRecipient whether the verdict is on a message, not on a connection */
    private synchronized boolean react(Lane lane, Verdict v, Set<String> tags, boolean ofRecipient) {
        Instant now = now();
        boolean news = book.refused(lane, signs(lane), tags, v, now);
        for (Tallies.Enough e : tallies.observed(lane, signs(lane), tags, v, now)) {
            news |= book.begin(e.rule().id(), e.rule().action(), e.key(), e.why(), e.evidence(), e.perSecond(), now);
        }
        if (ofRecipient) {
            news |= tooMuch(guard.failed(lane.stream(), lane.provider(), v, now), now);
        }
        return news;
    }

    private boolean tooMuch(List<ReputationGuard.TooMuch> all, Instant now) {
        boolean news = false;
        for (ReputationGuard.TooMuch t : all) {
            guard.reset(t.rule(), t.key(), now);
            news |= book.begin(t.rule().id(), t.rule().action(), t.key(), t.why(), t.evidence(), t.perSecond(), now);
        }
        return news;
    }

    @Override
    public void delivered(Lane lane) {
        delivered(lane, new Sighting(SmtpPhase.DOT, 250, 1, 0, Duration.ZERO));
    }

    @Override
    public void delivered(Lane lane, Sighting sighting) {
        limits.delivered(lane, sighting);
        boolean ended;
        synchronized (this) {
            Instant now = now();
            tallies.delivered(lane, signs(lane), now);
            guard.delivered(lane.stream(), lane.provider(), now);
            ended = !book.isEmpty() && book.delivered(lane, signs(lane), now);
        }
        changed(ended);
    }

    /** Counts what came back later. */
    public void reported(Collection<Report> reports) {
        boolean news = false;
        synchronized (this) {
            for (Report r : reports) {
                news |= tooMuch(guard.reported(r, now()), now());
            }
        }
        changed(news);
    }

    @Override
    public AutoCloseable onChange(Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    private void changed(boolean really) {
        if (really) {
            listeners.forEach(Runnable::run);
        }
    }

    // ---- for people

    /** The effects that are not over. */
    public synchronized List<Effect> effects() {
        book.advance(now());
        return book.effects();
    }

    /** What holds for the lane now, and who set each value; the effects on it come first. */
    public List<Explanation> explain(Lane lane) {
        List<Explanation> lines = new ArrayList<>(explainEffects(lane));
        lines.addAll(limits.explain(lane));
        return List.copyOf(lines);
    }

    /** What effects do to the lane, and how its stream stands with the provider. */
    public List<Explanation> explainEffects(Lane lane) {
        List<Explanation> lines = new ArrayList<>();
        synchronized (this) {
            book.advance(now());
            for (Effect e : book.effects()) {
                boolean byTag = e.key().tag().isPresent();
                Set<String> tags = byTag ? Set.of(e.key().tag().get()) : Set.of();
                if (e.key().covers(lane, signs(lane), tags)) {
                    lines.add(new Explanation("effect " + e.id(), e.describe(), String.join(" | ", e.evidence())));
                }
            }
            double rate = book.perSecond(lane, signs(lane));
            if (rate > 0) {
                lines.add(new Explanation("messagesPerSecond", rate + "/s", "effects"));
            }
            lines.addAll(guard.explain(lane.stream(), lane.provider()));
        }
        return List.copyOf(lines);
    }

    /** What a rule has counted for a key so far, {@code matched/all}; empty for an unknown rule. */
    public synchronized Optional<String> counted(String rule, io.github.cameldeliverability.mail.EffectKey key) {
        return reactions.rule(rule).map(r -> tallies.counted(r, key, now()));
    }

    // ---- for ShapingMemory

    synchronized Snapshot snapshot(boolean countersToo) {
        book.advance(now());
        Map<String, String> notes = new HashMap<>();
        if (countersToo) {
            tallies.changes(now()).forEach((name, text) -> notes.put(Snapshot.COUNT + name, text));
            guard.changes().forEach((name, text) -> notes.put(Snapshot.RATE + name, text));
            limits.changes().forEach((name, text) -> notes.put(Snapshot.LANE + name, text));
        }
        return new Snapshot(book.unsaved(), book.untold(), notes, book.takeMoved());
    }

    synchronized void saved(Snapshot snapshot) {
        book.saved(snapshot.effects(), snapshot.events().size());
    }

    synchronized void readBegins() {
        book.readBegins();
    }

    void adopt(Collection<Effect> stored) {
        boolean changed;
        synchronized (this) {
            changed = book.adopt(stored, now());
        }
        changed(changed);
    }

    synchronized void recall(Map<String, String> notes) {
        notes.forEach((name, text) -> {
            if (name.startsWith(Snapshot.COUNT)) {
                tallies.recall(name.substring(Snapshot.COUNT.length()), text);
            } else if (name.startsWith(Snapshot.RATE)) {
                guard.recall(name.substring(Snapshot.RATE.length()), text, now());
            } else if (name.startsWith(Snapshot.LANE)) {
                limits.recall(name.substring(Snapshot.LANE.length()), text);
            }
        });
    }

    private Set<String> signs(Lane lane) {
        return signedBy.getOrDefault(lane.stream(), Set.of());
    }

    private Instant now() {
        return clock.instant();
    }
}
