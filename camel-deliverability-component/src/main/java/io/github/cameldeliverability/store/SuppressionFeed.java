package io.github.cameldeliverability.store;

import io.github.cameldeliverability.mail.FeedLag;
import io.github.cameldeliverability.mail.SuppressionChange;
import io.github.cameldeliverability.mail.SuppressionChange.Operation;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The change feed of the lists and its consumers' cursors. Thread-safe. */
final class SuppressionFeed {

    /** A consumer that is further behind than this is just far behind. */
    private static final int MOST_COUNTED = 1_000_000;

    private final GroupCommit writer;
    private final Readers readers;

    SuppressionFeed(GroupCommit writer, Readers readers) {
        this.writer = writer;
        this.readers = readers;
    }

    CompletionStage<List<SuppressionChange>> changes(String list, String consumer, int limit) {
        return readers.read(connection -> after(connection, list, cursor(connection, list, consumer), limit));
    }

    CompletionStage<List<SuppressionChange>> history(String list, long afterSequence, int limit) {
        return readers.read(connection -> after(connection, list, afterSequence, limit));
    }

    private static List<SuppressionChange> after(Connection connection, String list, long sequence, int limit)
            throws SQLException {
        List<SuppressionChange> changes = new ArrayList<>();
        try (PreparedStatement select =
                connection.prepareStatement("SELECT sequence, operation, at, body FROM suppression_change"
                        + " WHERE list = ? AND sequence > ? ORDER BY sequence LIMIT ?")) {
            select.setString(1, list);
            select.setLong(2, sequence);
            select.setInt(3, limit);
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
    }

    private static long cursor(Connection connection, String list, String consumer) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT sequence FROM feed_cursor WHERE list = ? AND consumer = ?")) {
            select.setString(1, list);
            select.setString(2, consumer);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? row.getLong(1) : 0;
            }
        }
    }

    CompletionStage<FeedLag> lag(String list, String consumer) {
        return readers.read(connection -> {
            long cursor = cursor(connection, list, consumer);
            List<SuppressionChange> first = after(connection, list, cursor, 1);
            if (first.isEmpty()) {
                return FeedLag.NONE;
            }
            try (PreparedStatement count = connection.prepareStatement("SELECT count(*) FROM (SELECT 1"
                    + " FROM suppression_change WHERE list = ? AND sequence > ? LIMIT " + MOST_COUNTED + ")")) {
                count.setString(1, list);
                count.setLong(2, cursor);
                try (ResultSet row = count.executeQuery()) {
                    row.next();
                    return new FeedLag(row.getLong(1), Optional.of(first.get(0).at()));
                }
            }
        });
    }

    CompletionStage<Void> acknowledge(String list, String consumer, long sequence) {
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

    /** The moment is remembered with the cursor, in one statement: so a restart does not replay again. */
    CompletionStage<Boolean> replay(String list, String consumer, Instant from) {
        return writer.submit(tx -> {
            PreparedStatement first = tx.sql(
                    "SELECT coalesce(min(sequence) - 1, (SELECT coalesce(max(sequence), 0) FROM suppression_change))"
                            + " FROM suppression_change WHERE list = ? AND at >= ?");
            first.setString(1, list);
            first.setLong(2, Millis.of(from));
            long before;
            try (ResultSet row = first.executeQuery()) {
                row.next();
                before = row.getLong(1);
            }
            PreparedStatement move =
                    tx.sql("INSERT INTO feed_cursor (list, consumer, sequence, replayed_from) VALUES (?, ?, ?, ?)"
                            + " ON CONFLICT (list, consumer) DO UPDATE SET sequence = excluded.sequence,"
                            + " replayed_from = excluded.replayed_from"
                            + " WHERE feed_cursor.replayed_from IS NOT excluded.replayed_from");
            move.setString(1, list);
            move.setString(2, consumer);
            move.setLong(3, before);
            move.setLong(4, Millis.of(from));
            return move.executeUpdate() > 0;
        });
    }
}
