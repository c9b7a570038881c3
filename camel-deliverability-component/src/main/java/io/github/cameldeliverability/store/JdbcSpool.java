package io.github.cameldeliverability.store;

import io.github.cameldeliverability.mail.DeliveryEvent;
import io.github.cameldeliverability.mail.FallbackStep;
import io.github.cameldeliverability.mail.Recipient;
import io.github.cameldeliverability.mail.RecipientKey;
import io.github.cameldeliverability.mail.SmtpReply;
import io.github.cameldeliverability.mail.SpooledMessage;
import io.github.cameldeliverability.mail.spi.Spool;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The queue in the tables {@code message} and {@code recipient}. Thread-safe.
 *
 * <p>A message that is delivered at the first attempt costs five statements in two shared commits: message in, recipient
 * in; recipient out, message out, event in. Held rows are in no index but the primary key.
 */
final class JdbcSpool implements Spool {

    private static final String THIS_MESSAGE = "message_id = (SELECT id FROM message WHERE queue_id = ?)";

    /** A row that this node holds, in the stream that the counters are kept for. */
    private static final String THIS_ROW = THIS_MESSAGE + " AND ordinal = ? AND holder = ? AND stream_id = ?";

    private final GroupCommit writer;
    private final Readers readers;
    private final EventWriter events;
    private final Withdrawal withdrawal;
    private final SpoolClaims claims;
    private final SpoolQueries queries;

    /** The row of table {@code node} for this opening; 0 for an operator's tool, which may not hold rows. */
    private final long node;

    JdbcSpool(
            GroupCommit writer,
            Readers readers,
            EventWriter events,
            Withdrawal withdrawal,
            SpoolQueries queries,
            long node) {
        this.writer = writer;
        this.readers = readers;
        this.events = events;
        this.withdrawal = withdrawal;
        this.queries = queries;
        this.node = node;
        claims = new SpoolClaims(node);
    }

    @Override
    public CompletionStage<Void> add(SpooledMessage message, boolean held) {
        if (node == 0) {
            return onlyEngine();
        }
        if (message.recipients().isEmpty()) {
            return CompletableFuture.failedFuture(
                    new IllegalArgumentException("message " + message.queueId() + " has no recipient"));
        }
        // Encoded here, on the caller's thread, so that the one writing thread has less to do.
        byte[] header = MessageCodec.encode(message);
        return writer.submit(header.length + message.content().length, tx -> insert(tx, message, header, held));
    }

    private Void insert(Tx tx, SpooledMessage m, byte[] header, boolean held) throws SQLException, RefusedException {
        int stream = tx.streamId(m.stream());
        // A page that the message's event will be entered in anyway.
        PreparedStatement past = tx.sql("SELECT 1 FROM event WHERE queue_id = ? LIMIT 1");
        past.setString(1, m.queueId());
        try (ResultSet row = past.executeQuery()) {
            if (row.next()) {
                throw new RefusedException(
                        new IllegalArgumentException("queue id " + m.queueId() + " is in the history already"));
            }
        }
        long id = tx.nextMessageId();
        PreparedStatement insert =
                tx.sql("INSERT INTO message (id, queue_id, stream_id, accepted_at, expires_at, header,"
                        + " content) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (queue_id) DO NOTHING");
        insert.setLong(1, id);
        insert.setString(2, m.queueId());
        insert.setInt(3, stream);
        insert.setLong(4, Millis.of(m.acceptedAt()));
        insert.setLong(5, Millis.of(m.expiresAt()));
        insert.setBytes(6, header);
        insert.setBytes(7, m.content());
        if (insert.executeUpdate() == 0) {
            throw new RefusedException(
                    new IllegalArgumentException("queue id " + m.queueId() + " is in the store already"));
        }
        MessageRefs.insert(tx, m);
        PreparedStatement row = tx.sql("INSERT INTO recipient (message_id, ordinal, stream_id, domain, due, holder)"
                + " VALUES (?, ?, ?, ?, ?, ?)");
        row.setLong(1, id);
        row.setInt(3, stream);
        row.setLong(5, Millis.of(m.dueAt()));
        row.setLong(6, held ? node : 0);
        int ordinal = 0;
        for (Recipient recipient : m.recipients()) {
            row.setInt(2, ordinal++);
            row.setString(4, recipient.address().asciiDomain());
            row.executeUpdate();
        }
        Effects.Tally tally = tx.effects().tally(stream);
        tally.messages++;
        tally.open += ordinal;
        tally.held += held ? ordinal : 0;
        return null;
    }

    @Override
    public CompletionStage<List<Claim>> claim(ClaimRequest request) {
        return node == 0 ? onlyEngine() : writer.submit(tx -> claims.claim(tx, request));
    }

    @Override
    public CompletionStage<Optional<SpooledMessage>> load(String queueId) {
        return readers.read(connection -> queries.load(connection, queueId));
    }

    @Override
    public CompletionStage<Void> settle(RecipientKey key, DeliveryEvent event) {
        if (node == 0) {
            return onlyEngine();
        }
        if (!key.queueId().equals(event.queueId())) {
            return CompletableFuture.failedFuture(new IllegalArgumentException(
                    "the event is of message " + event.queueId() + ", the row of " + key.queueId()));
        }
        if (!event.outcome().isFinal() && event.nextAttempt().isEmpty()) {
            return CompletableFuture.failedFuture(
                    new IllegalArgumentException("a deferred recipient needs a next attempt: " + key));
        }
        byte[] body = EventCodec.encode(event);
        // Never refused for want of room: what was sent must not be sent again because it could not be noted.
        return writer.submit(tx -> {
            if (event.outcome().isFinal()) {
                DeliveryEvent said = kept(tx, key, event, body);
                finish(tx, key, said);
                events.insert(tx, key, said, said.fallback().equals(event.fallback()) ? body : EventCodec.encode(said));
            } else if (defer(tx, key, event)) {
                events.insert(tx, key, event, body);
            }
            return null;
        });
    }

    /** The event, which says no longer that the fallback has the message where an operator withdrew it. */
    private static DeliveryEvent kept(Tx tx, RecipientKey key, DeliveryEvent event, byte[] body) throws SQLException {
        boolean wanted = event.fallback().equals(Optional.of(FallbackStep.PENDING));
        return !wanted || JdbcFallbacks.keep(tx, key, event, body) ? event : event.withoutFallback();
    }

    private void finish(Tx tx, RecipientKey key, DeliveryEvent event) throws SQLException, RefusedException {
        String delete = "DELETE FROM recipient WHERE " + THIS_ROW;
        int stream = tx.streamId(event.stream());
        // Two statements instead of a question first: nearly all rows go with the first attempt.
        int first = change(tx.sql(delete + " AND attempts = 0"), 1, key, stream);
        if (first == 0 && change(tx.sql(delete), 1, key, stream) == 0) {
            throw notHeld(key, event);
        }
        Effects.Tally tally = tx.effects().tally(stream);
        tally.messages -= forgetMessageWithoutRecipients(tx, key.queueId());
        tally.open--;
        tally.held--;
        tally.deferred -= first == 0 ? 1 : 0;
    }

    /** A message goes with its last recipient. @return how many messages went, 0 or 1 */
    static int forgetMessageWithoutRecipients(Tx tx, String queueId) throws SQLException {
        PreparedStatement last = tx.sql("DELETE FROM message WHERE queue_id = ?"
                + " AND NOT EXISTS (SELECT 1 FROM recipient WHERE message_id = message.id)");
        last.setString(1, queueId);
        return last.executeUpdate();
    }

    /** Whether the row waits now; if not, it was withdrawn meanwhile and is gone. */
    private boolean defer(Tx tx, RecipientKey key, DeliveryEvent event) throws SQLException, RefusedException {
        String update = "UPDATE recipient SET holder = 0, due = ?, attempts = ?, last_reply = ? WHERE " + THIS_ROW
                + " AND cancelled = 0";
        int stream = tx.streamId(event.stream());
        int first = deferRow(tx.sql(update + " AND attempts = 0"), key, stream, event);
        if (first == 0 && deferRow(tx.sql(update), key, stream, event) == 0) {
            if (withdrawal.endMarked(tx, key, node, Optional.of(event))) {
                return false;
            }
            throw notHeld(key, event);
        }
        Effects.Tally tally = tx.effects().tally(stream);
        tally.held--;
        int before = first == 0 ? 1 : 0;
        int after = event.attempt() == 0 ? 0 : 1;
        tally.deferred += after - before;
        return true;
    }

    private int deferRow(PreparedStatement update, RecipientKey key, int stream, DeliveryEvent event)
            throws SQLException {
        update.setLong(1, Millis.of(event.nextAttempt().orElseThrow()));
        update.setInt(2, event.attempt());
        update.setString(3, event.reply().map(SmtpReply::format).orElse(null));
        return change(update, 4, key, stream);
    }

    /** Runs a change of one row that this node must hold; {@code from} is where the parameters of THIS_ROW begin. */
    private int change(PreparedStatement change, int from, RecipientKey key, int stream) throws SQLException {
        change.setString(from, key.queueId());
        change.setInt(from + 1, key.ordinal());
        change.setLong(from + 2, node);
        change.setInt(from + 3, stream);
        return change.executeUpdate();
    }

    private static RefusedException notHeld(RecipientKey key, DeliveryEvent event) {
        return new RefusedException(new IllegalStateException("recipient " + key.ordinal() + " of " + key.queueId()
                + " in stream " + event.stream() + " is not held by this node (settled already?)"));
    }

    @Override
    public CompletionStage<Void> release(Collection<RecipientKey> keys, Instant dueAt) {
        if (node == 0) {
            return onlyEngine();
        }
        List<RecipientKey> rows = List.copyOf(keys);
        return writer.submit(tx -> {
            PreparedStatement update = tx.sql("UPDATE recipient SET holder = 0, due = ? WHERE " + THIS_MESSAGE
                    + " AND ordinal = ? AND holder = ? AND cancelled = 0 RETURNING stream_id");
            for (RecipientKey key : rows) {
                update.setLong(1, Millis.of(dueAt));
                update.setString(2, key.queueId());
                update.setInt(3, key.ordinal());
                update.setLong(4, node);
                boolean freed = false;
                try (ResultSet row = update.executeQuery()) {
                    while (row.next()) {
                        tx.effects().tally(row.getInt(1)).held--;
                        freed = true;
                    }
                }
                if (!freed) {
                    withdrawal.endMarked(tx, key, node, Optional.empty());
                }
            }
            return null;
        });
    }

    @Override
    public CompletionStage<Optional<Instant>> nextDue(String stream, Instant after) {
        return readers.read(connection -> queries.nextDue(connection, stream, after));
    }

    @Override
    public CompletionStage<Stats> stats() {
        return readers.read(queries::stats);
    }

    @Override
    public CompletionStage<List<Row>> list(ListRequest request) {
        return readers.read(connection -> queries.list(connection, request));
    }

    private static <T> CompletionStage<T> onlyEngine() {
        return CompletableFuture.failedFuture(
                new UnsupportedOperationException("the store was opened for administration: it cannot hold rows"));
    }
}
