package io.github.cameldeliverability.store;

import io.github.cameldeliverability.mail.RecipientKey;
import io.github.cameldeliverability.mail.spi.QueueControl;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Orders to the queue, given here or beside the engine by an operator's tool. Rows are looked up by the readers and changed
 * in transactions of a thousand, so that an order for a million rows does not stand in the engine's way. Thread-safe.
 */
final class JdbcQueueControl implements QueueControl {

    /** The one name under which listeners for orders are kept. */
    static final String ORDERS = "orders";

    private static final int STEP = 1_000;

    private final GroupCommit writer;
    private final Readers readers;
    private final Withdrawal withdrawal;
    private final Listeners listeners;
    private final Clock clock;

    private record Found(RecipientKey key, boolean held) {}

    /** What one look found, and where it ended; {@code next} is empty at the end of the queue. */
    private record Page(List<Found> rows, Optional<Place> next) {}

    private record Place(long messageId, int ordinal) {}

    /** Changes what a look found. */
    @FunctionalInterface
    private interface Change {
        Affected run(Tx tx, List<Found> rows) throws SQLException;
    }

    JdbcQueueControl(GroupCommit writer, Readers readers, Withdrawal withdrawal, Listeners listeners, Clock clock) {
        this.writer = writer;
        this.readers = readers;
        this.withdrawal = withdrawal;
        this.listeners = listeners;
        this.clock = clock;
    }

    @Override
    public CompletionStage<Affected> cancel(Selection selection, boolean dryRun) {
        return forAll(selection, "", dryRun, (tx, rows) -> {
            long free = 0;
            long held = 0;
            for (Found row : rows) {
                if (withdrawal.endFree(tx, row.key())) {
                    free++;
                } else if (Withdrawal.mark(tx, row.key())) {
                    held++;
                }
            }
            return new Affected(free, held);
        });
    }

    @Override
    public CompletionStage<Affected> retry(Selection selection, boolean dryRun) {
        long now = Millis.of(clock.instant());
        return forAll(selection, " AND (r.holder <> 0 OR r.due > " + now + ")", dryRun, (tx, rows) -> {
            PreparedStatement update = tx.sql("UPDATE recipient SET due = ? WHERE message_id ="
                    + " (SELECT id FROM message WHERE queue_id = ?) AND ordinal = ? AND holder = 0 AND due > ?");
            long free = 0;
            long held = 0;
            for (Found row : rows) {
                update.setLong(1, now);
                update.setString(2, row.key().queueId());
                update.setInt(3, row.key().ordinal());
                update.setLong(4, now);
                if (update.executeUpdate() > 0) {
                    free++;
                } else if (row.held()) {
                    held++;
                }
            }
            return new Affected(free, held);
        });
    }

    @Override
    public CompletionStage<Long> moveDue(Optional<String> stream, Instant from, Instant to) {
        if (stream.isEmpty()) {
            return readers.read(JdbcQueueControl::streams).thenCompose(names -> {
                CompletionStage<Long> sum = CompletableFuture.completedFuture(0L);
                for (String name : names) {
                    sum = sum.thenCompose(
                            n -> moveDue(Optional.of(name), from, to).thenApply(more -> n + more));
                }
                return sum;
            });
        }
        Selection of = new Selection(Optional.empty(), stream, Optional.empty(), Optional.empty());
        // A deadline that comes first cut the wait short.
        String condition = " AND r.holder = 0 AND (r.due = " + Millis.of(from) + " OR (r.due < " + Millis.of(from)
                + " AND r.due = m.expires_at))";
        return forAll(of, condition, false, (tx, rows) -> {
                    PreparedStatement update =
                            tx.sql("UPDATE recipient SET due = min(?, (SELECT expires_at FROM message WHERE id ="
                                    + " message_id)) WHERE message_id = (SELECT id FROM message WHERE queue_id = ?)"
                                    + " AND ordinal = ? AND holder = 0");
                    long moved = 0;
                    for (Found row : rows) {
                        update.setLong(1, Millis.of(to));
                        update.setString(2, row.key().queueId());
                        update.setInt(3, row.key().ordinal());
                        moved += update.executeUpdate();
                    }
                    return new Affected(moved, 0);
                })
                .thenApply(Affected::free);
    }

    private static List<String> streams(Connection connection) throws SQLException {
        List<String> names = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement("SELECT name FROM stream WHERE open > 0");
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                names.add(row.getString(1));
            }
        }
        return names;
    }

    private CompletionStage<Affected> forAll(Selection s, String condition, boolean dryRun, Change change) {
        CompletableFuture<Affected> result = new CompletableFuture<>();
        step(s, condition, dryRun, change, new Place(Long.MIN_VALUE, 0), new Affected(0, 0), result);
        return result;
    }

    private void step(
            Selection s,
            String condition,
            boolean dryRun,
            Change change,
            Place after,
            Affected before,
            CompletableFuture<Affected> result) {
        readers.read(connection -> page(connection, s, condition, after)).whenComplete((page, failure) -> {
            if (failure != null) {
                result.completeExceptionally(failure);
                return;
            }
            CompletionStage<Affected> done = dryRun || page.rows().isEmpty()
                    ? CompletableFuture.completedFuture(count(page.rows()))
                    : writer.submit(tx -> {
                        Affected affected = change.run(tx, page.rows());
                        announce(tx);
                        return affected;
                    });
            done.whenComplete((more, error) -> {
                if (error != null) {
                    result.completeExceptionally(error);
                    return;
                }
                Affected sum = new Affected(before.free() + more.free(), before.held() + more.held());
                if (page.next().isEmpty()) {
                    result.complete(sum);
                } else {
                    step(s, condition, dryRun, change, page.next().get(), sum, result);
                }
            });
        });
    }

    private static Affected count(List<Found> rows) {
        long held = rows.stream().filter(Found::held).count();
        return new Affected(rows.size() - held, held);
    }

    private static Page page(Connection connection, Selection s, String condition, Place after) throws SQLException {
        StringBuilder sql = new StringBuilder("SELECT r.message_id, r.ordinal, r.holder, m.queue_id"
                + (s.tag().isPresent() ? ", m.header" : "")
                + " FROM recipient r JOIN message m ON m.id = r.message_id WHERE (r.message_id, r.ordinal) > (?, ?)");
        sql.append(condition);
        s.queueId().ifPresent(id -> sql.append(" AND r.message_id = (SELECT id FROM message WHERE queue_id = ?)"));
        s.stream().ifPresent(name -> sql.append(" AND r.stream_id = (SELECT id FROM stream WHERE name = ?)"));
        s.domain().ifPresent(name -> sql.append(" AND r.domain = ?"));
        sql.append(" ORDER BY r.message_id, r.ordinal LIMIT ").append(STEP);
        List<Found> rows = new ArrayList<>();
        int seen = 0;
        Place last = after;
        try (PreparedStatement select = connection.prepareStatement(sql.toString())) {
            int place = 1;
            select.setLong(place++, after.messageId());
            select.setInt(place++, after.ordinal());
            if (s.queueId().isPresent()) {
                select.setString(place++, s.queueId().get());
            }
            if (s.stream().isPresent()) {
                select.setString(place++, s.stream().get());
            }
            if (s.domain().isPresent()) {
                select.setString(place, SpoolClaims.stored(s.domain().get()));
            }
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    seen++;
                    last = new Place(row.getLong(1), row.getInt(2));
                    if (s.tag().isEmpty() || hasTag(row, s.tag().get())) {
                        rows.add(new Found(new RecipientKey(row.getString(4), row.getInt(2)), row.getLong(3) != 0));
                    }
                }
            }
        }
        return new Page(rows, seen < STEP ? Optional.empty() : Optional.of(last));
    }

    private static boolean hasTag(ResultSet row, String tag) throws SQLException {
        return MessageCodec.decode(row.getString(4), "", row.getBytes(5), new byte[0])
                .tags()
                .contains(tag);
    }

    @Override
    public CompletionStage<Boolean> suspend(String stream, Optional<String> domain, String why) {
        String stored = domain.map(SpoolClaims::stored).orElse("");
        return writer.submit(tx -> {
            PreparedStatement insert = tx.sql("INSERT INTO suspension (stream, domain, since, why) VALUES (?, ?, ?, ?)"
                    + " ON CONFLICT (stream, domain) DO NOTHING");
            insert.setString(1, stream);
            insert.setString(2, stored);
            insert.setLong(3, Millis.of(clock.instant()));
            insert.setString(4, why);
            boolean isNew = insert.executeUpdate() > 0;
            announce(tx);
            return isNew;
        });
    }

    @Override
    public CompletionStage<Boolean> resume(String stream, Optional<String> domain) {
        String stored = domain.map(SpoolClaims::stored).orElse("");
        return writer.submit(tx -> {
            PreparedStatement delete = tx.sql("DELETE FROM suspension WHERE stream = ? AND domain = ?");
            delete.setString(1, stream);
            delete.setString(2, stored);
            boolean there = delete.executeUpdate() > 0;
            announce(tx);
            return there;
        });
    }

    @Override
    public CompletionStage<List<Suspension>> suspensions() {
        return readers.read(connection -> {
            List<Suspension> all = new ArrayList<>();
            try (PreparedStatement select = connection.prepareStatement(
                            "SELECT stream, domain, since, why FROM suspension ORDER BY stream, domain");
                    ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    String domain = row.getString(2);
                    all.add(new Suspension(
                            row.getString(1),
                            domain.isEmpty() ? Optional.empty() : Optional.of(domain),
                            Millis.toInstant(row.getLong(3)),
                            row.getString(4)));
                }
            }
            return all;
        });
    }

    @Override
    public CompletionStage<List<RecipientKey>> withdrawn(int limit) {
        return readers.read(connection -> {
            List<RecipientKey> keys = new ArrayList<>();
            try (PreparedStatement select = connection.prepareStatement("SELECT m.queue_id, r.ordinal FROM recipient r"
                    + " JOIN message m ON m.id = r.message_id WHERE r.cancelled <> 0 AND r.holder <> 0 LIMIT ?")) {
                select.setInt(1, limit);
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        keys.add(new RecipientKey(row.getString(1), row.getInt(2)));
                    }
                }
            }
            return keys;
        });
    }

    @Override
    public AutoCloseable onOrders(Runnable listener) {
        return listeners.add(ORDERS, listener);
    }

    /** Counts the order, so that other processes see that there was one. */
    private static void announce(Tx tx) throws SQLException {
        tx.sql("INSERT INTO meta (name, value) VALUES ('orders', 1) ON CONFLICT (name) DO UPDATE SET value = value + 1")
                .executeUpdate();
        tx.effects().ordersGiven();
    }

    /** How many orders there were, as another process can see. */
    static long ordersSoFar(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT value FROM meta WHERE name = 'orders'");
                ResultSet row = select.executeQuery()) {
            return row.next() ? row.getLong(1) : 0;
        }
    }
}
