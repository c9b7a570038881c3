package io.github.cameldeliverability.store;

import io.github.cameldeliverability.mail.DeliveryEvent;
import io.github.cameldeliverability.mail.Outcome;
import io.github.cameldeliverability.mail.RecipientKey;
import io.github.cameldeliverability.mail.SpooledMessage;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Ends rows that an operator withdrew: row out, message out with its last row, event CANCELLED in. Used by the writing
 * thread only.
 */
final class Withdrawal {

    private final EventWriter events;
    private final Clock clock;

    Withdrawal(EventWriter events, Clock clock) {
        this.events = events;
        this.clock = clock;
    }

    /** Ends a free row; says whether there was one. */
    boolean endFree(Tx tx, RecipientKey key) throws SQLException {
        return end(tx, key, 0, 0, Optional.empty());
    }

    /**
     * Ends a row that the node holds, if it was marked; says whether it was.
     *
     * @param attempt what came of the attempt that was under way: its reply stays in the history
     */
    boolean endMarked(Tx tx, RecipientKey key, long node, Optional<DeliveryEvent> attempt) throws SQLException {
        return end(tx, key, node, 1, attempt);
    }

    /** Marks a row that a node holds; says whether that is new. */
    static boolean mark(Tx tx, RecipientKey key) throws SQLException {
        PreparedStatement update = tx.sql("UPDATE recipient SET cancelled = 1 WHERE message_id ="
                + " (SELECT id FROM message WHERE queue_id = ?) AND ordinal = ? AND holder <> 0 AND cancelled = 0");
        update.setString(1, key.queueId());
        update.setInt(2, key.ordinal());
        return update.executeUpdate() > 0;
    }

    /** Ends rows that were marked and then came free with the death of their node. */
    Void endLeftOver(Tx tx) throws SQLException {
        List<RecipientKey> keys = new ArrayList<>();
        PreparedStatement select = tx.sql("SELECT m.queue_id, r.ordinal FROM recipient r JOIN message m"
                + " ON m.id = r.message_id WHERE r.cancelled <> 0 AND r.holder = 0");
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                keys.add(new RecipientKey(row.getString(1), row.getInt(2)));
            }
        }
        for (RecipientKey key : keys) {
            endFree(tx, key);
        }
        return null;
    }

    private boolean end(Tx tx, RecipientKey key, long holder, int marked, Optional<DeliveryEvent> attempt)
            throws SQLException {
        PreparedStatement delete = tx.sql("DELETE FROM recipient WHERE message_id ="
                + " (SELECT id FROM message WHERE queue_id = ?) AND ordinal = ? AND holder = ? AND cancelled >= ?"
                + " RETURNING stream_id, attempts");
        delete.setString(1, key.queueId());
        delete.setInt(2, key.ordinal());
        delete.setLong(3, holder);
        delete.setInt(4, marked);
        int stream = 0;
        int attempts = -1;
        try (ResultSet row = delete.executeQuery()) {
            while (row.next()) {
                stream = row.getInt(1);
                attempts = row.getInt(2);
            }
        }
        if (attempts < 0) {
            return false;
        }
        DeliveryEvent event = attempt.isPresent() ? cancelled(attempt.get()) : event(tx, key, attempts);
        Effects.Tally tally = tx.effects().tally(stream);
        tally.messages -= JdbcSpool.forgetMessageWithoutRecipients(tx, key.queueId());
        tally.open--;
        tally.held -= holder == 0 ? 0 : 1;
        tally.deferred -= attempts == 0 ? 0 : 1;
        events.insert(tx, key, event, EventCodec.encode(event));
        return true;
    }

    private DeliveryEvent event(Tx tx, RecipientKey key, int attempts) throws SQLException {
        PreparedStatement select = tx.sql(
                "SELECT s.name, m.header FROM message m JOIN stream s ON s.id = m.stream_id" + " WHERE m.queue_id = ?");
        select.setString(1, key.queueId());
        try (ResultSet row = select.executeQuery()) {
            if (!row.next()) {
                throw new SQLException("recipient " + key + " has no message: the database is damaged");
            }
            SpooledMessage m = MessageCodec.decode(key.queueId(), row.getString(1), row.getBytes(2), new byte[0]);
            return new DeliveryEvent(
                    m.stream(),
                    m.queueId(),
                    m.messageId(),
                    m.recipients().get(key.ordinal()).address(),
                    Outcome.CANCELLED,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    attempts,
                    clock.instant(),
                    Optional.empty(),
                    Duration.ZERO,
                    Optional.empty());
        }
    }

    private static DeliveryEvent cancelled(DeliveryEvent e) {
        return new DeliveryEvent(
                e.stream(),
                e.queueId(),
                e.messageId(),
                e.recipient(),
                Outcome.CANCELLED,
                e.reply(),
                e.phase(),
                e.verdict(),
                e.provider(),
                e.host(),
                e.attempt(),
                e.at(),
                Optional.empty(),
                e.elapsed(),
                e.tls());
    }
}
