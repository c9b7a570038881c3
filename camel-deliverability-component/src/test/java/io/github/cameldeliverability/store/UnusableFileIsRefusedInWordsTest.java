package io.github.cameldeliverability.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.cameldeliverability.testkit.TemporaryStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnusableFileIsRefusedInWordsTest {

    @TempDir
    Path directory;

    @Test
    void noDirectory() {
        refused(directory.resolve("missing/mail.db"), "directory", "does not exist");
    }

    @Test
    void aDirectoryInPlaceOfTheFile() {
        refused(directory, "is a directory");
    }

    @Test
    void aDirectoryThatCannotBeWritten() {
        assertThat(directory.toFile().setWritable(false)).isTrue();
        Assumptions.assumeFalse(Files.isWritable(directory), "the superuser may write everywhere");
        refused(directory.resolve("mail.db"), "may not write in the directory");
    }

    @Test
    void anotherKindOfFile() throws Exception {
        Path file = directory.resolve("letter.txt");
        Files.writeString(file, "Dear Sir or Madam, this is no database.");
        refused(file, "not an SQLite database");
        assertThat(file).hasContent("Dear Sir or Madam, this is no database.");
    }

    @Test
    void aDamagedDatabase() throws Exception {
        Path file = directory.resolve("mail.db");
        try (SqliteStore store = open(file)) {
            assertThat(store.unhealthyReason()).isEmpty();
        }
        byte[] octets = Files.readAllBytes(file);
        Arrays.fill(octets, 100, octets.length, (byte) 0x5a);
        Files.write(file, octets);
        refused(file, "damaged");
    }

    @Test
    void aSchemaOfANewerRelease() throws Exception {
        Path file = directory.resolve("mail.db");
        open(file).close();
        try (Connection c = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement s = c.createStatement()) {
            s.execute("INSERT INTO deliverability_schema_history SELECT 99, '99', 'later', type, 'V99__later.sql', 1,"
                    + " installed_by, installed_on, 1, success FROM deliverability_schema_history"
                    + " WHERE version = '1'");
        }
        refused(file, "schema is version 99", "newer release");
        assertThatThrownBy(() -> openAdmin(file)).hasMessageContaining("newer release");
    }

    @Test
    void aSecondEngine() throws Exception {
        Path file = directory.resolve("mail.db");
        try (SqliteStore first = open(file)) {
            refused(file, "already open in this process");
            Path link = Files.createSymbolicLink(directory.resolve("link.db"), file);
            refused(link, "already open in this process");
            assertThat(first.unhealthyReason()).isEmpty();
        }
        open(file).close();
    }

    @Test
    void anotherProcessThatHoldsTheWriteLock() throws Exception {
        Path file = directory.resolve("mail.db");
        open(file).close();
        try (Connection c = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement s = c.createStatement()) {
            s.execute("BEGIN EXCLUSIVE");
            assertThatThrownBy(() -> open(file, StoreOptions.DEFAULT.withBusyTimeout(Duration.ofMillis(50))))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("locked by another process");
        }
    }

    @Test
    void aDatabaseOfAnotherProgramIsNoStoreForOperators() throws Exception {
        Path file = directory.resolve("other.db");
        assertThatThrownBy(() -> openAdmin(file)).hasMessageContaining("no such file");
        try (Connection c = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement s = c.createStatement()) {
            s.execute("CREATE TABLE t (x)");
        }
        assertThatThrownBy(() -> openAdmin(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("holds no mail store");
    }

    @Test
    void aFileThatIsRemovedUnderTheEngineIsNoticed() throws Exception {
        Path file = directory.resolve("mail.db");
        try (SqliteStore store = open(file)) {
            Files.delete(file);
            await().untilAsserted(() -> assertThat(store.unhealthyReason()).isPresent());
            assertThat(store.unhealthyReason().orElseThrow()).containsAnyOf("removed", "check that the file");
            assertThat(file).as("no empty file in its place").doesNotExist();
        }
    }

    @Test
    void aClosedStoreSaysSo() {
        TemporaryStore store = TemporaryStore.open(Clock.systemUTC());
        store.close();
        assertThatThrownBy(() -> StoreContract.get(store.spool().add(Samples.message("q1", "a@example.net"), true)))
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(IOException.class)
                .hasMessageContaining("closed");
        assertThatThrownBy(() -> StoreContract.get(store.spool().stats())).hasMessageContaining("closed");
        assertThatThrownBy(() -> StoreContract.get(store.suppressions()
                        .check(
                                "default",
                                Samples.message("q", "a@b.example")
                                        .recipients()
                                        .get(0)
                                        .address(),
                                Set.of(),
                                Samples.NOW)))
                .hasMessageContaining("closed");
    }

    private static void refused(Path file, String... words) {
        assertThatThrownBy(() -> open(file))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll(words)
                .hasMessageContaining(file.getFileName().toString().equals("link.db") ? "mail.db" : file.toString());
    }

    private static SqliteStore open(Path file) throws IOException {
        return open(file, StoreOptions.DEFAULT);
    }

    private static SqliteStore open(Path file, StoreOptions options) throws IOException {
        return SqliteStore.open(file, options, Clock.systemUTC(), new SecureRandom(), Thread::new, Runnable::run);
    }

    private static SqliteStore openAdmin(Path file) throws IOException {
        return SqliteStore.openAdmin(
                file, StoreOptions.DEFAULT, Clock.systemUTC(), new SecureRandom(), Thread::new, Runnable::run);
    }
}
