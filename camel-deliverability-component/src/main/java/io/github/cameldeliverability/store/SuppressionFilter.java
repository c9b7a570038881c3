package io.github.cameldeliverability.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Answers "surely not suppressed" from memory: a set of 64-bit hashes of every address that was ever entered. Nearly all
 * mail goes to addresses that are on no list, and none of it should cost a query. A hit only means that the database has
 * to be asked.
 *
 * <p>Entries of this process are in the set before their {@code add} completes. Entries that another process writes (an
 * operator's tool) are found by {@link #follow}, which the writing thread calls twice a second; if the last look is more
 * than a second old the set says "maybe" to everything. So an address that another process suppresses can be missed
 * for one second, never longer.
 *
 * <p>Thread-safe. About 16 octets an address.
 */
final class SuppressionFilter {

    record Entry(String list, String addressKey) {}

    private static final long MAX_AGE_NANOS = TimeUnit.SECONDS.toNanos(1);

    // Open addressing; 0 marks a free place. At most half full.
    private long[] places = new long[1024];
    private int size;

    // Real elapsed time, whatever clock the store was given: it bounds how old knowledge of another process is.
    private volatile long lastLook;
    private long dataVersion = -1;
    private long lastSequence;

    /** Whether the database has to be asked. */
    boolean mayHold(String list, String addressKey) {
        if (System.nanoTime() - lastLook > MAX_AGE_NANOS) {
            return true;
        }
        long hash = hash(list, addressKey);
        synchronized (this) {
            return places[place(places, hash)] == hash;
        }
    }

    synchronized void add(Entry entry) {
        long hash = hash(entry.list(), entry.addressKey());
        int place = place(places, hash);
        if (places[place] == hash) {
            return;
        }
        places[place] = hash;
        if (++size * 2 > places.length) {
            grow();
        }
    }

    /** Reads all entries; before the store is used. */
    void load(Connection connection) throws SQLException {
        dataVersion = number(connection, "PRAGMA data_version");
        lastSequence = number(connection, "SELECT coalesce(max(sequence), 0) FROM suppression_change");
        try (PreparedStatement select = connection.prepareStatement("SELECT list, address_key FROM suppression");
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                add(new Entry(row.getString(1), row.getString(2)));
            }
        }
        lastLook = System.nanoTime();
    }

    /**
     * Learns what other processes changed since the last call. Of the writing thread.
     *
     * @return the lists that changed
     */
    Set<String> follow(Connection connection) throws SQLException {
        long begin = System.nanoTime();
        Set<String> lists = new HashSet<>();
        // This number moves only when another connection has written.
        long version = number(connection, "PRAGMA data_version");
        if (version != dataVersion) {
            try (PreparedStatement select = connection.prepareStatement(
                    "SELECT sequence, list, address_key FROM suppression_change WHERE sequence > ? ORDER BY sequence")) {
                select.setLong(1, lastSequence);
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        lastSequence = row.getLong(1);
                        lists.add(row.getString(2));
                        add(new Entry(row.getString(2), row.getString(3)));
                    }
                }
            }
            dataVersion = version;
        }
        lastLook = begin;
        return lists;
    }

    /** The numbers of a new connection do not compare with those of the old one. */
    void reconnected() {
        dataVersion = -1;
    }

    /** From now on every question goes to the database, which will say that it is closed. */
    void close() {
        lastLook = System.nanoTime() - 2 * MAX_AGE_NANOS;
    }

    private static long number(Connection connection, String sql) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql);
                ResultSet row = select.executeQuery()) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    private void grow() {
        long[] larger = new long[places.length * 2];
        Arrays.stream(places).filter(hash -> hash != 0).forEach(hash -> larger[place(larger, hash)] = hash);
        places = larger;
    }

    /** Where the hash is, or belongs. */
    private static int place(long[] places, long hash) {
        int mask = places.length - 1;
        int place = (int) hash & mask;
        while (places[place] != 0 && places[place] != hash) {
            place = place + 1 & mask;
        }
        return place;
    }

    /** FNV-1a over both texts, mixed so that the low bits are as good as the high ones. */
    private static long hash(String list, String addressKey) {
        long hash = mix(mix(0xcbf29ce484222325L, list) * 0x100000001b3L, addressKey);
        hash = (hash ^ hash >>> 33) * 0xff51afd7ed558ccdL;
        hash = (hash ^ hash >>> 33) * 0xc4ceb9fe1a85ec53L;
        hash ^= hash >>> 33;
        return hash == 0 ? 1 : hash;
    }

    private static long mix(long start, String text) {
        long hash = start;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        return hash;
    }
}
