package io.github.cameldeliverability.store;

import io.github.cameldeliverability.mail.DeliveryEvent;
import io.github.cameldeliverability.mail.RecipientKey;
import io.github.cameldeliverability.mail.spi.Fallbacks;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The tables {@code fallback} and {@code fallback_message}. Thread-safe. */
final class JdbcFallbacks implements Fallbacks {

    private final GroupCommit writer;
    private final Readers readers;
    private final EventWriter events;

    JdbcFallbacks(GroupCommit writer, Readers readers, EventWriter events) {
        this.writer = writer;
        this.readers = readers;
        this.events = events;
    }

    /**
     * Keeps the message of a recipient whose row is about to go, in the transaction that records its final outcome.
     *
     * @return whether it is kept; what an operator withdrew is not
     */
    static boolean keep(Tx tx, RecipientKey key, DeliveryEvent event, byte[] body) throws SQLException {
        PreparedStatement row = tx.sql("INSERT INTO fallback (queue_id, ordinal, stream_id, failed_at, due, body)"
                + " SELECT m.queue_id, r.ordinal, m.stream_id, ?, ?, ? FROM message m"
                + " JOIN recipient r ON r.message_id = m.id WHERE m.queue_id = ? AND r.ordinal = ? AND r.cancelled = 0"
                + " ON CONFLICT (queue_id, ordinal) DO NOTHING");
        row.setLong(1, Millis.of(event.at()));
        row.setLong(2, Millis.of(event.at()));
        row.setBytes(3, body);
        row.setString(4, key.queueId());
        row.setInt(5, key.ordinal());
        if (row.executeUpdate() == 0) {
            return false;
        }
        PreparedStatement message = tx.sql("INSERT INTO fallback_message (queue_id, header, content)"
                + " SELECT queue_id, header, content FROM message WHERE queue_id = ?"
                + " ON CONFLICT (queue_id) DO NOTHING");
        message.setString(1, key.queueId());
        message.executeUpdate();
        return true;
    }

    @Override
    public CompletionStage<List<HandOver>> due(String stream, Instant now, int limit) {
        return readers.read(connection -> {
            List<HandOver> due = new ArrayList<>();
            try (PreparedStatement select = connection.prepareStatement(
                    "SELECT f.queue_id, f.ordinal, f.attempts, f.body, m.header, m.content FROM fallback f"
                            + " JOIN fallback_message m ON m.queue_id = f.queue_id"
                            + " WHERE f.stream_id = (SELECT id FROM stream WHERE name = ?) AND f.due <= ?"
                            + " ORDER BY f.due LIMIT ?")) {
                select.setString(1, stream);
                select.setLong(2, Millis.of(now));
                select.setInt(3, limit);
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        String queueId = row.getString(1);
                        due.add(new HandOver(
                                new RecipientKey(queueId, row.getInt(2)),
                                MessageCodec.decode(queueId, stream, row.getBytes(5), row.getBytes(6)),
                                EventCodec.decode(stream, queueId, row.getBytes(4)),
                                row.getInt(3)));
                    }
                }
            }
            return due;
        });
    }

    @Override
    public CompletionStage<Void> postpone(HandOver handOver, DeliveryEvent event) {
        Optional<Instant> next = event.nextAttempt();
        if (next.isEmpty()) {
            return CompletableFuture.failedFuture(
                    new IllegalArgumentException("a hand-over that is postponed needs a next attempt"));
        }
        byte[] body = EventCodec.encode(event);
        return writer.submit(tx -> {
            PreparedStatement update =
                    tx.sql("UPDATE fallback SET due = ?, attempts = ? WHERE queue_id = ? AND ordinal = ?");
            update.setLong(1, Millis.of(next.get()));
            update.setInt(2, event.attempt());
            update.setString(3, handOver.key().queueId());
            update.setInt(4, handOver.key().ordinal());
            if (update.executeUpdate() > 0) {
                events.insert(tx, handOver.key(), event, body);
            }
            return null;
        });
    }

    @Override
    public CompletionStage<Void> over(HandOver handOver, DeliveryEvent event) {
        byte[] body = EventCodec.encode(event);
        return writer.submit(tx -> {
            String queueId = handOver.key().queueId();
            PreparedStatement row = tx.sql("DELETE FROM fallback WHERE queue_id = ? AND ordinal = ?");
            row.setString(1, queueId);
            row.setInt(2, handOver.key().ordinal());
            if (row.executeUpdate() > 0) {
                events.insert(tx, handOver.key(), event, body);
                PreparedStatement last = tx.sql("DELETE FROM fallback_message WHERE queue_id = ?"
                        + " AND NOT EXISTS (SELECT 1 FROM fallback f WHERE f.queue_id = fallback_message.queue_id)");
                last.setString(1, queueId);
                last.executeUpdate();
            }
            return null;
        });
    }

    @Override
    public CompletionStage<Waiting> waiting(String stream) {
        return readers.read(connection -> {
            try (PreparedStatement select = connection.prepareStatement("SELECT count(*), min(failed_at) FROM fallback"
                    + " WHERE stream_id = (SELECT id FROM stream WHERE name = ?)")) {
                select.setString(1, stream);
                try (ResultSet row = select.executeQuery()) {
                    row.next();
                    long count = row.getLong(1);
                    return new Waiting(
                            count, count == 0 ? Optional.empty() : Optional.of(Millis.toInstant(row.getLong(2))));
                }
            }
        });
    }
}
