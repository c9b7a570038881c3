package io.github.cameldeliverability.delivery;

import io.github.cameldeliverability.mail.Lane;
import io.github.cameldeliverability.mail.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * All lanes, the connections that they share, and the question whether mail may be sent at all. Belongs to the serial
 * executor.
 */
final class Lanes {

    /** How long to wait before looking again whether the store has recovered. */
    static final Duration STORE_CHECK = Duration.ofSeconds(1);

    private static final int SWEEP_EVERY = 1000;
    private static final Duration RELIEF_EVERY = Duration.ofSeconds(1);
    private static final Duration RELIEVED_FOR = Duration.ofMinutes(1);

    private final Core core;
    private final NetworkWatch network;
    private final BooleanSupplier mayAttempt;

    private final Map<Lane, LaneQueue> lanes = new LinkedHashMap<>();
    private final Map<StreamState, Set<LaneQueue>> crowded = new HashMap<>();
    /** Lanes that gave mail back for want of memory and have not moved since. */
    private final Set<LaneQueue> relieved = new HashSet<>();

    private final Places places;
    /** Lanes that got mail in this turn. */
    private final Set<LaneQueue> touched = new LinkedHashSet<>();

    private Runnable onRoom = () -> {};
    private Consumer<Item> onLeave = item -> {};
    private int added;
    private Instant lastRelief = Instant.EPOCH;
    private int waiting;
    private boolean stopping;

    /** @param mayAttempt whether the store can record what an attempt comes to */
    Lanes(Core core, NetworkWatch network, BooleanSupplier mayAttempt) {
        this.core = core;
        this.network = network;
        this.mayAttempt = mayAttempt;
        this.places = new Places(core, lanes::values);
    }

    /** @param task run when a lane that was crowded has room again */
    void onRoom(Runnable task) {
        onRoom = task;
    }

    /** @param router finds a way for a recipient that leaves its lane for another source address */
    void onLeave(Consumer<Item> router) {
        onLeave = router;
    }

    void leave(List<Item> items) {
        core.actor().execute(() -> items.forEach(onLeave));
    }

    void add(StreamState stream, Destination destination, Item item) {
        if (++added % SWEEP_EVERY == 0) {
            List.copyOf(lanes.values()).forEach(this::forgetIfIdle);
        }
        LaneQueue lane = lanes.get(destination.lane());
        if (lane == null || lane.stream() != stream) {
            // One that was left behind by a stream of this name that was removed ends by itself.
            lane = new LaneQueue(destination.lane(), stream, core, this);
            lanes.put(destination.lane(), lane);
        }
        lane.add(destination, item);
        // Recipients of one message that arrive together share a transaction: look at the lane when all are in.
        if (touched.add(lane) && touched.size() == 1) {
            core.actor().execute(this::pumpTouched);
        }
    }

    private void pumpTouched() {
        List<LaneQueue> all = List.copyOf(touched);
        touched.clear();
        byPriority(all).forEach(LaneQueue::pump);
    }

    /** Pumps every lane, the ones of the most important streams first. */
    void pumpAll() {
        byPriority(lanes.values()).forEach(LaneQueue::pump);
    }

    NetworkWatch network() {
        return network;
    }

    boolean maySend() {
        return !stopping && mayAttempt.getAsBoolean();
    }

    boolean isStopping() {
        return stopping;
    }

    int waiting() {
        return waiting;
    }

    /** The sessions that all lanes share. */
    Places places() {
        return places;
    }

    // ---- several streams at one provider

    /**
     * A receiver that counts by source address says "too fast" to whoever comes next, be it not the one who was too fast.
     * Less important lanes that send from the same address to the same provider take the blame, and slow down.
     *
     * @param until when they may begin again at the earliest
     * @return whether there are any; if not, the lane is meant itself
     */
    boolean blameRivals(LaneQueue lane, Verdict verdict, Instant until) {
        boolean any = false;
        for (LaneQueue other : lanes.values()) {
            boolean rival =
                    other.stream().config.priority() < lane.stream().config.priority()
                            && other.lane().source().equals(lane.lane().source())
                            && other.lane().provider().equals(lane.lane().provider());
            if (rival && other.isActive()) {
                any = true;
                core.shaper().observed(other.lane(), verdict);
                other.stepAside(until, verdict.evidence());
            }
        }
        return any;
    }

    // ---- crowding

    void queueChanged(LaneQueue lane, int before, int after) {
        waiting += after - before;
        int limit = core.options().laneQueue();
        if (before < limit && after >= limit) {
            crowded.computeIfAbsent(lane.stream(), s -> new HashSet<>()).add(lane);
            publish(lane.stream());
        } else if (before > limit / 2 && after <= limit / 2) {
            hasRoom(lane);
        }
        if (after == 0 && relieved.remove(lane)) {
            hasRoom(lane);
        }
    }

    private void publish(StreamState stream) {
        Set<String> domains = new HashSet<>();
        crowded.getOrDefault(stream, Set.of()).forEach(l -> domains.addAll(l.domains()));
        stream.crowdedDomains = Set.copyOf(domains);
    }

    /**
     * Memory is full: lanes that hardly move give half of their mail back to the disk, the largest first, and get no more
     * until they move again.
     */
    void relieve() {
        Instant now = core.now();
        if (now.isBefore(lastRelief.plus(RELIEF_EVERY))) {
            return;
        }
        lastRelief = now;
        List<LaneQueue> largestFirst = new ArrayList<>(lanes.values());
        largestFirst.sort(Comparator.comparingInt(LaneQueue::queued).reversed());
        int wanted = Math.max(1, core.options().memoryMessages() / 4);
        for (LaneQueue lane : largestFirst) {
            int given = wanted > 0 ? lane.relieve(now, now.plus(RELIEVED_FOR)) : 0;
            wanted -= given;
            if (given > 0 && lane.queued() > 0) {
                relieved.add(lane);
                crowded.computeIfAbsent(lane.stream(), s -> new HashSet<>()).add(lane);
                publish(lane.stream());
            }
        }
    }

    /** A lane began a transaction. */
    void moves(LaneQueue lane) {
        if (relieved.remove(lane) && lane.queued() < core.options().laneQueue()) {
            hasRoom(lane);
        }
    }

    private void hasRoom(LaneQueue lane) {
        Set<LaneQueue> of = crowded.get(lane.stream());
        if (of != null && of.remove(lane)) {
            publish(lane.stream());
            onRoom.run();
        }
    }

    // ---- operators' orders

    /** Gives what waits in memory and was not begun back to where it came from. */
    void giveBack(Predicate<Item> which, String why) {
        List.copyOf(lanes.values()).forEach(l -> l.giveBack(which, why));
    }

    /** Waits that lanes were told earlier may not hold any more. */
    void lookAgain() {
        byPriority(lanes.values()).forEach(LaneQueue::lookAgain);
    }

    /** Destinations that did not answer are tried again now, with one connection each. */
    void reopen() {
        lanes.values().forEach(LaneQueue::reopen);
    }

    // ---- life

    void forgetIfIdle(LaneQueue lane) {
        if (lane.isForgettable()) {
            lanes.remove(lane.lane(), lane);
            places.forget(lane);
        }
    }

    /** Every lane gives its waiting mail back; sessions that are idle are closed. */
    void stop(Instant dueAt) {
        stopping = true;
        List.copyOf(lanes.values()).forEach(l -> l.releaseAll(dueAt));
    }

    /** The lanes of a stream give their waiting mail back and end. */
    void remove(StreamState stream, Instant dueAt) {
        for (LaneQueue l : List.copyOf(lanes.values())) {
            if (l.stream() == stream) {
                l.releaseAll(dueAt);
                forgetIfIdle(l);
            }
        }
        crowded.remove(stream);
    }

    /** Takes mail again after a stop. */
    void resume() {
        stopping = false;
    }

    /** Breaks off the transactions of a job. */
    void abort(Job job) {
        List.copyOf(lanes.values()).forEach(l -> l.abort(job));
    }

    void abortAll() {
        List.copyOf(lanes.values()).forEach(LaneQueue::abortAll);
    }

    List<EngineSnapshot.LaneSnapshot> snapshot() {
        List<EngineSnapshot.LaneSnapshot> list = new ArrayList<>();
        lanes.values().forEach(l -> list.add(l.snapshot()));
        return list;
    }

    private static int priority(LaneQueue lane) {
        return lane.stream().config.priority();
    }

    private static List<LaneQueue> byPriority(Collection<LaneQueue> some) {
        List<LaneQueue> sorted = new ArrayList<>(some);
        sorted.sort(Comparator.comparingInt((LaneQueue l) -> priority(l)).reversed());
        return sorted;
    }
}
