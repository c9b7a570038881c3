package io.github.cameldeliverability.shaping;

import io.github.cameldeliverability.mail.Lane;
import io.github.cameldeliverability.mail.Verdict;
import io.github.cameldeliverability.mail.spi.Shaper;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
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
    private final LimitSettings defaults;
    private final ProviderTable providers;
    private final Map<String, LimitSettings> streams = new ConcurrentHashMap<>();
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
        this.clock = Objects.requireNonNull(clock, "clock");
        this.defaults = defaults.over(LimitSettings.DEFAULTS);
        this.providers = ProviderTable.builtIn().with(overrides);
    }

    /**
     * Sets a stream's own limits, which go over those of the providers. Lanes that exist keep what they have: call it
     * before the stream sends.
     */
    public void limitStream(String stream, LimitSettings limits) {
        streams.put(stream, limits);
    }

    @Override
    public String provider(String domain, List<String> mxHosts) {
        return providers.nameFor(domain, mxHosts);
    }

    @Override
    public Permit connect(Lane lane) {
        return shape(lane).connect(clock.instant());
    }

    @Override
    public void disconnected(Lane lane) {
        shape(lane).disconnected();
    }

    @Override
    public Permit send(Lane lane, int recipients) {
        return shape(lane).send(clock.instant(), recipients);
    }

    @Override
    public void observed(Lane lane, Verdict verdict) {
        switch (Reaction.to(verdict)) {
            case SLOW -> shape(lane).slowDown(clock.instant(), why(verdict));
            case FEWER_CONNECTIONS -> shape(lane).fewerConnections(clock.instant(), why(verdict));
            case COUNT_REFUSAL -> shape(lane).refusedForGood(clock.instant(), why(verdict));
            case NONE -> {}
        }
    }

    @Override
    public void delivered(Lane lane) {
        shape(lane).delivered(clock.instant());
    }

    @Override
    public Limits limits(Lane lane) {
        return shape(lane).limits();
    }

    /** What holds for the lane now, and who set each value. */
    public List<Explanation> explain(Lane lane) {
        LimitSettings own = limitsOf(lane);
        LimitSettings ofStream = streams.getOrDefault(lane.stream(), LimitSettings.NONE);
        String provider = providers
                .byName(lane.provider())
                .map(p -> "provider " + p.name() + " in " + p.source())
                .orElse("defaults");
        String owner =
                ofStream.equals(LimitSettings.NONE) ? provider : "stream " + lane.stream() + ", else " + provider;
        LimitSettings all = own.over(defaults);
        LaneShape.Effects effects = shape(lane).effects(clock.instant());
        List<Explanation> lines = new ArrayList<>();
        int connections = all.connections().orElseThrow();
        double rate = all.messagesPerSecond().orElseThrow();
        lines.add(new Explanation(
                "connections",
                String.valueOf(effects.connections()),
                effects.connections() == connections
                        ? setBy(own.connections().isPresent(), owner)
                        : "lowered from " + connections + ": " + effects.slowedBy()));
        lines.add(new Explanation(
                "connectionsPerSecond",
                rate(all.connectionsPerSecond().orElseThrow()),
                setBy(own.connectionsPerSecond().isPresent(), owner)));
        lines.add(new Explanation(
                "messagesPerSecond",
                rate(effects.rate()),
                effects.rate() == rate
                        ? setBy(own.messagesPerSecond().isPresent(), owner)
                        : "lowered from " + rate(rate) + ": " + effects.slowedBy()));
        lines.add(new Explanation(
                "messagesPerConnection",
                String.valueOf(all.messagesPerConnection().orElseThrow()),
                setBy(own.messagesPerConnection().isPresent(), owner)));
        lines.add(new Explanation(
                "recipientsPerTransaction",
                String.valueOf(all.recipientsPerTransaction().orElseThrow()),
                setBy(own.recipientsPerTransaction().isPresent(), owner)));
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
        Optional.ofNullable(lanes.get(lane)).ifPresent(LaneShape::cancelEffects);
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
            shape(lane).recall(text);
        }
    }

    private LaneShape shape(Lane lane) {
        LaneShape known = lanes.get(lane);
        if (known != null) {
            return known;
        }
        if (created.incrementAndGet() % SWEEP_EVERY == 0) {
            // One lane for every MX set that was ever mailed: keep the ones that have something to tell.
            Instant now = clock.instant();
            lanes.values().removeIf(s -> s.isForgettable(now));
        }
        return lanes.computeIfAbsent(
                lane, l -> new LaneShape(l.provider(), limitsOf(l).over(defaults), clock.instant()));
    }

    private LimitSettings limitsOf(Lane lane) {
        LimitSettings ofProvider = providers
                .byName(lane.provider())
                .map(ProviderDefinition::limits)
                .orElse(LimitSettings.NONE);
        return streams.getOrDefault(lane.stream(), LimitSettings.NONE).over(ofProvider);
    }

    private static String why(Verdict v) {
        String evidence = v.evidence().length() > 120 ? v.evidence().substring(0, 120) : v.evidence();
        return v.reason().id() + " by rule " + v.ruleId() + ": " + evidence;
    }

    private static String setBy(boolean byOwner, String owner) {
        return byOwner ? owner : "defaults";
    }

    private static String rate(double perSecond) {
        return perSecond == 0 ? "no limit" : perSecond + "/s";
    }
}
