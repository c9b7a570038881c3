package io.github.cameldeliverability.store;

import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes old events in small steps. Used by the writing thread only. */
final class EventPurge {

    private static final Logger LOG = LoggerFactory.getLogger(EventPurge.class);

    /** Events are nearly in the order of time; a few that are not must not hide older ones behind them. */
    private static final int LOOK = 1_000;

    private record Old(long id, int stream) {}

    /** How far one call looks for acknowledged events among those that nobody has acknowledged. */
    private static final int FAR_LOOK = 5_000;

    /** Where the next search for acknowledged events goes on; a search that was rolled back is made up for later. */
    private long lookedUpTo;

    int run(Tx tx, long acknowledgedBefore, long before, int limit) throws SQLException {
        int any = run(tx, before, limit);
        return any == limit ? any : any + delete(tx, findAcknowledged(tx, acknowledgedBefore, limit - any));
    }

    static int run(Tx tx, long before, int limit) throws SQLException {
        return delete(tx, find(tx, before, limit));
    }

    private static int delete(Tx tx, List<Old> old) throws SQLException {
        if (old.isEmpty()) {
            return 0;
        }
        long newest = tx.number("SELECT max(id) FROM event");
        PreparedStatement outbox = tx.sql("DELETE FROM outbox WHERE stream_id = ? AND event_id = ?");
        PreparedStatement event = tx.sql("DELETE FROM event WHERE id = ? RETURNING queue_id, body");
        for (Old o : old) {
            outbox.setInt(1, o.stream());
            outbox.setLong(2, o.id());
            outbox.executeUpdate();
            event.setLong(1, o.id());
            String queueId = "";
            byte[] body = {};
            try (ResultSet row = event.executeQuery()) {
                if (row.next()) {
                    queueId = row.getString(1);
                    body = row.getBytes(2);
                }
            }
            forgetMessageId(tx, queueId, body);
        }
        if (old.get(old.size() - 1).id() == newest) {
            keepNumbering(tx, newest);
        }
        return old.size();
    }

    private static void forgetMessageId(Tx tx, String queueId, byte[] body) throws SQLException {
        try {
            MessageRefs.delete(tx, EventCodec.decode("", queueId, body).messageId(), queueId);
        } catch (DamagedRecordException e) {
            LOG.debug("A damaged event of {} was purged; its Message-ID stays", queueId, e);
        }
    }

    private static List<Old> find(Tx tx, long before, int limit) throws SQLException {
        PreparedStatement select = tx.sql("SELECT id, stream_id, at FROM event ORDER BY id LIMIT ?");
        select.setInt(1, Math.max(limit, LOOK));
        List<Old> old = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (old.size() < limit && row.next()) {
                if (row.getLong(3) < before) {
                    old.add(new Old(row.getLong(1), row.getInt(2)));
                }
            }
        }
        return old;
    }

    private List<Old> findAcknowledged(Tx tx, long before, int limit) throws SQLException {
        PreparedStatement select = tx.sql("SELECT e.id, e.stream_id, e.at, EXISTS (SELECT 1 FROM outbox o"
                + " WHERE o.stream_id = e.stream_id AND o.event_id = e.id) FROM event e WHERE e.id > ?"
                + " ORDER BY e.id LIMIT ?");
        select.setLong(1, lookedUpTo);
        select.setInt(2, FAR_LOOK);
        List<Old> old = new ArrayList<>();
        boolean anyOld = false;
        int seen = 0;
        try (ResultSet row = select.executeQuery()) {
            while (old.size() < limit && row.next()) {
                seen++;
                lookedUpTo = row.getLong(1);
                if (row.getLong(3) < before) {
                    anyOld = true;
                    if (row.getInt(4) == 0) {
                        old.add(new Old(row.getLong(1), row.getInt(2)));
                    }
                }
            }
        }
        if (old.size() < limit && (seen < FAR_LOOK || !anyOld)) {
            // Behind this there are only young ones: the next search begins anew.
            lookedUpTo = 0;
        }
        return old;
    }

    /** The number of an event must not come again after the newest was deleted. */
    private static void keepNumbering(Tx tx, long newest) throws SQLException {
        PreparedStatement floor = tx.sql("INSERT INTO meta (name, value) VALUES (?, ?)"
                + " ON CONFLICT (name) DO UPDATE SET value = excluded.value");
        floor.setString(1, Tx.EVENT_FLOOR);
        floor.setBytes(2, Long.toString(newest).getBytes(StandardCharsets.US_ASCII));
        floor.executeUpdate();
    }
}
