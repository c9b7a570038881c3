package io.github.cameldeliverability.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a transaction changes beside its rows; given up with it if it is rolled back. */
final class Effects {

    /** How the counters of one stream change. */
    static final class Tally {
        long messages;
        long open;
        long held;
        long deferred;

        boolean isZero() {
            return messages == 0 && open == 0 && held == 0 && deferred == 0;
        }
    }

    private final Map<Integer, Tally> tallies = new HashMap<>();
    private final Set<String> streamsWithEvents = new HashSet<>();
    private final Set<String> changedLists = new HashSet<>();
    private boolean orders;
    private boolean newsOfEffects;
    private final List<LiveSuppressions.Change> suppressed = new ArrayList<>();

    Tally tally(int streamId) {
        return tallies.computeIfAbsent(streamId, id -> new Tally());
    }

    Map<Integer, Tally> tallies() {
        return tallies;
    }

    Set<String> streamsWithEvents() {
        return streamsWithEvents;
    }

    Set<String> changedLists() {
        return changedLists;
    }

    void ordersGiven() {
        orders = true;
    }

    /** Whether an operator's order was carried out. */
    boolean orders() {
        return orders;
    }

    void newsOfEffects() {
        newsOfEffects = true;
    }

    /** Whether those who follow effects have something to read. */
    boolean hasNewsOfEffects() {
        return newsOfEffects;
    }

    /** What memory has to learn. */
    List<LiveSuppressions.Change> suppressed() {
        return suppressed;
    }
}
