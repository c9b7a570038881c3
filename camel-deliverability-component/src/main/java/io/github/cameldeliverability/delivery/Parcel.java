package io.github.cameldeliverability.delivery;

import io.github.cameldeliverability.mail.ReversePath;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Recipients of one message that may share a transaction: one destination, one reverse-path. */
final class Parcel {

    final Job job;
    final ReversePath from;
    /** Its place in the lane. */
    final long ticket;
    /** When it came into the lane. */
    final Instant since;

    final List<Item> items = new ArrayList<>();
    /** Whether it was already sent again at once on a fresh connection. */
    boolean replayed;

    Parcel(Job job, ReversePath from, long ticket, Instant since) {
        this.job = job;
        this.from = from;
        this.ticket = ticket;
        this.since = since;
    }

    boolean takes(Item item) {
        return !replayed && item.job == job && item.recipient().reversePath().equals(from);
    }

    /** Cuts off what is behind the first {@code n} items. */
    Parcel cut(int n) {
        Parcel rest = new Parcel(job, from, ticket, since);
        rest.items.addAll(items.subList(n, items.size()));
        items.subList(n, items.size()).clear();
        return rest;
    }
}
