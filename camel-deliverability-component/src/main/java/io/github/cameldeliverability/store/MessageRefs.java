package io.github.cameldeliverability.store;

import io.github.cameldeliverability.mail.SpooledMessage;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * From a Message-ID header field back to the message: by the table {@code message_ref}, or by the queue id that the field
 * itself holds where the engine made it. What is found is compared with the message, so that nobody who writes a queue id
 * into a field of his own gets another message for it.
 */
final class MessageRefs {

    private static final int KEPT = 64;
    private static final Pattern OF_QUEUE_ID = Pattern.compile("<([^@<>]{1,64})@[^<>]*>");

    private MessageRefs() {}

    static void insert(Tx tx, SpooledMessage m) throws SQLException {
        if (m.messageId().startsWith("<" + m.queueId() + "@")) {
            return;
        }
        PreparedStatement insert = tx.sql("INSERT OR IGNORE INTO message_ref (message_id, queue_id) VALUES (?, ?)");
        insert.setString(1, key(m.messageId()));
        insert.setString(2, m.queueId());
        insert.executeUpdate();
    }

    static void delete(Tx tx, String messageId, String queueId) throws SQLException {
        PreparedStatement delete = tx.sql("DELETE FROM message_ref WHERE message_id = ? AND queue_id = ?");
        delete.setString(1, key(messageId));
        delete.setString(2, queueId);
        delete.executeUpdate();
    }

    /** The newest message with this field. */
    static Optional<String> find(Connection connection, String messageId) throws SQLException {
        List<String> candidates = new ArrayList<>();
        Matcher ofQueueId = OF_QUEUE_ID.matcher(messageId);
        if (ofQueueId.matches()) {
            candidates.add(ofQueueId.group(1));
        }
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT queue_id FROM message_ref WHERE message_id = ? ORDER BY queue_id DESC LIMIT 10")) {
            select.setString(1, key(messageId));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    candidates.add(row.getString(1));
                }
            }
        }
        for (String queueId : candidates) {
            if (messageIdOf(connection, queueId).filter(messageId::equals).isPresent()) {
                return Optional.of(queueId);
            }
        }
        return Optional.empty();
    }

    private static Optional<String> messageIdOf(Connection connection, String queueId) throws SQLException {
        try (PreparedStatement queued = connection.prepareStatement("SELECT header FROM message WHERE queue_id = ?")) {
            queued.setString(1, queueId);
            try (ResultSet row = queued.executeQuery()) {
                if (row.next()) {
                    return Optional.of(MessageCodec.decode(queueId, "", row.getBytes(1), new byte[0])
                            .messageId());
                }
            }
        }
        try (PreparedStatement past =
                connection.prepareStatement("SELECT body FROM event WHERE queue_id = ? ORDER BY id LIMIT 1")) {
            past.setString(1, queueId);
            try (ResultSet row = past.executeQuery()) {
                return row.next()
                        ? Optional.of(
                                EventCodec.decode("", queueId, row.getBytes(1)).messageId())
                        : Optional.empty();
            }
        }
    }

    private static String key(String messageId) {
        String bare = messageId.startsWith("<") && messageId.endsWith(">")
                ? messageId.substring(1, messageId.length() - 1)
                : messageId;
        return bare.length() > KEPT ? bare.substring(0, KEPT) : bare;
    }
}
