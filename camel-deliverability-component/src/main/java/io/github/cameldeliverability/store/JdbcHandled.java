package io.github.cameldeliverability.store;

import io.github.cameldeliverability.mail.spi.Handled;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** Keys of what was handled. Thread-safe. */
final class JdbcHandled implements Handled {

    private final GroupCommit writer;
    private final Readers readers;
    private final Clock clock;

    JdbcHandled(GroupCommit writer, Readers readers, Clock clock) {
        this.writer = writer;
        this.readers = readers;
        this.clock = clock;
    }

    @Override
    public CompletionStage<Map<String, String>> outcomes(String scope, Collection<String> keys) {
        List<String> asked = List.copyOf(keys);
        return readers.read(connection -> {
            Map<String, String> found = new HashMap<>();
            try (PreparedStatement select =
                    connection.prepareStatement("SELECT outcome FROM handled WHERE scope = ? AND key = ?")) {
                select.setString(1, scope);
                for (String key : asked) {
                    select.setString(2, key);
                    try (ResultSet row = select.executeQuery()) {
                        if (row.next()) {
                            found.put(key, row.getString(1));
                        }
                    }
                }
            }
            return found;
        });
    }

    @Override
    public CompletionStage<Integer> record(String scope, Map<String, String> outcomes) {
        Map<String, String> all = Map.copyOf(outcomes);
        long now = Millis.of(clock.instant());
        return writer.submit(tx -> {
            int added = 0;
            for (Map.Entry<String, String> e : all.entrySet()) {
                added += record(tx, scope, e.getKey(), e.getValue(), now) ? 1 : 0;
            }
            return added;
        });
    }

    private static boolean record(Tx tx, String scope, String key, String outcome, long now) throws SQLException {
        PreparedStatement renew = tx.sql("UPDATE handled SET at = ? WHERE scope = ? AND key = ?");
        renew.setLong(1, now);
        renew.setString(2, scope);
        renew.setString(3, key);
        if (renew.executeUpdate() > 0) {
            return false;
        }
        PreparedStatement insert = tx.sql("INSERT INTO handled (scope, key, outcome, at) VALUES (?, ?, ?, ?)");
        insert.setString(1, scope);
        insert.setString(2, key);
        insert.setString(3, outcome);
        insert.setLong(4, now);
        insert.executeUpdate();
        return true;
    }

    @Override
    public CompletionStage<Integer> forget(Instant before, int limit) {
        return writer.submit(tx -> {
            PreparedStatement delete = tx.sql("DELETE FROM handled WHERE (scope, key) IN"
                    + " (SELECT scope, key FROM handled WHERE at < ? ORDER BY at LIMIT ?)");
            delete.setLong(1, Millis.of(before));
            delete.setInt(2, limit);
            return delete.executeUpdate();
        });
    }
}
