package io.github.cameldeliverability.store;

import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.SoftBounces;
import io.github.cameldeliverability.mail.Suppression;
import io.github.cameldeliverability.mail.spi.SoftBounceStep;
import io.github.cameldeliverability.mail.spi.SoftBounceStep.Step;
import io.github.cameldeliverability.mail.spi.UndoPage.Undone;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/** Soft bounces that count, a row an address. Thread-safe. */
final class SoftBounceRows {

    /** The source of entries that soft bounces made. */
    static final String SOURCE = "soft";

    private final GroupCommit writer;
    private final Readers readers;
    private final SuppressionEntries entries;

    SoftBounceRows(GroupCommit writer, Readers readers, SuppressionEntries entries) {
        this.writer = writer;
        this.readers = readers;
        this.entries = entries;
    }

    CompletionStage<Step> note(String list, EmailAddress address, SoftBounceStep rule) {
        String key = address.key();
        return writer.submit(tx -> {
            Step step = rule.after(read(tx, list, key));
            SoftBounces r = step.remember();
            PreparedStatement upsert = tx.sql(
                    "INSERT INTO soft_bounce (list, address_key, bounces, days, last_at, cool_downs) VALUES (?, ?, ?, ?, ?, ?)"
                            + " ON CONFLICT (list, address_key) DO UPDATE SET bounces = excluded.bounces,"
                            + " days = excluded.days, last_at = excluded.last_at, cool_downs = excluded.cool_downs");
            upsert.setString(1, list);
            upsert.setString(2, key);
            upsert.setInt(3, r.bounces());
            upsert.setString(4, r.days().stream().map(LocalDate::toString).collect(Collectors.joining(",")));
            upsert.setLong(5, Millis.of(r.last()));
            upsert.setInt(6, r.coolDowns());
            upsert.executeUpdate();
            boolean changed =
                    step.entry().isPresent() && entries.add(tx, step.entry().get());
            return changed ? step : new Step(r, Optional.empty());
        });
    }

    /** Nearly every address has no row, and reading holds up nobody. */
    CompletionStage<List<Suppression>> forget(String list, EmailAddress address, Instant at) {
        String key = address.key();
        CompletionStage<Boolean> known = readers.read(connection -> {
            try (PreparedStatement select =
                    connection.prepareStatement("SELECT 1 FROM soft_bounce WHERE list = ? AND address_key = ?")) {
                select.setString(1, list);
                select.setString(2, key);
                try (ResultSet row = select.executeQuery()) {
                    return row.next();
                }
            }
        });
        return known.thenCompose(there ->
                there ? writer.submit(tx -> forget(tx, list, key, at)) : CompletableFuture.completedFuture(List.of()));
    }

    private List<Suppression> forget(Tx tx, String list, String key, Instant at) throws SQLException {
        PreparedStatement delete =
                tx.sql("DELETE FROM soft_bounce WHERE list = ? AND address_key = ? AND last_at <= ?");
        delete.setString(1, list);
        delete.setString(2, key);
        delete.setLong(3, Millis.of(at));
        if (delete.executeUpdate() == 0) {
            // A bounce that came after the delivery.
            return List.of();
        }
        return entries
                .withdraw(
                        tx,
                        list,
                        key,
                        c -> c.says().source().equals(SOURCE) && !c.last().isAfter(at),
                        true,
                        at)
                .stream()
                .filter(u -> u.remaining().isEmpty())
                .map(Undone::wrong)
                .toList();
    }

    private static Optional<SoftBounces> read(Tx tx, String list, String key) throws SQLException {
        PreparedStatement select =
                tx.sql("SELECT bounces, days, last_at, cool_downs FROM soft_bounce WHERE list = ? AND address_key = ?");
        select.setString(1, list);
        select.setString(2, key);
        try (ResultSet row = select.executeQuery()) {
            if (!row.next()) {
                return Optional.empty();
            }
            String days = row.getString(2);
            return Optional.of(new SoftBounces(
                    row.getInt(1),
                    days.isEmpty()
                            ? List.of()
                            : Arrays.stream(days.split(","))
                                    .map(LocalDate::parse)
                                    .toList(),
                    Millis.toInstant(row.getLong(3)),
                    row.getInt(4)));
        }
    }
}
