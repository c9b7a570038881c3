package io.github.cameldeliverability.store;

import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.RecipientKey;
import io.github.cameldeliverability.mail.spi.EventLog;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Events in the table {@code event}, those that nobody acknowledged also in {@code outbox}. Thread-safe.
 *
 * <p>{@link #purge} removes what is older than its limit whether it was acknowledged or not: a stream that nobody
 * consumes must not grow for ever.
 */
final class JdbcEventLog implements EventLog {

    private static final String THIS_EVENT = "stream_id = (SELECT stream_id FROM event WHERE id = ?) AND event_id = ?";

    private final GroupCommit writer;
    private final Readers readers;
    private final SpoolQueries queries;
    private final Listeners listeners;
    private final Clock clock;
    private final EventPurge purge = new EventPurge();

    JdbcEventLog(GroupCommit writer, Readers readers, SpoolQueries queries, Listeners listeners, Clock clock) {
        this.writer = writer;
        this.readers = readers;
        this.queries = queries;
        this.listeners = listeners;
        this.clock = clock;
    }

    @Override
    public CompletionStage<List<LoggedEvent>> claim(String stream, int limit, Duration lease) {
        return writer.submit(tx -> {
            int streamId = tx.streamId(stream);
            long now = Millis.of(clock.instant());
            PreparedStatement select = tx.sql("SELECT e.id, e.queue_id, e.ordinal, e.body FROM outbox o"
                    + " JOIN event e ON e.id = o.event_id WHERE o.stream_id = ? AND o.leased_until <= ?"
                    + " ORDER BY o.event_id LIMIT ?");
            select.setInt(1, streamId);
            select.setLong(2, now);
            select.setInt(3, limit);
            List<LoggedEvent> events = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    events.add(event(row, stream));
                }
            }
            if (!events.isEmpty()) {
                // All that was free between the first and the last of them was selected: one statement leases them.
                PreparedStatement update = tx.sql("UPDATE outbox SET leased_until = ? WHERE stream_id = ?"
                        + " AND event_id BETWEEN ? AND ? AND leased_until <= ?");
                update.setLong(1, Millis.of(clock.instant().plus(lease)));
                update.setInt(2, streamId);
                update.setLong(3, events.get(0).id());
                update.setLong(4, events.get(events.size() - 1).id());
                update.setLong(5, now);
                update.executeUpdate();
            }
            return events;
        });
    }

    @Override
    public CompletionStage<Void> acknowledge(Collection<Long> ids) {
        List<Long> events = List.copyOf(ids);
        return writer.submit(tx -> {
            PreparedStatement delete = tx.sql("DELETE FROM outbox WHERE " + THIS_EVENT);
            for (long id : events) {
                delete.setLong(1, id);
                delete.setLong(2, id);
                delete.executeUpdate();
            }
            return null;
        });
    }

    @Override
    public CompletionStage<Void> giveBack(Collection<Long> ids) {
        List<Long> events = List.copyOf(ids);
        return writer.submit(tx -> {
            PreparedStatement free = tx.sql("UPDATE outbox SET leased_until = 0 WHERE " + THIS_EVENT);
            PreparedStatement stream =
                    tx.sql("SELECT s.name FROM event e JOIN stream s ON s.id = e.stream_id WHERE e.id = ?");
            for (long id : events) {
                free.setLong(1, id);
                free.setLong(2, id);
                if (free.executeUpdate() > 0) {
                    // Somebody may be waiting for work that is there again.
                    stream.setLong(1, id);
                    try (ResultSet row = stream.executeQuery()) {
                        row.next();
                        tx.effects().streamsWithEvents().add(row.getString(1));
                    }
                }
            }
            return null;
        });
    }

    @Override
    public CompletionStage<Optional<EmailAddress>> recipientOf(RecipientKey key) {
        return readers.read(connection -> {
            Optional<EmailAddress> queued = queries.recipient(connection, key);
            if (queued.isPresent()) {
                return queued;
            }
            try (PreparedStatement select = connection.prepareStatement(
                    "SELECT body FROM event WHERE queue_id = ? AND ordinal = ? ORDER BY id DESC LIMIT 1")) {
                select.setString(1, key.queueId());
                select.setInt(2, key.ordinal());
                try (ResultSet row = select.executeQuery()) {
                    return row.next() ? Optional.of(EventCodec.recipient(row.getBytes(1))) : Optional.empty();
                }
            }
        });
    }

    @Override
    public CompletionStage<Optional<String>> queueIdOf(String messageId) {
        return readers.read(connection -> MessageRefs.find(connection, messageId));
    }

    @Override
    public CompletionStage<Void> renew(Collection<Long> ids, Duration lease) {
        List<Long> events = List.copyOf(ids);
        return writer.submit(tx -> {
            PreparedStatement update =
                    tx.sql("UPDATE outbox SET leased_until = ? WHERE " + THIS_EVENT + " AND leased_until > 0");
            for (long id : events) {
                update.setLong(1, Millis.of(clock.instant().plus(lease)));
                update.setLong(2, id);
                update.setLong(3, id);
                update.executeUpdate();
            }
            return null;
        });
    }

    @Override
    public CompletionStage<List<LoggedEvent>> history(String queueId) {
        return readers.read(connection -> history(connection, queueId));
    }

    private static List<LoggedEvent> history(Connection connection, String queueId) throws SQLException {
        List<LoggedEvent> events = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement("SELECT e.id, e.queue_id, e.ordinal, e.body, s.name"
                + " FROM event e JOIN stream s ON s.id = e.stream_id WHERE e.queue_id = ? ORDER BY e.id")) {
            select.setString(1, queueId);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    events.add(event(row, row.getString(5)));
                }
            }
        }
        return events;
    }

    @Override
    public CompletionStage<List<LoggedEvent>> page(long after, int limit) {
        return readers.read(connection -> {
            List<LoggedEvent> events = new ArrayList<>();
            try (PreparedStatement select = connection.prepareStatement(
                    "SELECT e.id, e.queue_id, e.ordinal, e.body, s.name"
                            + " FROM event e JOIN stream s ON s.id = e.stream_id WHERE e.id > ? ORDER BY e.id LIMIT ?")) {
                select.setLong(1, after);
                select.setInt(2, limit);
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        events.add(event(row, row.getString(5)));
                    }
                }
            }
            return events;
        });
    }

    private static LoggedEvent event(ResultSet row, String stream) throws SQLException {
        String queueId = row.getString(2);
        return new LoggedEvent(
                row.getLong(1),
                new RecipientKey(queueId, row.getInt(3)),
                EventCodec.decode(stream, queueId, row.getBytes(4)));
    }

    @Override
    public CompletionStage<Integer> purge(Instant before, int limit) {
        return writer.submit(tx -> EventPurge.run(tx, Millis.of(before), limit));
    }

    @Override
    public CompletionStage<Integer> purge(Instant acknowledgedBefore, Instant before, int limit) {
        return writer.submit(tx -> purge.run(tx, Millis.of(acknowledgedBefore), Millis.of(before), limit));
    }

    @Override
    public AutoCloseable onEvents(String stream, Runnable listener) {
        return listeners.add(stream, listener);
    }
}
