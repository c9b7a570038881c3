package io.github.cameldeliverability.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/**
 * The writing connection, and what the running transaction collects beside its rows: counters of streams to bring up to
 * date, listeners to call. Used by the writing thread only; one instance lives as long as its connection.
 */
final class Tx implements AutoCloseable {

    /** Where the numbering of events goes on although the newest ones were purged. */
    static final String EVENT_FLOOR = "event.floor";

    /** This number moves only when another connection has written. */
    private static final String DATA_VERSION = "PRAGMA data_version";

    private final Database database;
    private final Connection connection;
    private final Map<String, PreparedStatement> statements = new HashMap<>();
    private final Map<String, Integer> streamIds = new HashMap<>();
    private long dataVersion;
    private long lastMessageId;
    private long lastEventId;
    private Effects effects = new Effects();

    Tx(Database database, Connection connection) throws SQLException {
        this.database = database;
        this.connection = connection;
        lastMessageId = number("SELECT coalesce(max(id), 0) FROM message");
        dataVersion = number(DATA_VERSION);
        readLastEvent();
    }

    private void readLastEvent() throws SQLException {
        lastEventId = Math.max(
                number("SELECT coalesce(max(id), 0) FROM event"),
                number("SELECT coalesce(max(CAST(CAST(value AS TEXT) AS INTEGER)), 0) FROM meta WHERE name = '"
                        + EVENT_FLOOR + "'"));
    }

    Connection connection() {
        return connection;
    }

    /** A prepared statement, kept for next time; the caller closes result sets, not the statement. */
    PreparedStatement sql(String text) throws SQLException {
        PreparedStatement statement = statements.get(text);
        if (statement == null) {
            statement = connection.prepareStatement(text);
            statements.put(text, statement);
        }
        return statement;
    }

    long number(String query) throws SQLException {
        try (ResultSet row = sql(query).executeQuery()) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    /** The number of a stream, which is entered at first sight. */
    int streamId(String stream) throws SQLException {
        Integer known = streamIds.get(stream);
        if (known != null) {
            return known;
        }
        PreparedStatement insert = sql("INSERT INTO stream (name) VALUES (?) ON CONFLICT (name) DO NOTHING");
        insert.setString(1, stream);
        insert.executeUpdate();
        PreparedStatement select = sql("SELECT id FROM stream WHERE name = ?");
        select.setString(1, stream);
        try (ResultSet row = select.executeQuery()) {
            row.next();
            int id = row.getInt(1);
            streamIds.put(stream, id);
            return id;
        }
    }

    // The engine is the only one that adds messages, and begin() notices the events of others, so both may be counted
    // here. A number that a rollback wastes is not missed.
    long nextMessageId() {
        return ++lastMessageId;
    }

    long nextEventId() {
        return ++lastEventId;
    }

    Effects effects() {
        return effects;
    }

    void begin() throws SQLException {
        database.begin(connection);
        // Inside the transaction, which keeps others from writing until it ends.
        long version = number(DATA_VERSION);
        if (version != dataVersion) {
            readLastEvent();
            dataVersion = version;
        }
    }

    /** Brings the counters of the streams up to date in the database. */
    void writeTallies() throws SQLException {
        for (Map.Entry<Integer, Effects.Tally> entry : effects.tallies().entrySet()) {
            Effects.Tally t = entry.getValue();
            if (!t.isZero()) {
                PreparedStatement update = sql("UPDATE stream SET messages = messages + ?, open = open + ?,"
                        + " held = held + ?, deferred = deferred + ? WHERE id = ?");
                update.setLong(1, t.messages);
                update.setLong(2, t.open);
                update.setLong(3, t.held);
                update.setLong(4, t.deferred);
                update.setInt(5, entry.getKey());
                update.executeUpdate();
            }
        }
        effects.tallies().clear();
    }

    Effects commit() throws SQLException {
        writeTallies();
        database.commit(connection);
        Effects done = effects;
        effects = new Effects();
        return done;
    }

    void rollback() throws SQLException {
        effects = new Effects();
        // A stream may have been entered by what is undone now.
        streamIds.clear();
        // The driver finalizes a statement that failed; and one that still yields rows would block the rollback.
        closeStatements();
        database.rollback(connection);
    }

    private void closeStatements() throws SQLException {
        for (PreparedStatement statement : statements.values()) {
            statement.close();
        }
        statements.clear();
    }

    @Override
    public void close() throws SQLException {
        try {
            closeStatements();
        } finally {
            connection.close();
        }
    }
}
