package io.github.cameldeliverability.store;

import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.Suppression;
import io.github.cameldeliverability.mail.SuppressionChange.Operation;
import io.github.cameldeliverability.mail.SuppressionIncident;
import io.github.cameldeliverability.mail.SuppressionKind;
import io.github.cameldeliverability.mail.spi.UndoPage.Undone;
import io.github.cameldeliverability.store.SuppressionCodec.Cause;
import io.github.cameldeliverability.store.SuppressionIndex.Item;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/** The changes of entries, their causes and the feed's lines about them, inside a transaction of the writing thread. */
final class SuppressionEntries {

    private final Clock clock;

    SuppressionEntries(Clock clock) {
        this.clock = clock;
    }

    /** An entry as the database has it. */
    private record Present(Suppression entry, SuppressionCauses causes, boolean hasRows) {}

    /** Whether the entry is new or stronger now. */
    boolean add(Tx tx, Suppression added) throws SQLException {
        String key = added.address().key();
        Present present = present(tx, added.list(), key).get(added.scope());
        if (present == null) {
            write(tx, key, added, SuppressionCauses.of(List.of(Cause.of(added))), false);
            tell(tx, key, Operation.ADDED, clock.instant(), added);
            return true;
        }
        SuppressionCauses causes = present.causes().with(added);
        Suppression together = causes.entry().orElse(added);
        // Another cause of the same weight is kept for the day when the first is taken back; nobody need hear of it.
        boolean changed = !present.entry().isActiveAt(added.since())
                || together.kind() != present.entry().kind()
                || !together.until().equals(present.entry().until());
        write(tx, key, changed ? together : present.entry(), causes, present.hasRows());
        if (changed) {
            tell(tx, key, Operation.UPDATED, clock.instant(), together);
        }
        return changed;
    }

    List<Suppression> remove(Tx tx, String list, List<String> keys, Optional<String> scope, Instant now)
            throws SQLException {
        List<Suppression> removed = new ArrayList<>();
        for (String key : keys) {
            for (Present p : present(tx, list, key).values()) {
                if (scope.isEmpty() || scope.get().equals(p.entry().scope())) {
                    delete(tx, key, p.entry());
                    tell(tx, key, Operation.REMOVED, now, p.entry());
                    removed.add(p.entry());
                }
            }
        }
        return removed;
    }

    /** What the incident did to one address. */
    List<Undone> undo(Tx tx, SuppressionIncident incident, String key, boolean apply, Instant now) throws SQLException {
        return withdraw(tx, incident.list(), key, c -> incident.covers(c.says(), c.last()), apply, now);
    }

    List<Undone> withdraw(Tx tx, String list, String key, Predicate<Cause> gone, boolean apply, Instant now)
            throws SQLException {
        List<Undone> undone = new ArrayList<>();
        for (Present p : present(tx, list, key).values()) {
            if (p.causes().all().stream().noneMatch(gone)) {
                continue;
            }
            SuppressionCauses rest = p.causes().without(gone);
            Optional<Suppression> entry = rest.entry();
            undone.add(new Undone(p.entry(), entry));
            if (!apply) {
                continue;
            }
            if (entry.isEmpty()) {
                delete(tx, key, p.entry());
                tell(tx, key, Operation.RESTORED, now, p.entry());
            } else {
                write(tx, key, entry.get(), rest, p.hasRows());
                if (!saysTheSame(entry.get(), p.entry())) {
                    tell(tx, key, Operation.UPDATED, now, entry.get());
                }
            }
        }
        return undone;
    }

    /** For who marks addresses: an entry that is merely younger than was thought is no news. */
    private static boolean saysTheSame(Suppression a, Suppression b) {
        return a.kind() == b.kind()
                && a.reason().equals(b.reason())
                && a.ruleId().equals(b.ruleId())
                && a.source().equals(b.source())
                && a.evidence().equals(b.evidence())
                && a.until().equals(b.until());
    }

    /** Puts the pseudonym in the address's place, wherever it is. */
    int erase(Tx tx, String list, String key, EmailAddress pseudonym, Instant now) throws SQLException {
        String newKey = pseudonym.key();
        Map<String, Present> entries = present(tx, list, key);
        Map<String, Present> there = present(tx, list, newKey);
        rewriteHistory(tx, list, key, pseudonym);
        for (Present p : entries.values()) {
            List<Cause> causes = new ArrayList<>();
            p.causes().all().forEach(c -> causes.add(new Cause(anonymous(c.says(), pseudonym), c.last())));
            Present known = there.get(p.entry().scope());
            if (known != null) {
                causes.addAll(known.causes().all());
            }
            SuppressionCauses all = SuppressionCauses.of(causes);
            Suppression entry = all.entry().orElseThrow();
            delete(tx, key, p.entry());
            write(tx, newKey, entry, all, true);
            tell(tx, newKey, Operation.ERASED, now, entry);
        }
        PreparedStatement soft = tx.sql("DELETE FROM soft_bounce WHERE list = ? AND address_key = ?");
        soft.setString(1, list);
        soft.setString(2, key);
        soft.executeUpdate();
        return entries.size();
    }

    private static void rewriteHistory(Tx tx, String list, String key, EmailAddress pseudonym) throws SQLException {
        Map<Long, byte[]> bodies = new TreeMap<>();
        PreparedStatement select =
                tx.sql("SELECT sequence, body FROM suppression_change WHERE list = ? AND address_key = ?");
        select.setString(1, list);
        select.setString(2, key);
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                Suppression s = SuppressionCodec.decode(list, row.getBytes(2));
                bodies.put(row.getLong(1), SuppressionCodec.encode(anonymous(s, pseudonym)));
            }
        }
        PreparedStatement update = tx.sql("UPDATE suppression_change SET address_key = ?, body = ? WHERE sequence = ?");
        for (Map.Entry<Long, byte[]> one : bodies.entrySet()) {
            update.setString(1, pseudonym.key());
            update.setBytes(2, one.getValue());
            update.setLong(3, one.getKey());
            update.executeUpdate();
        }
    }

    /** Evidence is other people's words and may hold the address; the message's id leads to it in the event log. */
    private static Suppression anonymous(Suppression s, EmailAddress pseudonym) {
        return s.forAddress(pseudonym, "")
                .withOrigin(
                        new Suppression.Origin(s.origin().stream(), s.origin().provider(), Optional.empty()));
    }

    /** What forbids an address now, an entry a scope. */
    static List<Suppression> inForce(
            Connection connection, String list, String key, Set<SuppressionKind> exempt, Instant now)
            throws SQLException {
        List<Suppression> found = new ArrayList<>();
        boolean undecided = false;
        try (PreparedStatement select =
                connection.prepareStatement("SELECT body FROM suppression WHERE list = ? AND address_key = ?")) {
            select.setString(1, list);
            select.setString(2, key);
            for (Cause c : causes(select, list)) {
                if (c.says().isActiveAt(now)) {
                    undecided |= exempt.contains(c.says().kind());
                    found.add(c.says());
                }
            }
        }
        if (!undecided) {
            return found;
        }
        // What does not count may stand before what does: a dead address whose owner also left the list.
        found.removeIf(s -> exempt.contains(s.kind()));
        try (PreparedStatement select =
                connection.prepareStatement("SELECT body FROM suppression_cause WHERE list = ? AND address_key = ?")) {
            select.setString(1, list);
            select.setString(2, key);
            for (Cause c : causes(select, list)) {
                if (c.says().isActiveAt(now) && !exempt.contains(c.says().kind())) {
                    found.add(c.says());
                }
            }
        }
        return found;
    }

    /** By scope. */
    private static Map<String, Present> present(Tx tx, String list, String key) throws SQLException {
        PreparedStatement select =
                tx.sql("SELECT body FROM suppression WHERE list = ? AND address_key = ? ORDER BY scope");
        select.setString(1, list);
        select.setString(2, key);
        List<Cause> entries = causes(select, list);
        if (entries.isEmpty()) {
            return Map.of();
        }
        PreparedStatement more = tx.sql("SELECT body FROM suppression_cause WHERE list = ? AND address_key = ?");
        more.setString(1, list);
        more.setString(2, key);
        List<Cause> rows = causes(more, list);
        Map<String, Present> byScope = new TreeMap<>();
        for (Cause e : entries) {
            String scope = e.says().scope();
            List<Cause> own =
                    rows.stream().filter(c -> c.says().scope().equals(scope)).toList();
            byScope.put(
                    scope,
                    new Present(e.says(), SuppressionCauses.of(own.isEmpty() ? List.of(e) : own), !own.isEmpty()));
        }
        return byScope;
    }

    static List<Cause> causes(PreparedStatement select, String list) throws SQLException {
        List<Cause> found = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                found.add(SuppressionCodec.decodeCause(list, row.getBytes(1)));
            }
        }
        return found;
    }

    private static void write(Tx tx, String key, Suppression entry, SuppressionCauses causes, boolean hadRows)
            throws SQLException {
        List<Cause> all = causes.all();
        PreparedStatement upsert = tx.sql("INSERT INTO suppression (list, address_key, scope, body) VALUES (?, ?, ?, ?)"
                + " ON CONFLICT (list, address_key, scope) DO UPDATE SET body = excluded.body");
        upsert.setString(1, entry.list());
        upsert.setString(2, key);
        upsert.setString(3, entry.scope());
        // The only cause of an entry is the entry, with the moment when it was last seen.
        upsert.setBytes(
                4,
                SuppressionCodec.encode(
                        all.size() == 1 ? new Cause(entry, all.get(0).last()) : Cause.of(entry)));
        upsert.executeUpdate();
        if (hadRows) {
            deleteCauses(tx, key, entry);
        }
        if (all.size() > 1) {
            PreparedStatement insert = tx.sql(
                    "INSERT INTO suppression_cause (list, address_key, scope, cause, body) VALUES (?, ?, ?, ?, ?)");
            for (Map.Entry<String, Cause> c : causes.byName().entrySet()) {
                insert.setString(1, entry.list());
                insert.setString(2, key);
                insert.setString(3, entry.scope());
                insert.setString(4, c.getKey());
                insert.setBytes(5, SuppressionCodec.encode(c.getValue()));
                insert.executeUpdate();
            }
        }
        tx.effects().suppressed().add(new LiveSuppressions.Change(entry.list(), key, entry.scope(), Item.of(entry)));
    }

    private static void delete(Tx tx, String key, Suppression entry) throws SQLException {
        PreparedStatement delete = tx.sql("DELETE FROM suppression WHERE list = ? AND address_key = ? AND scope = ?");
        delete.setString(1, entry.list());
        delete.setString(2, key);
        delete.setString(3, entry.scope());
        delete.executeUpdate();
        deleteCauses(tx, key, entry);
        tx.effects().suppressed().add(new LiveSuppressions.Change(entry.list(), key, entry.scope(), null));
    }

    private static void deleteCauses(Tx tx, String key, Suppression entry) throws SQLException {
        PreparedStatement delete =
                tx.sql("DELETE FROM suppression_cause WHERE list = ? AND address_key = ? AND scope = ?");
        delete.setString(1, entry.list());
        delete.setString(2, key);
        delete.setString(3, entry.scope());
        delete.executeUpdate();
    }

    private static void tell(Tx tx, String key, Operation operation, Instant at, Suppression entry)
            throws SQLException {
        PreparedStatement insert = tx.sql(
                "INSERT INTO suppression_change (list, address_key, operation, at, body) VALUES (?, ?, ?, ?, ?)");
        insert.setString(1, entry.list());
        insert.setString(2, key);
        insert.setString(3, operation.name());
        insert.setLong(4, Millis.of(at));
        insert.setBytes(5, SuppressionCodec.encode(entry));
        insert.executeUpdate();
        tx.effects().changedLists().add(entry.list());
    }
}
