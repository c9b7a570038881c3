package io.github.cameldeliverability.store;

import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.Recipient;
import io.github.cameldeliverability.mail.RecipientKey;
import io.github.cameldeliverability.mail.SpooledMessage;
import io.github.cameldeliverability.mail.spi.Spool.ListRequest;
import io.github.cameldeliverability.mail.spi.Spool.Row;
import io.github.cameldeliverability.mail.spi.Spool.Stats;
import io.github.cameldeliverability.mail.spi.Spool.StreamStats;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Questions to the queue that change nothing. Thread-safe. */
final class SpoolQueries {

    private final Clock clock;

    SpoolQueries(Clock clock) {
        this.clock = clock;
    }

    Optional<SpooledMessage> load(Connection connection, String queueId) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT s.name, m.header, m.content FROM message m"
                + " JOIN stream s ON s.id = m.stream_id WHERE m.queue_id = ?")) {
            select.setString(1, queueId);
            try (ResultSet row = select.executeQuery()) {
                return row.next()
                        ? Optional.of(MessageCodec.decode(queueId, row.getString(1), row.getBytes(2), row.getBytes(3)))
                        : Optional.empty();
            }
        }
    }

    /** Whom the row is for, as long as its message is in the queue. */
    Optional<EmailAddress> recipient(Connection connection, RecipientKey key) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT header FROM message WHERE queue_id = ?")) {
            select.setString(1, key.queueId());
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                List<Recipient> recipients = MessageCodec.decode(key.queueId(), "", row.getBytes(1), new byte[0])
                        .recipients();
                return key.ordinal() >= 0 && key.ordinal() < recipients.size()
                        ? Optional.of(recipients.get(key.ordinal()).address())
                        : Optional.empty();
            }
        }
    }

    Optional<Instant> nextDue(Connection connection, String stream, Instant after) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT min(due) FROM recipient WHERE holder = 0"
                + " AND stream_id = (SELECT id FROM stream WHERE name = ?) AND due > ?")) {
            select.setString(1, stream);
            select.setLong(2, Millis.of(after));
            try (ResultSet row = select.executeQuery()) {
                row.next();
                long due = row.getLong(1);
                return row.wasNull() ? Optional.empty() : Optional.of(Millis.toInstant(due));
            }
        }
    }

    /** From the counters, but for the rows that are due now, which an index range counts. */
    Stats stats(Connection connection) throws SQLException {
        List<StreamStats> streams = new ArrayList<>();
        long messages = 0;
        long open = 0;
        try (PreparedStatement select = connection.prepareStatement(
                        "SELECT id, name, messages, open, held, deferred FROM stream ORDER BY name");
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                int id = row.getInt(1);
                long openHere = row.getLong(4);
                messages += row.getLong(3);
                open += openHere;
                streams.add(new StreamStats(
                        row.getString(2),
                        openHere,
                        row.getLong(5),
                        openHere == row.getLong(5) ? 0 : due(connection, id),
                        row.getLong(6),
                        openHere == 0 ? Optional.empty() : oldest(connection, id)));
            }
        }
        return new Stats(streams, messages, open);
    }

    private long due(Connection connection, int stream) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT count(*) FROM recipient WHERE holder = 0 AND stream_id = ? AND due <= ?")) {
            select.setInt(1, stream);
            select.setLong(2, Millis.of(clock.instant()));
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /** Message numbers rise with acceptance, and the primary key begins with them. */
    private static Optional<Instant> oldest(Connection connection, int stream) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT accepted_at FROM message WHERE id ="
                + " (SELECT message_id FROM recipient WHERE stream_id = ? ORDER BY message_id LIMIT 1)")) {
            select.setInt(1, stream);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(Millis.toInstant(row.getLong(1))) : Optional.empty();
            }
        }
    }

    List<Row> list(Connection connection, ListRequest request) throws SQLException {
        StringBuilder sql = new StringBuilder("SELECT m.queue_id, r.ordinal, s.name, m.header, r.attempts, r.due,"
                + " r.holder, r.last_reply FROM recipient r JOIN message m ON m.id = r.message_id"
                + " JOIN stream s ON s.id = r.stream_id WHERE 1 = 1");
        request.stream().ifPresent(s -> sql.append(" AND s.name = ?"));
        request.domain().ifPresent(d -> sql.append(" AND r.domain = ?"));
        sql.append(" ORDER BY r.message_id, r.ordinal LIMIT ?");
        List<Row> rows = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(sql.toString())) {
            int place = 1;
            if (request.stream().isPresent()) {
                select.setString(place++, request.stream().get());
            }
            if (request.domain().isPresent()) {
                select.setString(place++, SpoolClaims.stored(request.domain().get()));
            }
            select.setInt(place, request.limit());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    rows.add(row(row));
                }
            }
        }
        return rows;
    }

    private static Row row(ResultSet row) throws SQLException {
        String queueId = row.getString(1);
        int ordinal = row.getInt(2);
        SpooledMessage message = MessageCodec.decode(queueId, row.getString(3), row.getBytes(4), new byte[0]);
        return new Row(
                new RecipientKey(queueId, ordinal),
                message.stream(),
                message.recipients().get(ordinal).address().toString(),
                row.getInt(5),
                message.acceptedAt(),
                Millis.toInstant(row.getLong(6)),
                message.expiresAt(),
                row.getLong(7) != 0,
                Optional.ofNullable(row.getString(8)));
    }
}
