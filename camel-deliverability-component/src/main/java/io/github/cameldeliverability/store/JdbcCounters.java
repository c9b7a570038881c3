package io.github.cameldeliverability.store;

import io.github.cameldeliverability.mail.spi.Counters;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;

/** Counters in a table: each reservation is one update in the group commit. Thread-safe. */
final class JdbcCounters implements Counters {

    /** Periods that are over for so long are forgotten. */
    private static final long KEPT_MILLIS = Duration.ofDays(35).toMillis();

    private final GroupCommit writer;
    private final Readers readers;

    JdbcCounters(GroupCommit writer, Readers readers) {
        this.writer = writer;
        this.readers = readers;
    }

    @Override
    public CompletionStage<Grant> reserve(Key key, long wanted, long limit) {
        return writer.submit(tx -> {
            long before = reserved(tx, key);
            long granted = Math.max(0, Math.min(wanted, limit - before));
            if (granted > 0) {
                PreparedStatement upsert =
                        tx.sql("INSERT INTO counter (name, begins, ends, reserved) VALUES (?, ?, ?, ?)"
                                + " ON CONFLICT (name, begins, ends) DO UPDATE"
                                + " SET reserved = counter.reserved + excluded.reserved");
                upsert.setString(1, key.name());
                upsert.setLong(2, Millis.of(key.from()));
                upsert.setLong(3, Millis.of(key.until()));
                upsert.setLong(4, granted);
                upsert.executeUpdate();
            }
            if (before == 0) {
                PreparedStatement forget = tx.sql("DELETE FROM counter WHERE ends < ?");
                forget.setLong(1, Millis.of(key.from()) - KEPT_MILLIS);
                forget.executeUpdate();
            }
            return new Grant(granted, before + granted);
        });
    }

    private static long reserved(Tx tx, Key key) throws SQLException {
        PreparedStatement select = tx.sql("SELECT reserved FROM counter WHERE name = ? AND begins = ? AND ends = ?");
        select.setString(1, key.name());
        select.setLong(2, Millis.of(key.from()));
        select.setLong(3, Millis.of(key.until()));
        try (ResultSet row = select.executeQuery()) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    @Override
    public CompletionStage<Void> giveBack(Key key, long unused) {
        return writer.submit(tx -> {
            PreparedStatement update = tx.sql(
                    "UPDATE counter SET reserved ="
                            + " CASE WHEN reserved > ? THEN reserved - ? ELSE 0 END WHERE name = ? AND begins = ? AND ends = ?");
            update.setLong(1, unused);
            update.setLong(2, unused);
            update.setString(3, key.name());
            update.setLong(4, Millis.of(key.from()));
            update.setLong(5, Millis.of(key.until()));
            update.executeUpdate();
            return null;
        });
    }

    @Override
    public CompletionStage<List<Reading>> read(String prefix, Instant at) {
        return readers.read(connection -> {
            List<Reading> readings = new ArrayList<>();
            try (PreparedStatement select = connection.prepareStatement(
                    "SELECT name, begins, ends, reserved FROM counter WHERE substr(name, 1, ?) = ?"
                            + " AND begins <= ? AND ends > ? ORDER BY name")) {
                select.setInt(1, prefix.length());
                select.setString(2, prefix);
                select.setLong(3, Millis.of(at));
                select.setLong(4, Millis.of(at));
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        Instant from = Instant.ofEpochMilli(row.getLong(2));
                        Instant until = Instant.ofEpochMilli(row.getLong(3));
                        readings.add(new Reading(new Key(row.getString(1), from, until), row.getLong(4)));
                    }
                }
            }
            return List.copyOf(readings);
        });
    }

    @Override
    public CompletionStage<Void> remember(String name, String note) {
        return writer.submit(tx -> {
            PreparedStatement change = tx.sql(
                    note.isEmpty()
                            ? "DELETE FROM note WHERE name = ?"
                            : "INSERT INTO note (name, body) VALUES (?, ?)"
                                    + " ON CONFLICT (name) DO UPDATE SET body = excluded.body");
            change.setString(1, name);
            if (!note.isEmpty()) {
                change.setString(2, note);
            }
            change.executeUpdate();
            return null;
        });
    }

    @Override
    public CompletionStage<Map<String, String>> remembered(String prefix) {
        return readers.read(connection -> {
            Map<String, String> notes = new TreeMap<>();
            try (PreparedStatement select =
                    connection.prepareStatement("SELECT name, body FROM note WHERE substr(name, 1, ?) = ?")) {
                select.setInt(1, prefix.length());
                select.setString(2, prefix);
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        notes.put(row.getString(1), row.getString(2));
                    }
                }
            }
            return notes;
        });
    }
}
