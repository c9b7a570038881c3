package io.github.cameldeliverability.delivery;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The mail of one lane that waits in memory, by destination. What cannot stay goes back to where it came from. Belongs to the
 * serial executor.
 */
final class Backlog {

    private static final int REMEMBERED_DOMAINS = 5000;

    /** Told whenever the number of recipients that wait has changed. */
    interface SizeListener {
        void changed(int before, int after);
    }

    private final Core core;
    private final SizeListener listener;
    private final Map<String, DestinationQueue> queues = new HashMap<>();
    private final Set<String> domains = new HashSet<>();
    private long tickets;
    private int size;
    private Instant earliestExpiry = Instant.MAX;

    Backlog(Core core, SizeListener listener) {
        this.core = core;
        this.listener = listener;
    }

    /** Recipients that wait. */
    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** Domains of recipients that wait or waited here, as far as they are remembered. */
    Set<String> domains() {
        return domains;
    }

    /** Nothing that waits expires before. */
    Instant earliestExpiry() {
        return earliestExpiry;
    }

    DestinationQueue add(Destination destination, Item item) {
        if (domains.size() < REMEMBERED_DOMAINS) {
            domains.add(item.recipient().address().domain());
            domains.add(item.recipient().address().asciiDomain());
        }
        DestinationQueue q = queues.computeIfAbsent(destination.key(), k -> new DestinationQueue(destination));
        q.destination = destination;
        q.add(item, tickets++, core.now());
        count(1);
        expiresToo(item);
        return q;
    }

    /** Puts a parcel that left the queue back to its front. */
    void putBack(DestinationQueue q, Parcel p) {
        queues.putIfAbsent(q.destination.key(), q);
        q.putBack(p);
        count(p.items.size());
    }

    /** So many recipients have left one of the queues. */
    void took(int recipients) {
        count(-recipients);
    }

    /** Queues with something to send now, oldest head first. */
    List<DestinationQueue> inOrder(Instant now, Consumer<Instant> closedUntil) {
        List<DestinationQueue> ready = new ArrayList<>(queues.size());
        for (DestinationQueue q : queues.values()) {
            if (q.isEmpty()) {
                continue;
            }
            if (q.isClosedAt(now)) {
                closedUntil.accept(q.closedUntil());
            } else {
                ready.add(q);
            }
        }
        if (ready.size() > 1) {
            ready.sort(Comparator.comparingLong(DestinationQueue::headTicket));
        }
        return ready;
    }

    boolean holdsFor(Destination destination) {
        DestinationQueue q = queues.get(destination.key());
        return q != null && !q.isEmpty();
    }

    Optional<DestinationQueue> closedOne(Instant now) {
        return queues.values().stream().filter(q -> q.isClosedAt(now)).findFirst();
    }

    void reopen() {
        queues.values().forEach(DestinationQueue::reopen);
    }

    /** Ends what has expired; {@code waitedFor} says what it waited for. */
    void expire(Instant now, Function<DestinationQueue, String> waitedFor) {
        earliestExpiry = Instant.MAX;
        for (DestinationQueue q : List.copyOf(queues.values())) {
            List<Item> expired = q.takeExpired(now);
            count(-expired.size());
            expired.forEach(i -> core.outcomes().expired(i, Optional.empty(), waitedFor.apply(q)));
            q.parcels.forEach(p -> p.items.forEach(this::expiresToo));
        }
    }

    private void expiresToo(Item item) {
        if (item.expiresAt().isBefore(earliestExpiry)) {
            earliestExpiry = item.expiresAt();
        }
    }

    // ---- what cannot stay

    List<Item> takeAll() {
        List<Item> all = new ArrayList<>(size);
        queues.values().forEach(q -> all.addAll(q.takeAll()));
        count(-all.size());
        return all;
    }

    /** Who must wait for long waits on disk, due when the wait is over or at the deadline. */
    void park(DestinationQueue q, Instant until, String reason) {
        giveBack(q.takeAll(), until, reason);
    }

    void parkAll(Instant until, String reason) {
        queues.values().forEach(q -> park(q, until, reason));
    }

    void giveBack(Predicate<Item> which, String reason) {
        for (DestinationQueue q : List.copyOf(queues.values())) {
            giveBack(q.takeIf(which), core.now(), reason);
        }
    }

    /** Gives the newer half back to the disk and returns how many that were. */
    int relieve(Instant dueAt) {
        int before = size;
        int wanted = size / 2;
        for (DestinationQueue q : List.copyOf(queues.values())) {
            if (wanted > 0) {
                List<Item> newest = q.takeNewest(wanted);
                wanted -= newest.size();
                giveBack(newest, dueAt, "memory is needed elsewhere");
            }
        }
        return before - size;
    }

    private void giveBack(List<Item> all, Instant until, String reason) {
        Map<Job, List<Item>> byJob = new HashMap<>();
        for (Item i : all) {
            byJob.computeIfAbsent(i.job, j -> new ArrayList<>()).add(i);
        }
        byJob.forEach((job, items) -> {
            count(-items.size());
            Instant due = until.isBefore(job.message.expiresAt()) ? until : job.message.expiresAt();
            job.ledger.release(items, due, reason);
        });
    }

    // ---- bookkeeping

    /** Whether nothing waits and nothing is remembered of any destination. */
    boolean isForgettable() {
        Instant now = core.now();
        queues.values().removeIf(q -> q.isForgettable(now));
        return queues.isEmpty() && size == 0;
    }

    private void count(int n) {
        int before = size;
        size += n;
        listener.changed(before, size);
    }
}
