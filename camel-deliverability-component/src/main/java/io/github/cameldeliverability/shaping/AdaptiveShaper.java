package io.github.cameldeliverability.shaping;

import io.github.cameldeliverability.mail.Lane;
import io.github.cameldeliverability.mail.SmtpPhase;
import io.github.cameldeliverability.mail.Verdict;
import io.github.cameldeliverability.mail.spi.Counters;
import io.github.cameldeliverability.mail.spi.Shaper;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A shaper whose limits come from a table of providers and follow what the servers answer.
 *
 * <p>Effective limits of a lane = general defaults, then the provider's, then the stream's, then what was learnt lately. A receiver that
 * says "too fast" gets half; deliveries give it back step by step. A receiver that refuses this sender for good, in at
 * least five cases and three of ten, suspends the lane; probes at growing distances find out when it is over. Nothing here
 * ever concerns a recipient's address. Thread-safe.
 */
public final class AdaptiveShaper implements Shaper {

    private static final int SWEEP_EVERY = 4096;

    private final Clock clock;
    private final Limiter limiter;
    private final Map<Lane, LaneShape> lanes = new ConcurrentHashMap<>();
    /** What was last said of a lane that has learnt something. */
    private final Map<Lane, String> noted = new HashMap<>();

    private final AtomicInteger created = new AtomicInteger();

    /** The built-in providers and defaults. */
    public AdaptiveShaper(Clock clock) {
        this(clock, LimitSettings.NONE, List.of());
    }

    /**
     * @param clock tells the time
     * @param defaults put over {@link LimitSettings#DEFAULTS}
     * @param overrides put over the built-in providers
     * @throws IllegalArgumentException for an override that could never match, or two that claim the same hosts
     */
    public AdaptiveShaper(Clock clock, LimitSettings defaults, Collection<ProviderDefinition> overrides) {
        this(clock, LimitBook.of(defaults, overrides, LimitFile.EMPTY), Counters.NONE, new LocalMeters());
    }

    /**
     * @param clock tells the time
     * @param book what is known beforehand
     * @param counters where caps and warm-ups are remembered
     * @param meters what lanes share
     */
    public AdaptiveShaper(Clock clock, LimitBook book, Counters counters, SharedMeters meters) {
        this.clock = Objects.requireNonNull(clock, "clock");
        this.limiter = new Limiter(clock, book, counters, meters);
    }

    /**
     * Says what the limits of a stream depend on.
     *
     * @throws IllegalArgumentException if it names a quota profile that does not exist
     */
    public void describeStream(String stream, StreamFacts facts) {
        limiter.describe(stream, facts);
    }

    /**
     * Takes up another book while mail flows. Lanes keep what they learnt, counters what they counted.
     *
     * @throws IllegalArgumentException if a stream's quota is gone; the present book stays in use
     */
    public void use(LimitBook book) {
        limiter.use(book);
    }

    /** Completes when what the store remembers was read; until then nothing is permitted. */
    public CompletionStage<Void> ready() {
        return limiter.ready();
    }

    /** What is known beforehand. */
    public LimitBook book() {
        return limiter.book();
    }

    /** Where the warm-ups are. */
    public List<WarmupStatus> warmups() {
        return limiter.warmups().status();
    }

    /**
     * Moves the warm-ups on to the present day and writes down where they are. They are right without it: whoever asks
     * moves them on; with it they are also logged and written down in the first minutes of a day.
     */
    public CompletionStage<Void> tick() {
        return limiter.warmups().tick();
    }

    /** Writes down what is to be remembered and gives back what was reserved and not used. Nothing may be sent after. */
    public CompletionStage<Void> close() {
        return limiter.warmups().tick().thenCompose(v -> limiter.counters().close());
    }

    @Override
    public String provider(String domain, List<String> mxHosts) {
        return limiter.book().provider(domain, mxHosts);
    }

    @Override
    public Permit connect(Lane lane) {
        Instant now = clock.instant();
        Optional<Permit.Wait> wait = limiter.connect(lane, now);
        if (wait.isPresent()) {
            return wait.get();
        }
        Permit permit = shape(lane).connect(now);
        if (permit instanceof Permit.Wait) {
            limiter.disconnected(lane);
        }
        return permit;
    }

    @Override
    public void disconnected(Lane lane) {
        shape(lane).disconnected();
        limiter.disconnected(lane);
    }

    @Override
    public Permit send(Lane lane, int recipients) {
        return send(lane, recipients, 0);
    }

    @Override
    public Permit send(Lane lane, int recipients, long bytes) {
        Instant now = clock.instant();
        Optional<Permit.Wait> wait = limiter.send(lane, now, recipients, bytes);
        if (wait.isPresent()) {
            return wait.get();
        }
        Permit permit = shape(lane).send(now, recipients);
        if (permit instanceof Permit.Wait) {
            limiter.putBack(lane, recipients, bytes);
        }
        return permit;
    }

    @Override
    public void unsent(Lane lane, int recipients) {
        limiter.putBack(lane, recipients, 0);
    }

    @Override
    public Permit mayUseSource(Lane lane) {
        Optional<Permit.Wait> wait = limiter.mayUse(lane, clock.instant());
        return wait.isPresent() ? wait.get() : new Permit.Go();
    }

    @Override
    public void observed(Lane lane, Verdict verdict) {
        // 0 is no phase's code: nothing but the verdict decides.
        observed(lane, verdict, new Sighting(SmtpPhase.RCPT, 0, 1, 0, Duration.ZERO));
    }

    @Override
    public void observed(Lane lane, Verdict verdict, Sighting sighting) {
        limiter.observed(lane, verdict, clock.instant());
        switch (Reaction.to(verdict, sighting)) {
            case SLOW -> shape(lane).slowDown(clock.instant(), why(verdict), sighting);
            case FEWER_CONNECTIONS -> shape(lane).connectionRefused(clock.instant(), why(verdict));
            case COUNT_REFUSAL -> shape(lane).refusedForGood(clock.instant(), why(verdict));
            case SUSPECT -> shape(lane).unclear(clock.instant(), why(verdict), sighting);
            case NONE -> {}
        }
    }

    /** As {@link #observed}, where rules see to refusals for good. */
    void observedBesideRules(Lane lane, Verdict verdict, Sighting sighting) {
        if (Reaction.to(verdict, sighting) == Reaction.COUNT_REFUSAL) {
            limiter.observed(lane, verdict, clock.instant());
        } else {
            observed(lane, verdict, sighting);
        }
    }

    @Override
    public void delivered(Lane lane) {
        delivered(lane, new Sighting(SmtpPhase.DOT, 250, 1, 0, Duration.ZERO));
    }

    @Override
    public void delivered(Lane lane, Sighting sighting) {
        Instant now = clock.instant();
        limiter.delivered(lane, now);
        shape(lane).delivered(now, sighting);
    }

    @Override
    public Limits limits(Lane lane) {
        Limits own = shape(lane).limits();
        long room = limiter.room(lane, clock.instant());
        // Of a transaction that is larger than what is left of a cap nothing could go.
        return room >= own.recipientsPerTransaction()
                ? own
                : new Limits(
                        own.connections(),
                        own.messagesPerConnection(),
                        (int) Math.max(1, room),
                        own.messagesPerSecond());
    }

    /** What holds for the lane now, and who set each value. */
    public List<Explanation> explain(Lane lane) {
        Instant now = clock.instant();
        LimitSettings all = limiter.settings(lane);
        Map<Limit, String> setBy = limiter.setBy(lane);
        LaneShape.Effects effects = shape(lane).effects(now);
        List<Explanation> lines = new ArrayList<>();
        for (Limit limit : Limit.values()) {
            Optional<Object> set = all.value(limit);
            boolean isCap = limit == Limit.DAILY_CAP || limit == Limit.HOURLY_CAP;
            if (set.isEmpty() || isCap) {
                continue;
            }
            Object inForce =
                    switch (limit) {
                        case CONNECTIONS -> (Object) (long) effects.connections();
                        case MESSAGES_PER_CONNECTION -> (Object) (long) effects.messagesPerConnection();
                        case MESSAGES_PER_SECOND -> (Object) effects.rate();
                        default -> set.get();
                    };
            lines.add(new Explanation(
                    limit.key(),
                    limit.show(inForce),
                    inForce.equals(set.get())
                            ? setBy.get(limit)
                            : "lowered from " + limit.show(set.get()) + " of " + setBy.get(limit) + ": "
                                    + effects.slowedBy()));
        }
        lines.addAll(limiter.explain(lane, now));
        if (effects.held()) {
            lines.add(new Explanation("held", "until " + effects.until(), effects.heldBy()));
        }
        return List.copyOf(lines);
    }

    /** Holds a lane by hand. */
    public void suspend(Lane lane, Instant until, String who) {
        shape(lane).hold(until, "suspended by " + who);
    }

    /** Takes back everything that was learnt or set by hand for a lane. */
    public void cancelEffects(Lane lane) {
        Optional.ofNullable(lanes.get(lane)).ifPresent(s -> s.cancelEffects(clock.instant()));
    }

    /**
     * What the lanes have learnt, by lane, as far as it is different from what the last call said: empty where nothing is
     * left of it.
     */
    synchronized Map<String, String> changes() {
        Instant now = clock.instant();
        Map<String, String> notes = new HashMap<>();
        lanes.forEach((lane, shape) -> {
            String text = shape.remember(now);
            String before = text.isEmpty() ? noted.remove(lane) : noted.put(lane, text);
            if (!text.equals(before == null ? "" : before)) {
                notes.put(lane.stream() + "|" + lane.source() + "|" + lane.provider(), text);
            }
        });
        return notes;
    }

    /** Takes up what {@link #changes} said of a lane. */
    synchronized void recall(String name, String text) {
        String[] parts = name.split("\\|", 3);
        if (parts.length == 3) {
            Lane lane = new Lane(parts[0], parts[1], parts[2]);
            noted.put(lane, text);
            shape(lane).recall(text, clock.instant());
        }
    }

    private LaneShape shape(Lane lane) {
        LimitSettings settings = limiter.settings(lane);
        LaneShape known = lanes.get(lane);
        if (known != null) {
            known.configure(settings);
            return known;
        }
        if (created.incrementAndGet() % SWEEP_EVERY == 0) {
            // One lane for every MX set that was ever mailed: keep the ones that have something to tell.
            Instant now = clock.instant();
            lanes.values().removeIf(s -> s.isForgettable(now));
        }
        return lanes.computeIfAbsent(lane, l -> new LaneShape(l.provider(), settings, clock.instant()));
    }

    private static String why(Verdict v) {
        String evidence = v.evidence().length() > 120 ? v.evidence().substring(0, 120) : v.evidence();
        return v.reason().id() + " by rule " + v.ruleId() + ": " + evidence;
    }
}
