package io.github.cameldeliverability.delivery;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The sessions that all lanes may have open together. Streams of a priority, and those below, leave a tenth of the places to
 * each priority above, so that sessions with slow servers never keep more important mail waiting; streams of one priority
 * share by weight where they compete. Belongs to the serial executor.
 */
final class Places {

    private static final int KEPT_FREE = 10;

    private final Core core;
    private final Supplier<Collection<LaneQueue>> lanes;
    private final Map<StreamState, Integer> taken = new HashMap<>();
    private final Set<LaneQueue> waiting = new LinkedHashSet<>();
    private int all;
    /** Sessions that are being closed for other lanes. */
    private int yielding;

    /** @param lanes all that there are */
    Places(Core core, Supplier<Collection<LaneQueue>> lanes) {
        this.core = core;
        this.lanes = lanes;
    }

    /** Takes a place for one more connection; if there is none, the lane is pumped when there is. */
    boolean take(LaneQueue lane) {
        int max = core.options().maxConnections();
        if (mayHaveOneMore(lane)) {
            // Who asked first and matters at least as much goes first.
            boolean outranked = all + waiting.size() >= max
                    && waiting.stream().anyMatch(w -> w != lane && priority(w) > priority(lane));
            if (!outranked) {
                waiting.remove(lane);
                all++;
                taken.merge(lane.stream(), 1, Integer::sum);
                return true;
            }
        }
        waiting.add(lane);
        for (LaneQueue other : lanes.get()) {
            if (other != lane && priority(other) <= priority(lane) && other.giveUpIdleSession()) {
                break;
            }
        }
        return false;
    }

    private boolean mayHaveOneMore(LaneQueue lane) {
        int max = core.options().maxConnections();
        if (all >= max) {
            return false;
        }
        int above = lane.stream().standing.above();
        if (above == 0) {
            return true;
        }
        int ofLevel = 0;
        for (Map.Entry<StreamState, Integer> t : taken.entrySet()) {
            if (t.getKey().config.priority() <= priority(lane)) {
                ofLevel += t.getValue();
            }
        }
        return ofLevel < Math.max(1, max - above * Math.max(1, max / KEPT_FREE));
    }

    /**
     * Whether a lane should close a session so that another lane can open one: at once for a more important stream's, for
     * an equal one's when its turn is over or it has no more to send, and the other stream has less than its share.
     */
    boolean shouldYield(LaneQueue lane, boolean turnIsOver) {
        if (waiting.size() <= yielding) {
            return false;
        }
        boolean yield = waiting.stream()
                .anyMatch(w -> w != lane && (priority(w) > priority(lane) || (turnIsOver && isFairTo(w, lane))));
        if (yield) {
            yielding++;
        }
        return yield;
    }

    /** Whether {@code w} has no more than its share if it gets a place of {@code lane}. */
    private boolean isFairTo(LaneQueue w, LaneQueue lane) {
        if (priority(w) != priority(lane)) {
            return false;
        }
        return w.stream() == lane.stream() || load(w, 1) <= load(lane, 0);
    }

    /** Places that the lane's stream has, by its weight. */
    private double load(LaneQueue lane, int more) {
        StreamState stream = lane.stream();
        return (taken.getOrDefault(stream, 0) + more) / (double) stream.standing.weight();
    }

    void free(LaneQueue lane) {
        all--;
        taken.merge(lane.stream(), -1, Places::sumOrNothing);
        yielding = Math.max(0, yielding - 1);
        LaneQueue next = null;
        for (LaneQueue w : waiting) {
            boolean better = next == null
                    || priority(w) > priority(next)
                    || (priority(w) == priority(next) && load(w, 0) < load(next, 0));
            if (better && mayHaveOneMore(w)) {
                next = w;
            }
        }
        if (next != null) {
            LaneQueue chosen = next;
            core.actor().execute(() -> {
                // Only now: until its turn comes, its wish keeps less important lanes from taking the place.
                waiting.remove(chosen);
                chosen.pump();
            });
        }
    }

    // A stream without a place is forgotten: null takes the entry out.
    @SuppressWarnings("NullAway")
    private static Integer sumOrNothing(int a, int b) {
        return a + b == 0 ? null : a + b;
    }

    void forget(LaneQueue lane) {
        waiting.remove(lane);
    }

    private static int priority(LaneQueue lane) {
        return lane.stream().config.priority();
    }
}
