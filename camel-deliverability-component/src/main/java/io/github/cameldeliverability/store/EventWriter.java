package io.github.cameldeliverability.store;

import io.github.cameldeliverability.mail.DeliveryEvent;
import io.github.cameldeliverability.mail.RecipientKey;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** Writes an event into the log and its outbox, in the transaction of what it tells about. */
final class EventWriter {

    void insert(Tx tx, RecipientKey key, DeliveryEvent event, byte[] body) throws SQLException {
        int stream = tx.streamId(event.stream());
        long id = tx.nextEventId();
        PreparedStatement insert =
                tx.sql("INSERT INTO event (id, stream_id, queue_id, ordinal, at, body) VALUES (?, ?, ?, ?, ?, ?)");
        insert.setLong(1, id);
        insert.setInt(2, stream);
        insert.setString(3, key.queueId());
        insert.setInt(4, key.ordinal());
        insert.setLong(5, Millis.of(event.at()));
        insert.setBytes(6, body);
        insert.executeUpdate();
        PreparedStatement outbox = tx.sql("INSERT INTO outbox (stream_id, event_id) VALUES (?, ?)");
        outbox.setInt(1, stream);
        outbox.setLong(2, id);
        outbox.executeUpdate();
        tx.effects().streamsWithEvents().add(event.stream());
    }
}
