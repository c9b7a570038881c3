package io.github.cameldeliverability.store;

import io.github.cameldeliverability.mail.spi.Notes;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Notes beside the store's own small settings, apart from them by a prefix. Thread-safe. */
final class JdbcNotes implements Notes {

    private static final String PREFIX = "note.";

    private final GroupCommit writer;
    private final Readers readers;

    JdbcNotes(GroupCommit writer, Readers readers) {
        this.writer = writer;
        this.readers = readers;
    }

    @Override
    public CompletionStage<Optional<byte[]>> read(String name) {
        return readers.read(connection -> {
            try (PreparedStatement select = connection.prepareStatement("SELECT value FROM meta WHERE name = ?")) {
                select.setString(1, PREFIX + name);
                try (ResultSet row = select.executeQuery()) {
                    return row.next() ? Optional.of(row.getBytes(1)) : Optional.empty();
                }
            }
        });
    }

    @Override
    public CompletionStage<Void> write(String name, byte[] value) {
        byte[] copy = value.clone();
        return writer.submit(tx -> {
            PreparedStatement upsert = tx.sql("INSERT INTO meta (name, value) VALUES (?, ?)"
                    + " ON CONFLICT (name) DO UPDATE SET value = excluded.value");
            upsert.setString(1, PREFIX + name);
            upsert.setBytes(2, copy);
            upsert.executeUpdate();
            return null;
        });
    }
}
