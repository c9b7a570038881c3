package io.github.cameldeliverability.examples.quickstart;

import io.github.cameldeliverability.testkit.Fate;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import javax.sql.DataSource;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/** The CRM: one table of contacts in an embedded database. */
final class Crm {

    /** Somebody who unsubscribed long before this campaign. */
    static final String UNSUBSCRIBED = "person7@healthy.test";

    private static final int CONTACTS = 2_000;

    private final SQLiteDataSource database;

    Crm(Path file) {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setBusyTimeout(20_000);
        config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
        database = new SQLiteDataSource(config);
        database.setUrl("jdbc:sqlite:" + file);
    }

    DataSource dataSource() {
        return database;
    }

    /** Makes table and contacts, unless an earlier start did. */
    void prepare() throws SQLException {
        try (Connection c = database.getConnection();
                Statement s = c.createStatement()) {
            s.execute(
                    "create table if not exists contacts (id integer primary key, name text not null, email text not null,"
                            + " queued integer not null default 0, email_status text, email_status_reason text,"
                            + " email_status_evidence text)");
            c.setAutoCommit(false);
            try (ResultSet count = s.executeQuery("select count(*) from contacts")) {
                if (count.getInt(1) == 0) {
                    fill(c);
                }
            }
            c.commit();
        }
    }

    private static void fill(Connection c) throws SQLException {
        try (PreparedStatement insert =
                c.prepareStatement("insert into contacts (id, name, email, email_status) values (?, ?, ?, ?)")) {
            for (int i = 1; i <= CONTACTS; i++) {
                String email = address(i);
                insert.setInt(1, i);
                insert.setString(2, "Person " + i);
                insert.setString(3, email);
                insert.setString(4, email.equals(UNSUBSCRIBED) ? "unsubscribe" : null);
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private static String address(int i) {
        String local = "person" + i;
        if (i <= 900) {
            return local + "@healthy.test";
        }
        if (i <= 1_250) {
            return local + "@greylist.test";
        }
        if (i <= 1_600) {
            return local + "@busy.test";
        }
        if (i <= 1_800) {
            return (i % 4 == 0 ? "gone" + i : local) + "@strict.test";
        }
        return (i % 5 == 0 ? "left" + i : local) + "@later.test";
    }

    int notQueued() throws SQLException {
        return number("select count(*) from contacts where queued = 0");
    }

    /** Contacts that have a status. */
    int flagged() throws SQLException {
        return number("select count(*) from contacts where email_status is not null");
    }

    private int number(String query) throws SQLException {
        try (Connection c = database.getConnection();
                Statement s = c.createStatement();
                ResultSet r = s.executeQuery(query)) {
            return r.getInt(1);
        }
    }

    /** Counts by domain and status, as a small table for people. */
    String table() throws SQLException {
        StringBuilder b =
                new StringBuilder(String.format("    %-16s %-12s %8s%n", "domain", "email_status", "contacts"));
        try (Connection c = database.getConnection();
                Statement s = c.createStatement();
                ResultSet r =
                        s.executeQuery("select substr(email, instr(email, '@') + 1) d, coalesce(email_status, '-') st,"
                                + " count(*) n from contacts group by 1, 2 order by 1, 2")) {
            while (r.next()) {
                b.append(String.format("    %-16s %-12s %8d%n", r.getString(1), r.getString(2), r.getInt(3)));
            }
        }
        return b.toString();
    }

    /** What the CRM should say by the truth, and does not: one line a contact. */
    List<String> mistakes(Function<String, Fate> truth) throws SQLException {
        List<String> wrong = new ArrayList<>();
        try (Connection c = database.getConnection();
                Statement s = c.createStatement();
                ResultSet r = s.executeQuery("select email, email_status from contacts order by id")) {
            while (r.next()) {
                String email = r.getString(1);
                String status = r.getString(2);
                String want = expected(email, truth);
                if (!String.valueOf(want).equals(String.valueOf(status))) {
                    wrong.add(email + ": CRM says " + status + ", the truth is " + want);
                }
            }
        }
        return wrong;
    }

    /** How many contacts must have a status in the end. */
    int expectedFlags(Function<String, Fate> truth) throws SQLException {
        Map<String, Integer> counts = new TreeMap<>();
        try (Connection c = database.getConnection();
                Statement s = c.createStatement();
                ResultSet r = s.executeQuery("select email from contacts")) {
            while (r.next()) {
                counts.merge(String.valueOf(expected(r.getString(1), truth)), 1, Integer::sum);
            }
        }
        return CONTACTS - counts.getOrDefault("null", 0);
    }

    private static String expected(String email, Function<String, Fate> truth) {
        if (email.equals(UNSUBSCRIBED)) {
            return "unsubscribe";
        }
        return switch (truth.apply(email)) {
            case UNKNOWN_AT_RCPT, BOUNCES_LATER -> "bounce";
            case COMPLAINS -> "complaint";
            case ALIVE -> null;
        };
    }
}
