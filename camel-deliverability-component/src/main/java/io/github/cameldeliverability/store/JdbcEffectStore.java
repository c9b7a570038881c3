package io.github.cameldeliverability.store;

import io.github.cameldeliverability.mail.Effect;
import io.github.cameldeliverability.mail.Effect.Phase;
import io.github.cameldeliverability.mail.EffectEvent;
import io.github.cameldeliverability.mail.EffectEvent.What;
import io.github.cameldeliverability.mail.spi.EffectStore;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Effects, notes and reports in tables. Whoever is not the engine changes an effect's row at once and counts up the order
 * in it, so that a state that the engine wrote without knowing of it cannot undo it. Thread-safe.
 */
final class JdbcEffectStore implements EffectStore {

    /** The one name under which listeners for news are kept. */
    static final String NEWS = "effects";

    /** How long ended effects, feeds and notes nobody touched are kept. */
    private static final Duration KEEP = Duration.ofDays(90);

    private static final String POSITION = "effects:";

    private final GroupCommit writer;
    private final Readers readers;
    private final Listeners listeners;
    private final Clock clock;

    JdbcEffectStore(GroupCommit writer, Readers readers, Listeners listeners, Clock clock) {
        this.writer = writer;
        this.readers = readers;
        this.listeners = listeners;
        this.clock = clock;
    }

    @Override
    public CompletionStage<List<Effect>> effects(boolean endedToo) {
        return readers.read(connection -> {
            List<Effect> all = new ArrayList<>();
            String which = endedToo ? "" : " WHERE over = 0";
            try (PreparedStatement select = connection.prepareStatement(
                            "SELECT body FROM effect" + which + " ORDER BY changed_at DESC, id");
                    ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    all.add(EffectCodec.decode(row.getBytes(1)));
                }
            }
            return all;
        });
    }

    @Override
    public CompletionStage<Map<String, String>> notes() {
        return readers.read(connection -> {
            Map<String, String> all = new HashMap<>();
            try (PreparedStatement select = connection.prepareStatement("SELECT name, text FROM shaping_note");
                    ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    all.put(row.getString(1), row.getString(2));
                }
            }
            return all;
        });
    }

    @Override
    public CompletionStage<Void> write(Batch batch) {
        return writer.submit(tx -> {
            for (Effect e : batch.effects()) {
                put(tx, e);
            }
            for (EffectEvent event : batch.events()) {
                tell(tx, event);
            }
            writeNotes(tx, batch.notes());
            PreparedStatement taken = tx.sql("DELETE FROM reputation_report WHERE id = ?");
            for (long id : batch.taken()) {
                taken.setLong(1, id);
                taken.executeUpdate();
            }
            if (!batch.events().isEmpty()) {
                forgetOld(tx);
                // Other nodes obey the same effects, and consumers of the feeds wait for this.
                announce(tx);
            }
            return null;
        });
    }

    private void writeNotes(Tx tx, Map<String, String> notes) throws SQLException {
        long now = Millis.of(clock.instant());
        for (Map.Entry<String, String> note : notes.entrySet()) {
            if (note.getValue().isEmpty()) {
                PreparedStatement delete = tx.sql("DELETE FROM shaping_note WHERE name = ?");
                delete.setString(1, note.getKey());
                delete.executeUpdate();
            } else {
                PreparedStatement put = tx.sql("INSERT INTO shaping_note (name, at, text) VALUES (?, ?, ?)"
                        + " ON CONFLICT (name) DO UPDATE SET at = excluded.at, text = excluded.text");
                put.setString(1, note.getKey());
                put.setLong(2, now);
                put.setString(3, note.getValue());
                put.executeUpdate();
            }
        }
    }

    private static void put(Tx tx, Effect e) throws SQLException {
        PreparedStatement put = tx.sql("INSERT INTO effect (id, over, orders, changed_at, body) VALUES (?, ?, ?, ?, ?)"
                + " ON CONFLICT (id) DO UPDATE SET over = excluded.over, orders = excluded.orders,"
                + " changed_at = excluded.changed_at, body = excluded.body WHERE effect.orders <= excluded.orders");
        put.setString(1, e.id());
        put.setInt(2, e.isOver() ? 1 : 0);
        put.setInt(3, e.orders());
        put.setLong(4, Millis.of(e.changedAt()));
        put.setBytes(5, EffectCodec.encode(e));
        put.executeUpdate();
    }

    private static void tell(Tx tx, EffectEvent event) throws SQLException {
        PreparedStatement insert = tx.sql("INSERT INTO effect_event (stream, what, at, body) VALUES (?, ?, ?, ?)");
        insert.setString(1, event.effect().key().stream().orElse(""));
        insert.setString(2, event.what().name());
        insert.setLong(3, Millis.of(event.at()));
        insert.setBytes(4, EffectCodec.encode(event.effect()));
        insert.executeUpdate();
    }

    private void forgetOld(Tx tx) throws SQLException {
        long before = Millis.of(clock.instant().minus(KEEP));
        for (String sql : List.of(
                "DELETE FROM effect WHERE over <> 0 AND changed_at < ?",
                "DELETE FROM effect_event WHERE at < ?",
                "DELETE FROM shaping_note WHERE at < ?")) {
            PreparedStatement delete = tx.sql(sql);
            delete.setLong(1, before);
            delete.executeUpdate();
        }
    }

    @Override
    public CompletionStage<Boolean> impose(Effect effect) {
        return writer.submit(tx -> {
            if (find(tx, effect.id()).isPresent()) {
                return false;
            }
            put(tx, effect);
            tell(tx, new EffectEvent(0, What.BEGAN, effect, clock.instant()));
            announce(tx);
            return true;
        });
    }

    @Override
    public CompletionStage<Boolean> cancel(String id, String who) {
        Instant now = clock.instant();
        return change(id, e -> {
            Phase next = e.phase() == Phase.IN_FORCE ? Phase.RECOVERING : Phase.ENDED;
            Effect after =
                    e.ordered("cancelled by " + who + "; was: " + e.why()).in(next, now);
            return new EffectEvent(0, next == Phase.ENDED ? What.ENDED : What.RECOVERS, after, now);
        });
    }

    @Override
    public CompletionStage<Boolean> extend(String id, Instant until, String who) {
        Instant now = clock.instant();
        return change(id, e -> {
            if (e.phase() != Phase.IN_FORCE) {
                return null;
            }
            if (e.until().isEmpty()) {
                throw new RefusedException(
                        new IllegalArgumentException(
                                "effect " + e.id() + " (" + e.kind().id()
                                        + ") has no end that could be moved: it holds until it is cancelled, a kill until it is revived"));
            }
            Effect after = e.ordered(e.why() + "; end set by " + who).withUntil(Optional.of(until));
            return new EffectEvent(0, What.EXTENDED, after, now);
        });
    }

    /** An operator's word. */
    @FunctionalInterface
    private interface Order {
        EffectEvent give(Effect effect) throws RefusedException;
    }

    /** @param order what becomes of an effect that is not over; null leaves it */
    private CompletionStage<Boolean> change(String id, Order order) {
        return writer.submit(tx -> {
            Optional<Effect> found = find(tx, id);
            if (found.isEmpty() || found.get().isOver()) {
                return false;
            }
            EffectEvent event = order.give(found.get());
            if (event == null) {
                return false;
            }
            put(tx, event.effect());
            tell(tx, event);
            announce(tx);
            return true;
        });
    }

    private static Optional<Effect> find(Tx tx, String id) throws SQLException {
        PreparedStatement select = tx.sql("SELECT body FROM effect WHERE id = ?");
        select.setString(1, id);
        try (ResultSet row = select.executeQuery()) {
            return row.next() ? Optional.of(EffectCodec.decode(row.getBytes(1))) : Optional.empty();
        }
    }

    @Override
    public CompletionStage<List<EffectEvent>> feed(String stream, long after, int limit) {
        return readers.read(connection -> {
            List<EffectEvent> events = new ArrayList<>();
            try (PreparedStatement select =
                    connection.prepareStatement("SELECT sequence, what, at, body FROM effect_event"
                            + " WHERE sequence > ? AND (stream = ? OR stream = '') ORDER BY sequence LIMIT ?")) {
                select.setLong(1, after);
                select.setString(2, stream);
                select.setInt(3, limit);
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        events.add(new EffectEvent(
                                row.getLong(1),
                                What.valueOf(row.getString(2)),
                                EffectCodec.decode(row.getBytes(4)),
                                Millis.toInstant(row.getLong(3))));
                    }
                }
            }
            return events;
        });
    }

    @Override
    public CompletionStage<Long> position(String stream, String consumer) {
        return readers.read(connection -> {
            try (PreparedStatement select =
                    connection.prepareStatement("SELECT sequence FROM feed_cursor WHERE list = ? AND consumer = ?")) {
                select.setString(1, POSITION + stream);
                select.setString(2, consumer);
                try (ResultSet row = select.executeQuery()) {
                    return row.next() ? row.getLong(1) : 0L;
                }
            }
        });
    }

    @Override
    public CompletionStage<Void> setPosition(String stream, String consumer, long sequence) {
        return writer.submit(tx -> {
            PreparedStatement put = tx.sql("INSERT INTO feed_cursor (list, consumer, sequence) VALUES (?, ?, ?)"
                    + " ON CONFLICT (list, consumer) DO UPDATE SET sequence = excluded.sequence");
            put.setString(1, POSITION + stream);
            put.setString(2, consumer);
            put.setLong(3, sequence);
            put.executeUpdate();
            return null;
        });
    }

    @Override
    public CompletionStage<Void> report(Report report) {
        return writer.submit(tx -> {
            PreparedStatement insert =
                    tx.sql("INSERT INTO reputation_report (kind, stream, provider, delivered_at, at, evidence)"
                            + " VALUES (?, ?, ?, ?, ?, ?)");
            insert.setString(1, report.kind().name());
            insert.setString(2, report.stream());
            insert.setString(3, report.provider());
            insert.setLong(4, Millis.of(report.deliveredAt()));
            insert.setLong(5, Millis.of(report.at()));
            insert.setString(6, report.evidence());
            insert.executeUpdate();
            announce(tx);
            return null;
        });
    }

    @Override
    public CompletionStage<List<Report>> reports(int limit) {
        return readers.read(connection -> {
            List<Report> reports = new ArrayList<>();
            try (PreparedStatement select = connection.prepareStatement(
                    "SELECT id, kind, stream, provider, delivered_at, at, evidence FROM reputation_report"
                            + " ORDER BY id LIMIT ?")) {
                select.setInt(1, limit);
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        reports.add(new Report(
                                row.getLong(1),
                                ReportKind.valueOf(row.getString(2)),
                                row.getString(3),
                                row.getString(4),
                                Millis.toInstant(row.getLong(5)),
                                Millis.toInstant(row.getLong(6)),
                                row.getString(7)));
                    }
                }
            }
            return reports;
        });
    }

    @Override
    public AutoCloseable onNews(Runnable listener) {
        return listeners.add(NEWS, listener);
    }

    /** Counts the news, so that other processes see that there is some. */
    private static void announce(Tx tx) throws SQLException {
        tx.sql(
                        "INSERT INTO meta (name, value) VALUES ('effects', 1) ON CONFLICT (name) DO UPDATE SET value = value + 1")
                .executeUpdate();
        tx.effects().newsOfEffects();
    }

    /** How much news there was, as another process can see. */
    static long newsSoFar(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT value FROM meta WHERE name = 'effects'");
                ResultSet row = select.executeQuery()) {
            return row.next() ? row.getLong(1) : 0;
        }
    }
}
