package io.github.cameldeliverability.crm.push;

import io.github.cameldeliverability.crm.CrmEvent;
import io.github.cameldeliverability.crm.format.Outcome;
import io.github.cameldeliverability.crm.http.TokenStore;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * What a sink remembers over restarts, in tables of a database: the last outcome of each address and target, the tokens,
 * and how far the system was read. A write is announced before it is made, so that a crash in between is seen: the next run knows that the record may
 * have been written. Blocking; thread-safe.
 */
public final class Ledger {

    private static final String WRITING = "writing";

    private final DataSource database;
    private final String sink;
    private final Clock clock;

    /**
     * @param sequence the change that the outcome is about
     * @param outcome empty while a write is announced and not settled
     * @param writes how often a write was announced without being settled
     * @param refusals how often the system refused it for now
     * @param first when it was refused for the first time
     */
    record Entry(long sequence, Optional<Outcome> outcome, int writes, int refusals, Instant first) {}

    /** Opens the ledger of a sink and makes its tables if they are not there. */
    public Ledger(DataSource database, String sink, Clock clock) throws SQLException {
        this.database = database;
        this.sink = sink;
        this.clock = clock;
        try (Connection c = database.getConnection();
                Statement s = c.createStatement()) {
            s.execute(
                    "create table if not exists crm_outcome (sink varchar(100) not null, target varchar(100) not null,"
                            + " list varchar(100) not null, address varchar(400) not null, sequence bigint not null,"
                            + " kind varchar(20) not null, outcome varchar(20) not null, reason varchar(1000) not null,"
                            + " records varchar(1000) not null, writes integer not null, refusals integer not null,"
                            + " first_at bigint not null, updated_at bigint not null,"
                            + " primary key (sink, target, list, address))");
            s.execute("create table if not exists crm_token (sink varchar(100) primary key, access_token text not null,"
                    + " expires_at bigint not null, refresh_token text not null, origin varchar(100) not null)");
            s.execute("create table if not exists crm_pull (sink varchar(100) primary key, since bigint not null)");
        }
    }

    /** The time up to which the system was read; empty if it never was. */
    public Optional<Instant> pulledUntil() throws SQLException {
        try (Connection c = database.getConnection();
                PreparedStatement s = c.prepareStatement("select since from crm_pull where sink = ?")) {
            s.setString(1, sink);
            try (ResultSet r = s.executeQuery()) {
                return r.next() ? Optional.of(Instant.ofEpochMilli(r.getLong(1))) : Optional.empty();
            }
        }
    }

    /** Keeps the time up to which the system was read. */
    public void pulled(Instant until) throws SQLException {
        try (Connection c = database.getConnection();
                PreparedStatement s = c.prepareStatement("insert into crm_pull values (?, ?)"
                        + " on conflict (sink) do update set since = excluded.since")) {
            s.setString(1, sink);
            s.setLong(2, until.toEpochMilli());
            s.executeUpdate();
        }
    }

    /** What is known of the addresses, by address key. */
    Map<String, Entry> load(String target, Collection<CrmEvent> events) throws SQLException {
        Map<String, Entry> all = new HashMap<>();
        try (Connection c = database.getConnection();
                PreparedStatement s =
                        c.prepareStatement("select sequence, outcome, writes, refusals, first_at from crm_outcome"
                                + " where sink = ? and target = ? and list = ? and address = ?")) {
            for (CrmEvent e : events) {
                s.setString(1, sink);
                s.setString(2, target);
                s.setString(3, e.list());
                s.setString(4, e.key());
                try (ResultSet r = s.executeQuery()) {
                    if (r.next()) {
                        String outcome = r.getString(2);
                        all.put(
                                e.key(),
                                new Entry(
                                        r.getLong(1),
                                        outcome.equals(WRITING) ? Optional.empty() : Optional.of(Outcome.of(outcome)),
                                        r.getInt(3),
                                        r.getInt(4),
                                        Instant.ofEpochMilli(r.getLong(5))));
                    }
                }
            }
        }
        return all;
    }

    /** Announces writes. On the disk when it returns. */
    void begin(String target, Collection<CrmEvent> events) throws SQLException {
        long now = clock.millis();
        try (Connection c = database.getConnection()) {
            c.setAutoCommit(false);
            try (PreparedStatement s = c.prepareStatement(
                    "insert into crm_outcome values (?, ?, ?, ?, ?, ?, 'writing', '', '', 1, 0, ?, ?)"
                            + " on conflict (sink, target, list, address) do update set"
                            + " writes = case when crm_outcome.outcome = 'writing' and"
                            + " crm_outcome.sequence = excluded.sequence then crm_outcome.writes + 1 else 1 end,"
                            + " refusals = case when crm_outcome.sequence = excluded.sequence then crm_outcome.refusals"
                            + " else 0 end,"
                            + " first_at = case when crm_outcome.sequence = excluded.sequence then crm_outcome.first_at"
                            + " else excluded.first_at end,"
                            + " sequence = excluded.sequence, kind = excluded.kind, outcome = 'writing',"
                            + " updated_at = excluded.updated_at")) {
                for (CrmEvent e : events) {
                    s.setString(1, sink);
                    s.setString(2, target);
                    s.setString(3, e.list());
                    s.setString(4, e.key());
                    s.setLong(5, e.sequence());
                    s.setString(6, e.kind().id());
                    s.setLong(7, now);
                    s.setLong(8, now);
                    s.addBatch();
                }
                s.executeBatch();
            }
            c.commit();
        }
    }

    /** Records outcomes. On the disk when it returns. */
    void settle(String target, Map<CrmEvent, Result> results) throws SQLException {
        long now = clock.millis();
        try (Connection c = database.getConnection()) {
            c.setAutoCommit(false);
            try (PreparedStatement s =
                    c.prepareStatement("insert into crm_outcome values (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?)"
                            + " on conflict (sink, target, list, address) do update set"
                            + " refusals = case when crm_outcome.sequence = excluded.sequence then crm_outcome.refusals"
                            + " + excluded.refusals else excluded.refusals end,"
                            + " first_at = case when crm_outcome.sequence = excluded.sequence then crm_outcome.first_at"
                            + " else excluded.first_at end,"
                            + " sequence = excluded.sequence, kind = excluded.kind, outcome = excluded.outcome,"
                            + " reason = excluded.reason, records = excluded.records, writes = 0,"
                            + " updated_at = excluded.updated_at")) {
                for (Map.Entry<CrmEvent, Result> e : results.entrySet()) {
                    Result r = e.getValue();
                    s.setString(1, sink);
                    s.setString(2, target);
                    s.setString(3, e.getKey().list());
                    s.setString(4, e.getKey().key());
                    s.setLong(5, e.getKey().sequence());
                    s.setString(6, e.getKey().kind().id());
                    s.setString(7, r.outcome().isFinal() ? r.outcome().id() : Outcome.RETRY.id());
                    s.setString(8, cut(r.reason()));
                    s.setString(9, cut(String.join(" ", r.records())));
                    s.setInt(10, r.outcome() == Outcome.RETRY && r.answered() ? 1 : 0);
                    s.setLong(11, now);
                    s.setLong(12, now);
                    s.addBatch();
                }
                s.executeBatch();
            }
            c.commit();
        }
    }

    private static String cut(String s) {
        return s.length() <= 1000 ? s : s.substring(0, 1000);
    }

    /** The tokens of the sink. */
    public TokenStore tokens() {
        return new TokenStore() {
            @Override
            public Optional<Tokens> load() {
                try (Connection c = database.getConnection();
                        PreparedStatement s =
                                c.prepareStatement("select access_token, expires_at, refresh_token, origin"
                                        + " from crm_token where sink = ?")) {
                    s.setString(1, sink);
                    try (ResultSet r = s.executeQuery()) {
                        return r.next()
                                ? Optional.of(new Tokens(
                                        r.getString(1),
                                        Instant.ofEpochMilli(r.getLong(2)),
                                        r.getString(3),
                                        r.getString(4)))
                                : Optional.empty();
                    }
                } catch (SQLException e) {
                    throw new IllegalStateException("Cannot read the tokens of the sink " + sink + ": " + e, e);
                }
            }

            @Override
            public void save(Tokens t) {
                try (Connection c = database.getConnection();
                        PreparedStatement s = c.prepareStatement("insert into crm_token values (?, ?, ?, ?, ?)"
                                + " on conflict (sink) do update set access_token = excluded.access_token,"
                                + " expires_at = excluded.expires_at, refresh_token = excluded.refresh_token,"
                                + " origin = excluded.origin")) {
                    s.setString(1, sink);
                    s.setString(2, t.access());
                    s.setLong(3, t.expires().toEpochMilli());
                    s.setString(4, t.refresh());
                    s.setString(5, t.origin());
                    s.executeUpdate();
                } catch (SQLException e) {
                    throw new IllegalStateException("Cannot keep the tokens of the sink " + sink + ": " + e, e);
                }
            }
        };
    }
}
