package io.github.cameldeliverability.store;

import io.github.cameldeliverability.mail.SuppressionKind;
import io.github.cameldeliverability.store.SuppressionIndex.Answer;
import io.github.cameldeliverability.store.SuppressionIndex.Item;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The suppressions of all lists in memory, current. Nearly all mail goes to addresses that are on no list, and none of it
 * should cost a query.
 *
 * <p>A small store is read when it is opened, a large one beside the first work; until that is done the database is asked.
 * Changes of this process are known before their call completes. Changes that another process makes (an operator's tool)
 * are found by {@link #follow}, which the writing thread calls twice a second; if the last look is more than a second old
 * the database is asked. So an address that another process suppresses can be missed for one second, never longer.
 *
 * <p>Thread-safe.
 */
final class LiveSuppressions {

    /** An address whose entries changed. */
    record Touched(String list, String addressKey) {}

    /** An entry that changed; {@code item} is null if it is gone. */
    record Change(String list, String addressKey, String scope, Item item) {}

    private static final Logger LOG = LoggerFactory.getLogger(LiveSuppressions.class);

    private static final long MAX_AGE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** A list of this length is read in a fraction of a second. */
    private static final int SMALL = 20_000;

    private static final int PROGRESS = 1_000_000;

    private final SuppressionIndex index;
    private final DataSource source;
    private final ThreadFactory threads;

    // Real elapsed time, whatever clock the store was given: it bounds how old knowledge of another process is.
    private volatile long lastLook;
    private volatile boolean loaded;
    private volatile boolean closed;
    private volatile boolean pseudonyms;

    // Of the writing thread; the loading thread only sets read.
    private volatile boolean read;
    private final Set<Touched> missed = new LinkedHashSet<>();
    private long dataVersion = -1;
    private long lastSequence;

    /** @param key for the hash table, of this process alone */
    LiveSuppressions(byte[] key, DataSource source, ThreadFactory threads) {
        index = new SuppressionIndex(key);
        this.source = source;
        this.threads = threads;
    }

    /** What memory knows of an address; {@code ASK} means that the database has to be asked. */
    Answer ask(String list, String addressKey, Set<String> scopes, Set<SuppressionKind> exempt, Instant now) {
        if (!loaded || System.nanoTime() - lastLook > MAX_AGE_NANOS) {
            return Answer.ASK;
        }
        return index.ask(list, addressKey, scopes, exempt, now);
    }

    /** Why mail is forbidden, the strictest kind; for who was told {@code YES}. */
    Optional<SuppressionKind> kind(
            String list, String addressKey, Set<String> scopes, Set<SuppressionKind> exempt, Instant now) {
        return index.find(list, addressKey).stream()
                .filter(i -> scopes.contains(i.scope()) && now.isBefore(i.until()) && !exempt.contains(i.kind()))
                .map(Item::kind)
                .max(Comparator.comparingInt(SuppressionMerge::rank));
    }

    /** Whether addresses may be known under pseudonyms. */
    boolean mayHoldPseudonyms() {
        return !loaded || pseudonyms;
    }

    /** Before the store is used: reads a small list now, begins to read a large one. */
    void load(Connection connection) throws SQLException {
        dataVersion = number(connection, "PRAGMA data_version");
        lastSequence = number(connection, "SELECT coalesce(max(sequence), 0) FROM suppression_change");
        if (read(connection, SMALL)) {
            loaded = true;
            return;
        }
        index.clear();
        threads.newThread(this::loadAll).start();
    }

    private void loadAll() {
        long begin = System.nanoTime();
        try (Connection connection = source.getConnection()) {
            if (read(connection, Long.MAX_VALUE)) {
                read = true;
                LOG.info(
                        "event=suppressions-loaded addresses={} megabytes={} seconds={}",
                        index.size(),
                        index.footprint() >> 20,
                        TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin));
            }
        } catch (SQLException | RuntimeException e) {
            LOG.warn("The suppression lists could not be read into memory; each check asks the database", e);
        }
    }

    /** Whether all was read. */
    private boolean read(Connection connection, long limit) throws SQLException {
        long count = 0;
        try (PreparedStatement select = connection.prepareStatement(
                        "SELECT list, address_key, body FROM suppression ORDER BY list, address_key");
                ResultSet row = select.executeQuery()) {
            String list = "";
            String key = "";
            List<Item> items = new ArrayList<>();
            while (row.next()) {
                if (++count > limit || closed) {
                    return false;
                }
                String nextKey = row.getString(2);
                if (!nextKey.equals(key) || !row.getString(1).equals(list)) {
                    put(list, key, items);
                    items = new ArrayList<>(1);
                    key = nextKey;
                    list = row.getString(1);
                }
                items.add(SuppressionCodec.item(row.getBytes(3)));
                if (count % PROGRESS == 0) {
                    LOG.info("event=suppressions-loading entries={}", count);
                }
            }
            put(list, key, items);
        }
        return true;
    }

    /** A change of this process, committed. Of the writing thread. */
    void changed(Change c) {
        if (loaded) {
            if (Pseudonyms.isPseudonym(c.addressKey())) {
                pseudonyms = true;
            }
            index.put(c.list(), c.addressKey(), c.scope(), c.item());
        } else {
            // The loading thread may have read this address already, or not.
            missed.add(new Touched(c.list(), c.addressKey()));
        }
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
                        missed.add(new Touched(row.getString(2), row.getString(3)));
                    }
                }
            }
            dataVersion = version;
        }
        if ((loaded || read) && !missed.isEmpty()) {
            readAgain(connection);
            missed.clear();
        }
        loaded |= read;
        lastLook = begin;
        return lists;
    }

    private void put(String list, String addressKey, List<Item> items) {
        if (!pseudonyms && Pseudonyms.isPseudonym(addressKey)) {
            pseudonyms = true;
        }
        index.put(list, addressKey, items);
    }

    private void readAgain(Connection connection) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT body FROM suppression WHERE list = ? AND address_key = ?")) {
            for (Touched t : missed) {
                select.setString(1, t.list());
                select.setString(2, t.addressKey());
                List<Item> items = new ArrayList<>();
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        items.add(SuppressionCodec.item(row.getBytes(1)));
                    }
                }
                put(t.list(), t.addressKey(), items);
            }
        }
    }

    /** The numbers of a new connection do not compare with those of the old one. */
    void reconnected() {
        dataVersion = -1;
    }

    /** From now on every question goes to the database, which will say that it is closed. */
    void close() {
        closed = true;
        loaded = false;
    }

    private static long number(Connection connection, String sql) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql);
                ResultSet row = select.executeQuery()) {
            return row.next() ? row.getLong(1) : 0;
        }
    }
}
