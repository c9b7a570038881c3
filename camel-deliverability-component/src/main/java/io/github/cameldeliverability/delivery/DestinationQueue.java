package io.github.cameldeliverability.delivery;

import io.github.cameldeliverability.mail.Recipient;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;

/** What waits in a lane for one destination, and how the destination has behaved. Belongs to the serial executor. */
final class DestinationQueue {

    private static final Duration[] PAUSES = {
        Duration.ofSeconds(5),
        Duration.ofSeconds(15),
        Duration.ofSeconds(30),
        Duration.ofMinutes(1),
        Duration.ofMinutes(2),
        Duration.ofMinutes(5),
        Duration.ofMinutes(10),
        Duration.ofMinutes(20)
    };

    Destination destination;
    final Deque<Parcel> parcels = new ArrayDeque<>();
    int items;
    /** Connections being opened. */
    int opening;

    private int failures;
    private Instant closedUntil = Instant.MIN;
    private String closedWhy = "";
    private int maxRecipients = Integer.MAX_VALUE;

    DestinationQueue(Destination destination) {
        this.destination = destination;
    }

    void add(Item item, long ticket, Instant now) {
        items++;
        Parcel last = parcels.peekLast();
        if (last != null && last.takes(item)) {
            last.items.add(item);
            return;
        }
        Recipient r = item.recipient();
        Parcel parcel = new Parcel(item.job, r.reversePath(), ticket, now);
        parcel.items.add(item);
        parcels.addLast(parcel);
    }

    void putBack(Parcel parcel) {
        items += parcel.items.size();
        parcels.addFirst(parcel);
    }

    /** The next parcel with at most {@code limit} recipients; the rest stays first in line. */
    Parcel poll(int limit) {
        Parcel p = parcels.pollFirst();
        if (p == null) {
            return null;
        }
        items -= p.items.size();
        int max = Math.min(limit, maxRecipients);
        if (p.items.size() > max) {
            putBack(p.cut(max));
        }
        return p;
    }

    boolean isEmpty() {
        return parcels.isEmpty();
    }

    long headTicket() {
        return parcels.isEmpty() ? Long.MAX_VALUE : parcels.peekFirst().ticket;
    }

    List<Item> takeAll() {
        List<Item> all = new ArrayList<>(items);
        parcels.forEach(p -> all.addAll(p.items));
        parcels.clear();
        items = 0;
        return all;
    }

    /** Takes out the newest items that can wait on disk, about {@code n} of them. */
    List<Item> takeNewest(int n) {
        List<Item> newest = new ArrayList<>();
        Iterator<Parcel> fromEnd = parcels.descendingIterator();
        while (fromEnd.hasNext() && newest.size() < n) {
            Parcel p = fromEnd.next();
            if (p.job.ledger.isDurable()) {
                newest.addAll(p.items);
                fromEnd.remove();
            }
        }
        items -= newest.size();
        return newest;
    }

    /** Takes out what has expired. */
    List<Item> takeExpired(Instant now) {
        return takeIf(i -> i.isExpiredAt(now));
    }

    List<Item> takeIf(Predicate<Item> which) {
        List<Item> taken = new ArrayList<>();
        for (Parcel p : parcels) {
            p.items.removeIf(i -> which.test(i) && taken.add(i));
        }
        parcels.removeIf(p -> p.items.isEmpty());
        items -= taken.size();
        return taken;
    }

    /** Ends the pause; that it failed is not forgotten. */
    void reopen() {
        closedUntil = Instant.MIN;
    }

    void reached() {
        failures = 0;
        closedUntil = Instant.MIN;
    }

    /** No host took us: nobody tries again before a pause that grows with each failure. */
    void notReached(Instant now, String why) {
        if (isClosedAt(now)) {
            // Attempts that ran side by side and failed together are one piece of news.
            return;
        }
        Duration pause = PAUSES[Math.min(failures, PAUSES.length - 1)];
        failures++;
        closedUntil = now.plus(pause);
        closedWhy = why;
    }

    boolean isClosedAt(Instant now) {
        return now.isBefore(closedUntil);
    }

    Instant closedUntil() {
        return closedUntil;
    }

    String closedWhy() {
        return closedWhy;
    }

    /** Whether the last thing known of it is a failure: then one connection is tried at a time. */
    boolean isProbing() {
        return failures > 0;
    }

    void acceptsOnly(int recipients) {
        maxRecipients = Math.max(1, recipients);
    }

    boolean isForgettable(Instant now) {
        return parcels.isEmpty() && opening == 0 && (failures == 0 || now.isAfter(closedUntil.plusSeconds(3600)));
    }
}
