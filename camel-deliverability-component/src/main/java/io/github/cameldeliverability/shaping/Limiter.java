package io.github.cameldeliverability.shaping;

import io.github.cameldeliverability.mail.Lane;
import io.github.cameldeliverability.mail.Verdict;
import io.github.cameldeliverability.mail.spi.Counters;
import io.github.cameldeliverability.mail.spi.Shaper.Permit;
import io.github.cameldeliverability.shaping.LimitBook.Layer;
import io.github.cameldeliverability.shaping.PeriodCounter.Period;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * The limits of lanes beyond what a lane counts for itself: layers, caps, what lanes share, warm-ups, quotas. Thread-safe,
 * never blocks.
 */
final class Limiter {

    /** Under these names the store holds what the limits were made of. */
    static final String FILE_NOTE = "limits file";

    static final String STREAM_NOTE = "limits stream ";

    private static final int KNOWN_LANES = 10_000;
    private static final Duration SHORT = Duration.ofMinutes(1);

    private final Clock clock;
    private final SharedMeters meters;
    private final PeriodCounters counters;
    private final Warmups warmups;
    private final Map<String, StreamFacts> streams = new ConcurrentHashMap<>();
    private final Map<Lane, Rules> lanes = new ConcurrentHashMap<>();
    private final Map<Lane, Deque<List<String>>> sessions = new ConcurrentHashMap<>();
    private final CompletionStage<Void> ready;
    private volatile LimitBook book;

    /** What holds for a lane, as long as book, stream and warm-ups stay the same. */
    private record Rules(
            LimitSettings settings,
            Map<Limit, String> setBy,
            List<Gate> gates,
            List<Sessions> sessions,
            long version) {}

    /** A limit of sessions that lanes share. */
    private record Sessions(String name, int limit, String setBy) {}

    Limiter(Clock clock, LimitBook book, Counters store, SharedMeters meters) {
        this.clock = clock;
        this.book = book;
        this.meters = meters;
        this.counters = new PeriodCounters(store, clock);
        this.warmups = new Warmups(store, clock);
        warmups.use(book);
        ready = warmups.load(counters);
        publish();
    }

    /** For tools beside the engine. */
    private void publish() {
        String text = book.text();
        warmups.remember(FILE_NOTE, text.isEmpty() ? "" : book.file().name() + "\n" + text);
    }

    /** Completes when the first look into the store is over. */
    CompletionStage<Void> ready() {
        return ready;
    }

    LimitBook book() {
        return book;
    }

    void use(LimitBook newBook) {
        streams.values().forEach(newBook::quota);
        book = newBook;
        warmups.use(newBook);
        lanes.clear();
        publish();
    }

    /** @throws IllegalArgumentException if the stream names a quota that does not exist */
    void describe(String stream, StreamFacts facts) {
        book.quota(facts);
        streams.put(stream, facts);
        lanes.keySet().removeIf(l -> l.stream().equals(stream));
        warmups.remember(STREAM_NOTE + stream, facts.format());
    }

    StreamFacts facts(String stream) {
        return streams.getOrDefault(stream, StreamFacts.NONE);
    }

    /** The effective settings of a lane; the same instance as long as nothing changed. */
    LimitSettings settings(Lane lane) {
        return rules(lane).settings;
    }

    /** Who set each limit that {@link #settings} has. */
    Map<Limit, String> setBy(Lane lane) {
        return rules(lane).setBy;
    }

    Optional<Permit.Wait> connect(Lane lane, Instant now) {
        List<String> opened = new ArrayList<>();
        for (Sessions s : rules(lane).sessions) {
            if (!meters.open(s.name, s.limit)) {
                opened.forEach(meters::closed);
                return Optional.of(
                        new Permit.Wait(now.plusSeconds(1), "connection limit " + s.limit + " of " + s.setBy));
            }
            opened.add(s.name);
        }
        if (!opened.isEmpty()) {
            sessions.computeIfAbsent(lane, l -> new ArrayDeque<>()).add(opened);
        }
        return Optional.empty();
    }

    void disconnected(Lane lane) {
        sessions.computeIfPresent(lane, (l, all) -> {
            all.poll().forEach(meters::closed);
            return all.isEmpty() ? null : all;
        });
    }

    /** Takes a send from everything that limits it, or from nothing. */
    Optional<Permit.Wait> send(Lane lane, Instant now, int recipients, long bytes) {
        if (!warmups.isLoaded(now, counters)) {
            return Optional.of(new Permit.Wait(now.plusMillis(20), "the counters of the limits are being read"));
        }
        List<Gate> gates = rules(lane).gates;
        for (int i = 0; i < gates.size(); i++) {
            Optional<Permit.Wait> wait = gates.get(i).take(now, recipients, bytes);
            if (wait.isPresent()) {
                for (int j = 0; j < i; j++) {
                    gates.get(j).putBack(recipients, bytes);
                }
                return wait;
            }
        }
        return Optional.empty();
    }

    void putBack(Lane lane, int recipients, long bytes) {
        rules(lane).gates.forEach(g -> g.putBack(recipients, bytes));
    }

    /** Why the lane's address should not get more mail for now; empty if it may. */
    Optional<Permit.Wait> mayUse(Lane lane, Instant now) {
        for (Gate gate : rules(lane).gates) {
            Optional<Permit.Wait> wait = gate.peek(now);
            // A moment's wait for a slot is no reason to change the address.
            if (wait.isPresent() && !gate.keepsItsMail() && wait.get().until().isAfter(now.plus(SHORT))) {
                return wait;
            }
        }
        return Optional.empty();
    }

    /** How many recipients are left before a long wait. */
    long room(Lane lane, Instant now) {
        long room = Long.MAX_VALUE;
        for (Gate gate : rules(lane).gates) {
            room = Math.min(room, gate.room(now));
        }
        return room;
    }

    void delivered(Lane lane, Instant now) {
        warmups.delivered(lane, facts(lane.stream()).dkimDomains(), now);
    }

    void observed(Lane lane, Verdict verdict, Instant now) {
        warmups.observed(lane, facts(lane.stream()).dkimDomains(), verdict, now);
    }

    /** The lines that gates and shared sessions add to EXPLAIN. */
    List<Explanation> explain(Lane lane, Instant now) {
        Rules rules = rules(lane);
        List<Explanation> lines = new ArrayList<>();
        rules.sessions.forEach(s -> lines.add(new Explanation(
                Limit.CONNECTIONS.key(), s.limit + ", " + meters.openSessions(s.name) + " open", s.setBy)));
        rules.gates.forEach(g -> lines.add(g.explain(now)));
        return lines;
    }

    Warmups warmups() {
        return warmups;
    }

    PeriodCounters counters() {
        return counters;
    }

    private Rules rules(Lane lane) {
        long version = warmups.version(clock.instant());
        Rules known = lanes.get(lane);
        if (known != null && known.version == version) {
            return known;
        }
        if (lanes.size() > KNOWN_LANES) {
            lanes.clear();
        }
        Rules fresh = make(lane, version);
        lanes.put(lane, fresh);
        return fresh;
    }

    private Rules make(Lane lane, long version) {
        LimitBook b = book;
        StreamFacts facts = facts(lane.stream());
        Instant now = clock.instant();
        List<Warmup> warming = warmups.of(lane, facts.dkimDomains());
        List<Layer> layers = new ArrayList<>(b.layers(lane, facts));
        for (Warmup w : warming) {
            if (w.isWarming(lane.receiver(), now)) {
                layers.add(new Layer("warm-up of " + w.target().id(), w.plan().limits()));
            }
        }
        LimitSettings settings = LimitSettings.NONE;
        Map<Limit, String> setBy = new EnumMap<>(Limit.class);
        for (Layer layer : layers) {
            settings = layer.limits().over(settings);
            layer.limits().limits().forEach(l -> setBy.put(l, layer.setBy()));
        }
        List<Gate> gates = new ArrayList<>();
        List<Sessions> shared = new ArrayList<>();
        for (Warmup w : warming) {
            gates.add(warmupGate(w, lane));
        }
        ZoneId zone = settings.timeZone().orElseThrow();
        b.quota(facts).ifPresent(q -> {
            String account =
                    "quota " + q.name() + facts.login().map(l -> " " + l).orElse("");
            addGates(gates, shared, account, q.label(), q.stopping(), zone);
        });
        for (SharedLimit s : b.file().shared()) {
            for (String name : s.counters(lane, facts.dkimDomains())) {
                addGates(gates, shared, name, name + " in " + s.source(), s.limits(), zone);
            }
        }
        String own = "lane " + lane;
        addCaps(gates, own, l -> setBy.getOrDefault(l, ""), settings, zone);
        double bytes = settings.bytesPerSecond().orElse(0);
        if (bytes > 0) {
            gates.add(new MeterGate(
                    meters, own + " bytes", bytes, 0, true, "rate of octets", setBy.get(Limit.BYTES_PER_SECOND)));
        }
        return new Rules(settings, setBy, List.copyOf(gates), List.copyOf(shared), version);
    }

    private Gate warmupGate(Warmup w, Lane lane) {
        String receiver = lane.receiver();
        return new CapGate(
                counters.get("warmup " + w.target().id() + " " + w.provider(receiver), Period.DAY),
                now -> w.cap(receiver, now),
                w.plan().zone(),
                "the day's share of the warm-up of " + w.target().id(),
                Limit.DAILY_CAP.key(),
                now -> w.describe(receiver, now),
                w.plan().overflow() == WarmupPlan.Overflow.LATER);
    }

    private void addGates(
            List<Gate> gates,
            List<Sessions> shared,
            String name,
            String setBy,
            LimitSettings limits,
            ZoneId otherwise) {
        addCaps(gates, name, l -> setBy, limits, limits.timeZone().orElse(otherwise));
        double rate = limits.messagesPerSecond().orElse(0);
        if (rate > 0) {
            long burst = limits.burst().orElse(0);
            gates.add(new MeterGate(meters, name, rate, burst, false, "message rate of " + setBy, setBy));
        }
        double bytes = limits.bytesPerSecond().orElse(0);
        if (bytes > 0) {
            gates.add(new MeterGate(meters, name + " bytes", bytes, 0, true, "rate of octets of " + setBy, setBy));
        }
        limits.connections().ifPresent(n -> shared.add(new Sessions(name, n, setBy)));
    }

    private void addCaps(
            List<Gate> gates, String name, Function<Limit, String> setBy, LimitSettings limits, ZoneId zone) {
        limits.hourlyCap()
                .ifPresent(n -> gates.add(cap(
                        name, Period.HOUR, n, zone, Limit.HOURLY_CAP, "hourly cap", setBy.apply(Limit.HOURLY_CAP))));
        limits.dailyCap()
                .ifPresent(n -> gates.add(
                        cap(name, Period.DAY, n, zone, Limit.DAILY_CAP, "daily cap", setBy.apply(Limit.DAILY_CAP))));
    }

    private Gate cap(String name, Period period, long n, ZoneId zone, Limit limit, String what, String setBy) {
        OptionalLong cap = OptionalLong.of(n);
        return new CapGate(
                counters.get(name, period), now -> cap, zone, what + " of " + name, limit.key(), now -> setBy, false);
    }
}
