package io.github.cameldeliverability.store;

import io.github.cameldeliverability.mail.Suppression;
import io.github.cameldeliverability.mail.SuppressionKind;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * All suppressions in memory, 30 to 60 octets each: a hash table of 64-bit places that point into octets, where each
 * address has a record of its key and, for each scope, kind and end. A record is compared with the whole key, never by its
 * hash alone, so there are no false answers. The hash is keyed: nobody can choose addresses that collide.
 *
 * <p>Any number of threads ask without a lock, since a record never changes: a change writes a new one and turns the place
 * to it. Changes are synchronized. What is no longer pointed to is swept when it is more than what is.
 */
final class SuppressionIndex {

    /** What is known of an address in one scope. */
    record Item(String scope, SuppressionKind kind, Instant until) {

        static Item of(Suppression s) {
            return new Item(s.scope(), s.kind(), s.until().orElse(Instant.MAX));
        }
    }

    /** The strictest kind in force, or that there is none. */
    enum Answer {
        NO,
        YES,
        /** Only kinds that are exempt are known; a cause behind them may count. */
        ASK
    }

    private static final int CHUNK_BITS = 20;
    private static final int CHUNK = 1 << CHUNK_BITS;
    private static final int MOST_CHUNKS = 1 << 13;
    private static final int OFFSET_BITS = 40;
    private static final long OFFSET_MASK = (1L << OFFSET_BITS) - 1;
    private static final long LEAST_SWEEP = 16L << 20;
    private static final int HAS_END = 0x80;
    private static final List<SuppressionKind> KINDS = List.of(SuppressionKind.values());
    private static final VarHandle PLACE = MethodHandles.arrayElementVarHandle(long[].class);

    private final SipHash hash;
    private final Names lists = new Names(0x10000);
    private final Names scopes = new Names(Integer.MAX_VALUE);
    private volatile Table table = new Table(1 << 10);

    // Of the changing threads.
    private long end;
    private long live;
    private int size;

    /** A table only ever gains and turns places; a larger or swept one takes its place. */
    private static final class Table {
        final long[] places;
        final byte[][] chunks;

        Table(int capacity) {
            this(new long[capacity], new byte[MOST_CHUNKS][]);
        }

        Table(long[] places, byte[][] chunks) {
            this.places = places;
            this.chunks = chunks;
        }
    }

    /** @param key of 16 octets or more, of this process alone */
    SuppressionIndex(byte[] key) {
        hash = new SipHash(key);
    }

    /** Whether mail is forbidden. Never waits. */
    Answer ask(String list, String addressKey, Set<String> wanted, Set<SuppressionKind> exempt, Instant now) {
        int listNumber = lists.known(list);
        if (listNumber < 0) {
            return Answer.NO;
        }
        byte[] key = addressKey.getBytes(StandardCharsets.UTF_8);
        Table t = table;
        long at = find(t, listNumber, key, hash(listNumber, key));
        if (at < 0) {
            return Answer.NO;
        }
        Answer answer = Answer.NO;
        for (Item item : items(t, at)) {
            if (wanted.contains(item.scope()) && now.isBefore(item.until())) {
                if (!exempt.contains(item.kind())) {
                    return Answer.YES;
                }
                answer = Answer.ASK;
            }
        }
        return answer;
    }

    /** All that is known of an address, in no certain order; empty if nothing. */
    List<Item> find(String list, String addressKey) {
        int listNumber = lists.known(list);
        byte[] key = addressKey.getBytes(StandardCharsets.UTF_8);
        Table t = table;
        long at = listNumber < 0 ? -1 : find(t, listNumber, key, hash(listNumber, key));
        return at < 0 ? List.of() : items(t, at);
    }

    /** Replaces all that is known of an address. */
    synchronized void put(String list, String addressKey, List<Item> items) {
        int listNumber = lists.number(list);
        byte[] key = addressKey.getBytes(StandardCharsets.UTF_8);
        long h = hash(listNumber, key);
        Table t = table;
        int place = place(t, listNumber, key, h);
        long old = t.places[place];
        if (old == 0 && items.isEmpty()) {
            return;
        }
        long at = append(t, listNumber, key, items);
        if (old != 0) {
            live -= length(t, (old & OFFSET_MASK) - 1);
        }
        PLACE.setRelease(t.places, place, tag(h) | (at + 1));
        if (old == 0) {
            size++;
        }
        if (size * 4L > t.places.length * 3L) {
            sweep(t.places.length * 2);
        } else if (end - live > Math.max(LEAST_SWEEP, live)) {
            sweep(t.places.length);
        }
    }

    /** Replaces what is known of an address in one scope; null ends it. */
    synchronized void put(String list, String addressKey, String scope, Item item) {
        List<Item> items = new ArrayList<>(find(list, addressKey));
        items.removeIf(i -> i.scope().equals(scope));
        if (item != null) {
            items.add(item);
        }
        put(list, addressKey, items);
    }

    synchronized void clear() {
        table = new Table(1 << 10);
        end = 0;
        live = 0;
        size = 0;
    }

    /** Addresses, those included that were removed and not swept yet. */
    synchronized int size() {
        return size;
    }

    /** Octets of memory. */
    synchronized long footprint() {
        long chunks = Arrays.stream(table.chunks).filter(c -> c != null).count();
        return table.places.length * 8L + chunks * CHUNK + MOST_CHUNKS * 4L;
    }

    private long hash(int listNumber, byte[] key) {
        return hash.hash64(key, 0, key.length) + listNumber * 0x9e3779b97f4a7c15L;
    }

    private static long tag(long h) {
        return h & ~OFFSET_MASK;
    }

    /** Where the record of the key begins, or -1. */
    private static long find(Table t, int listNumber, byte[] key, long h) {
        int mask = t.places.length - 1;
        long tag = tag(h);
        for (int place = (int) h & mask; ; place = (place + 1) & mask) {
            long value = (long) PLACE.getAcquire(t.places, place);
            if (value == 0) {
                return -1;
            }
            if ((value & ~OFFSET_MASK) == tag && holds(t, (value & OFFSET_MASK) - 1, listNumber, key)) {
                return (value & OFFSET_MASK) - 1;
            }
        }
    }

    /** The place of the key, or the one where it belongs. */
    private static int place(Table t, int listNumber, byte[] key, long h) {
        int mask = t.places.length - 1;
        int place = (int) h & mask;
        while (t.places[place] != 0
                && !((t.places[place] & ~OFFSET_MASK) == tag(h)
                        && holds(t, (t.places[place] & OFFSET_MASK) - 1, listNumber, key))) {
            place = (place + 1) & mask;
        }
        return place;
    }

    // A record: length of the whole (2), number of the list (2), length of the key (2), key, and for each scope its
    // number (4), the kind with a mark (1), and with the mark the end: seconds (8), nanoseconds (4).

    private static boolean holds(Table t, long at, int listNumber, byte[] key) {
        byte[] c = t.chunks[(int) (at >>> CHUNK_BITS)];
        int i = (int) at & (CHUNK - 1);
        return Octets.two(c, i + 2) == listNumber
                && Octets.two(c, i + 4) == key.length
                && Arrays.equals(c, i + 6, i + 6 + key.length, key, 0, key.length);
    }

    private static int length(Table t, long at) {
        return Octets.two(t.chunks[(int) (at >>> CHUNK_BITS)], (int) at & (CHUNK - 1));
    }

    private List<Item> items(Table t, long at) {
        byte[] c = t.chunks[(int) (at >>> CHUNK_BITS)];
        int i = (int) at & (CHUNK - 1);
        int to = i + Octets.two(c, i);
        i += 6 + Octets.two(c, i + 4);
        List<Item> items = new ArrayList<>(1);
        while (i < to) {
            String scope = scopes.name(Octets.four(c, i));
            int kind = c[i + 4] & 0xff;
            boolean ends = (kind & HAS_END) != 0;
            Instant until = ends ? Instant.ofEpochSecond(Octets.eight(c, i + 5), Octets.four(c, i + 13)) : Instant.MAX;
            items.add(new Item(scope, KINDS.get(kind & ~HAS_END), until));
            i += ends ? 17 : 5;
        }
        return items;
    }

    private long append(Table t, int listNumber, byte[] key, List<Item> items) {
        int length = 6 + key.length;
        for (Item item : items) {
            length += item.until().equals(Instant.MAX) ? 5 : 17;
        }
        if (length > 0xffff) {
            throw new IllegalStateException("an address with too many scopes for one record: " + items.size());
        }
        long at = reserve(t, length);
        byte[] c = t.chunks[(int) (at >>> CHUNK_BITS)];
        int i = (int) at & (CHUNK - 1);
        Octets.two(c, i, length);
        Octets.two(c, i + 2, listNumber);
        Octets.two(c, i + 4, key.length);
        System.arraycopy(key, 0, c, i + 6, key.length);
        i += 6 + key.length;
        for (Item item : items) {
            Instant until = item.until();
            boolean ends = !until.equals(Instant.MAX);
            Octets.four(c, i, scopes.number(item.scope()));
            c[i + 4] = (byte) (KINDS.indexOf(item.kind()) | (ends ? HAS_END : 0));
            if (ends) {
                Octets.eight(c, i + 5, until.getEpochSecond());
                Octets.four(c, i + 13, until.getNano());
            }
            i += ends ? 17 : 5;
        }
        return at;
    }

    private long reserve(Table t, int length) {
        if ((end & (CHUNK - 1)) + length > CHUNK) {
            end = (end | (CHUNK - 1)) + 1;
        }
        int chunk = (int) (end >>> CHUNK_BITS);
        if (chunk >= MOST_CHUNKS) {
            throw new IllegalStateException("more than " + MOST_CHUNKS + " MiB of suppressions in memory");
        }
        if (t.chunks[chunk] == null) {
            t.chunks[chunk] = new byte[CHUNK];
        }
        long at = end;
        end += length;
        live += length;
        return at;
    }

    /** Copies what is pointed to, without addresses that nothing is known of. Those who ask meanwhile use the old table. */
    private void sweep(int capacity) {
        Table from = table;
        boolean copy = end - live > LEAST_SWEEP;
        Table to = copy ? new Table(capacity) : new Table(new long[capacity], from.chunks);
        if (copy) {
            end = 0;
            live = 0;
        }
        size = 0;
        int mask = capacity - 1;
        for (long value : from.places) {
            if (value == 0) {
                continue;
            }
            long at = (value & OFFSET_MASK) - 1;
            byte[] c = from.chunks[(int) (at >>> CHUNK_BITS)];
            int i = (int) at & (CHUNK - 1);
            int length = Octets.two(c, i);
            int keyLength = Octets.two(c, i + 4);
            if (length == 6 + keyLength) {
                live -= copy ? 0 : length;
                continue;
            }
            long h = hash.hash64(c, i + 6, keyLength) + Octets.two(c, i + 2) * 0x9e3779b97f4a7c15L;
            if (copy) {
                at = reserve(to, length);
                System.arraycopy(c, i, to.chunks[(int) (at >>> CHUNK_BITS)], (int) at & (CHUNK - 1), length);
            }
            int place = (int) h & mask;
            while (to.places[place] != 0) {
                place = (place + 1) & mask;
            }
            to.places[place] = tag(h) | (at + 1);
            size++;
        }
        table = to;
    }
}
