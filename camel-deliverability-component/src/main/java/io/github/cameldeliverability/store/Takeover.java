package io.github.cameldeliverability.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;

/** Makes this process the owner of the queue: whatever an earlier owner held or leased is free again. */
final class Takeover {

    private Takeover() {}

    /** @return the number of this node */
    static long run(Database database, Connection connection, String name, Instant now) throws SQLException {
        database.begin(connection);
        freeAll(connection);
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("UPDATE outbox SET leased_until = 0 WHERE leased_until <> 0");
            statement.executeUpdate("DELETE FROM node");
        }
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO node (name, opened_at) VALUES (?, ?) RETURNING id")) {
            insert.setString(1, name);
            insert.setLong(2, Millis.of(now));
            long node;
            try (ResultSet row = insert.executeQuery()) {
                row.next();
                node = row.getLong(1);
            }
            database.commit(connection);
            return node;
        }
    }

    /** Only if some are held according to the counters: the search goes over the whole queue. */
    static void freeAll(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            boolean any;
            try (ResultSet row = statement.executeQuery("SELECT 1 FROM stream WHERE held <> 0 LIMIT 1")) {
                any = row.next();
            }
            if (any) {
                statement.executeUpdate("UPDATE recipient SET holder = 0 WHERE holder <> 0");
                statement.executeUpdate("UPDATE stream SET held = 0 WHERE held <> 0");
            }
        }
    }
}
