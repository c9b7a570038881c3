package io.github.cameldeliverability.store;

import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.Suppression;
import io.github.cameldeliverability.mail.SuppressionChange;
import io.github.cameldeliverability.mail.SuppressionChange.Operation;
import io.github.cameldeliverability.mail.spi.SuppressionList;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Suppression lists with their feed. Thread-safe.
 *
 * <p>{@link #check} of an address that is on no list, which is nearly every check, is answered from memory; see {@link
 * SuppressionFilter} for how old that knowledge can be when another process adds.
 */
final class JdbcSuppressionList implements SuppressionList {

    /** Entries of a large import in one operation: others' operations come between. */
    private static final int IMPORT_PORTION = 200;

    private final GroupCommit writer;
    private final Readers readers;
    private final SuppressionFilter filter;
    private final Listeners listeners;
    private final Clock clock;

    JdbcSuppressionList(
            GroupCommit writer, Readers readers, SuppressionFilter filter, Listeners listeners, Clock clock) {
        this.writer = writer;
        this.readers = readers;
        this.filter = filter;
        this.listeners = listeners;
        this.clock = clock;
    }

    @Override
    public CompletionStage<Optional<Suppression>> check(
            String list, EmailAddress address, Set<String> scopes, Instant now) {
        String key = address.key();
        if (!filter.mayHold(list, key)) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        return readers.read(connection -> {
            try (PreparedStatement select =
                    connection.prepareStatement("SELECT body FROM suppression WHERE list = ? AND address_key = ?")) {
                select.setString(1, list);
                select.setString(2, key);
                return entries(select, list).stream()
                        .filter(s -> scopes.contains(s.scope()) && s.isActiveAt(now))
                        .min(SuppressionMerge.STRICTEST);
            }
        });
    }

    @Override
    public CompletionStage<Boolean> add(Suppression suppression) {
        return writer.submit(tx -> add(tx, suppression));
    }

    @Override
    public CompletionStage<Integer> addAll(Collection<Suppression> suppressions) {
        List<Suppression> all = List.copyOf(suppressions);
        CompletionStage<Integer> sum = CompletableFuture.completedFuture(0);
        for (int from = 0; from < all.size(); from += IMPORT_PORTION) {
            List<Suppression> portion = all.subList(from, Math.min(all.size(), from + IMPORT_PORTION));
            sum = sum.thenCombine(
                    writer.submit(tx -> {
                        int changed = 0;
                        for (Suppression s : portion) {
                            changed += add(tx, s) ? 1 : 0;
                        }
                        return changed;
                    }),
                    Integer::sum);
        }
        return sum;
    }

    private boolean add(Tx tx, Suppression added) throws SQLException {
        String key = added.address().key();
        PreparedStatement select =
                tx.sql("SELECT body FROM suppression WHERE list = ? AND address_key = ? AND scope = ?");
        select.setString(1, added.list());
        select.setString(2, key);
        select.setString(3, added.scope());
        List<Suppression> present = entries(select, added.list());
        Optional<Suppression> result =
                present.isEmpty() ? Optional.of(added) : SuppressionMerge.strengthen(present.get(0), added);
        if (result.isEmpty()) {
            return false;
        }
        byte[] body = SuppressionCodec.encode(result.get());
        PreparedStatement upsert = tx.sql("INSERT INTO suppression (list, address_key, scope, body) VALUES (?, ?, ?, ?)"
                + " ON CONFLICT (list, address_key, scope) DO UPDATE SET body = excluded.body");
        upsert.setString(1, added.list());
        upsert.setString(2, key);
        upsert.setString(3, added.scope());
        upsert.setBytes(4, body);
        upsert.executeUpdate();
        tell(tx, added.list(), key, present.isEmpty() ? Operation.ADDED : Operation.UPDATED, clock.instant(), body);
        return true;
    }

    @Override
    public CompletionStage<List<Suppression>> remove(
            String list, EmailAddress address, Optional<String> scope, Instant now) {
        String key = address.key();
        return writer.submit(tx -> {
            PreparedStatement select =
                    tx.sql("SELECT body FROM suppression WHERE list = ? AND address_key = ? ORDER BY scope");
            select.setString(1, list);
            select.setString(2, key);
            List<Suppression> removed = new ArrayList<>(entries(select, list));
            removed.removeIf(s -> scope.isPresent() && !scope.get().equals(s.scope()));
            PreparedStatement delete =
                    tx.sql("DELETE FROM suppression WHERE list = ? AND address_key = ? AND scope = ?");
            for (Suppression s : removed) {
                delete.setString(1, list);
                delete.setString(2, key);
                delete.setString(3, s.scope());
                delete.executeUpdate();
                tell(tx, list, key, Operation.REMOVED, now, SuppressionCodec.encode(s));
            }
            return removed;
        });
    }

    private static void tell(Tx tx, String list, String key, Operation operation, Instant at, byte[] body)
            throws SQLException {
        PreparedStatement insert = tx.sql(
                "INSERT INTO suppression_change (list, address_key, operation, at, body)" + " VALUES (?, ?, ?, ?, ?)");
        insert.setString(1, list);
        insert.setString(2, key);
        insert.setString(3, operation.name());
        insert.setLong(4, Millis.of(at));
        insert.setBytes(5, body);
        insert.executeUpdate();
        tx.effects().changedLists().add(list);
        tx.effects().suppressed().add(new SuppressionFilter.Entry(list, key));
    }

    @Override
    public CompletionStage<List<Suppression>> list(String list, String afterKey, int limit) {
        return readers.read(connection -> {
            List<Suppression> page = new ArrayList<>();
            try (PreparedStatement select = connection.prepareStatement("SELECT address_key, body FROM suppression"
                    + " WHERE list = ? AND address_key > ? ORDER BY address_key, scope")) {
                select.setString(1, list);
                select.setString(2, afterKey);
                select.setFetchSize(Math.max(1, limit));
                try (ResultSet row = select.executeQuery()) {
                    String last = null;
                    while (row.next()) {
                        String key = row.getString(1);
                        // All scopes of an address belong on one page, or the next page would leave some out.
                        if (page.size() >= limit && !key.equals(last)) {
                            break;
                        }
                        last = key;
                        page.add(SuppressionCodec.decode(list, row.getBytes(2)));
                    }
                }
            }
            return page;
        });
    }

    @Override
    public CompletionStage<List<SuppressionChange>> changes(String list, String consumer, int limit) {
        return readers.read(connection -> {
            List<SuppressionChange> changes = new ArrayList<>();
            try (PreparedStatement select = connection.prepareStatement(
                    "SELECT sequence, operation, at, body"
                            + " FROM suppression_change WHERE list = ? AND sequence > coalesce("
                            + "(SELECT sequence FROM feed_cursor WHERE list = ? AND consumer = ?), 0) ORDER BY sequence LIMIT ?")) {
                select.setString(1, list);
                select.setString(2, list);
                select.setString(3, consumer);
                select.setInt(4, limit);
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        changes.add(new SuppressionChange(
                                row.getLong(1),
                                Operation.valueOf(row.getString(2)),
                                SuppressionCodec.decode(list, row.getBytes(4)),
                                Millis.toInstant(row.getLong(3))));
                    }
                }
            }
            return changes;
        });
    }

    @Override
    public CompletionStage<Void> acknowledge(String list, String consumer, long sequence) {
        return writer.submit(tx -> {
            long last = tx.number("SELECT coalesce(max(sequence), 0) FROM suppression_change");
            if (sequence > last) {
                throw new RefusedException(new IllegalArgumentException("consumer " + consumer + " of list " + list
                        + " acknowledges change " + sequence + ", the last is " + last));
            }
            PreparedStatement move = tx.sql("INSERT INTO feed_cursor (list, consumer, sequence) VALUES (?, ?, ?)"
                    + " ON CONFLICT (list, consumer) DO UPDATE SET sequence = excluded.sequence"
                    + " WHERE excluded.sequence > feed_cursor.sequence");
            move.setString(1, list);
            move.setString(2, consumer);
            move.setLong(3, sequence);
            move.executeUpdate();
            return null;
        });
    }

    @Override
    public AutoCloseable onChanges(String list, Runnable listener) {
        return listeners.add(list, listener);
    }

    private static List<Suppression> entries(PreparedStatement select, String list) throws SQLException {
        List<Suppression> entries = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                entries.add(SuppressionCodec.decode(list, row.getBytes(1)));
            }
        }
        return entries;
    }
}
