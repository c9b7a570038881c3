package io.github.cameldeliverability.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Objects;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationInfoService;
import org.flywaydb.core.api.MigrationVersion;
import org.sqlite.BusyHandler;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteOpenMode;

/** What only SQLite knows: the checks of the file, its settings, its schema. */
final class SqliteFile implements Database {

    /** Our own history table, so that an application may keep its tables in the same file under its own Flyway. */
    private static final String HISTORY = "deliverability_schema_history";

    private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);

    /** Pages of write-ahead log between checkpoints: fewer, larger checkpoints write a hot page once, not often. */
    private static final int CHECKPOINT_PAGES = 4_000;

    private static final int PAGE_SIZE = 8_192;

    private static final int READER_CACHE_KILOBYTES = 4_096;

    private static final long LOG_SIZE_LIMIT = 128L * 1024 * 1024;

    private final Path file;
    private final StoreOptions options;

    SqliteFile(Path file, StoreOptions options) {
        this.file = file;
        this.options = options;
    }

    /** Checks what can be said better than SQLite says it. */
    void check(boolean mustExist) throws IOException {
        Path directory = file.getParent();
        if (!Files.isDirectory(directory)) {
            throw new IOException("store " + file + ": the directory " + directory + " does not exist");
        }
        if (Files.isDirectory(file)) {
            throw new IOException("store " + file + ": is a directory, a file is wanted");
        }
        if (!Files.exists(file)) {
            if (mustExist) {
                throw new IOException("store " + file + ": there is no such file");
            }
        } else if (!Files.isReadable(file) || !Files.isWritable(file)) {
            throw new IOException("store " + file + ": this user may not read and write the file");
        }
        // The write-ahead log and the lock are made beside the file.
        if (!Files.isWritable(directory)) {
            throw new IOException("store " + file + ": this user may not write in the directory " + directory);
        }
        if (Files.exists(file) && Files.size(file) > 0) {
            try (InputStream in = Files.newInputStream(file)) {
                if (!Arrays.equals(in.readNBytes(MAGIC.length), MAGIC)) {
                    throw new IOException("store " + file + ": the file is not an SQLite database");
                }
            }
        }
    }

    /** For queries beside the writing connection. */
    DataSource readerSource() {
        return source(READER_CACHE_KILOBYTES, false);
    }

    private DataSource source(int cacheKilobytes, boolean create) {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        // FULL: fsync at every commit. NORMAL would lose the last commits with the power.
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setBusyTimeout(Math.toIntExact(options.busyTimeout().toMillis()));
        config.setTempStore(SQLiteConfig.TempStore.MEMORY);
        config.setPageSize(PAGE_SIZE);
        config.setCacheSize(-cacheKilobytes);
        if (!create) {
            // An empty new file in the place of one that was removed would only hide the loss.
            config.resetOpenMode(SQLiteOpenMode.CREATE);
        }
        config.setPragma(SQLiteConfig.Pragma.JOURNAL_SIZE_LIMIT, Long.toString(LOG_SIZE_LIMIT));
        SQLiteDataSource source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + file);
        return source;
    }

    @Override
    public Connection openWriter() throws SQLException {
        Connection connection = source(options.cacheKilobytes(), false).getConnection();
        try {
            execute(connection, "PRAGMA wal_autocheckpoint = " + CHECKPOINT_PAGES);
            execute(connection, "PRAGMA max_page_count = " + options.maxFileBytes() / pageSize(connection));
            // Not before the pragmas: one of the driver's would put its own waiting back.
            BusyHandler.setHandler(connection, new ShortNaps(options.busyTimeout()));
            return connection;
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /**
     * Which file it is, for {@link #checkStillThere}; null where the system does not tell.
     */
    Object identity() throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    }

    /** A file that was deleted takes mail as before, but nobody will find it again. */
    void checkStillThere(Object identity) throws SQLException {
        try {
            if (!Objects.equals(identity, identity())) {
                throw new SQLException("the file was replaced by another one while it was open");
            }
        } catch (IOException e) {
            throw new SQLException("the file was removed while it was open", e);
        }
    }

    // Not setAutoCommit(false): the driver then begins the next transaction right after each commit, and an idle engine
    // would keep every other process from writing.

    @Override
    public void begin(Connection connection) throws SQLException {
        // A transaction that reads first and writes later may fail in the middle; take the write lock at its start.
        execute(connection, "BEGIN IMMEDIATE");
    }

    @Override
    public void commit(Connection connection) throws SQLException {
        execute(connection, "COMMIT");
    }

    @Override
    public void rollback(Connection connection) throws SQLException {
        try {
            execute(connection, "ROLLBACK");
        } catch (SQLException e) {
            // When the disk is full SQLite may have rolled back already.
            if (e.getMessage() == null || !e.getMessage().contains("no transaction is active")) {
                throw e;
            }
        }
    }

    /** Creates the schema or brings it up to date. */
    void migrate() throws IOException {
        try {
            Flyway flyway = flyway();
            refuseNewer(flyway.info());
            flyway.migrate();
        } catch (FlywayException e) {
            throw new IOException(StoreFaults.describe(e, file.toString()), e);
        }
    }

    /** For tools that open a store beside its engine: they use the schema, they do not change it. */
    void checkSchema() throws IOException {
        try {
            MigrationInfoService info = flyway().info();
            if (info.current() == null) {
                throw new IOException("store " + file + ": the database holds no mail store");
            }
            refuseNewer(info);
            if (info.pending().length > 0) {
                throw new IOException("store " + file + ": its schema is version "
                        + info.current().getVersion()
                        + ", older than this release; start its engine once to update it");
            }
        } catch (FlywayException e) {
            throw new IOException(StoreFaults.describe(e, file.toString()), e);
        }
    }

    private Flyway flyway() {
        return Flyway.configure(SqliteFile.class.getClassLoader())
                .dataSource(source(READER_CACHE_KILOBYTES, true))
                .locations(options.migrations())
                .table(HISTORY)
                // An application's own tables may be in the file already.
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .failOnMissingLocations(true)
                .load();
    }

    private void refuseNewer(MigrationInfoService info) throws IOException {
        MigrationVersion known = Arrays.stream(info.all())
                .filter(m -> m.getVersion() != null && m.getState().isResolved())
                .map(MigrationInfo::getVersion)
                .max(Comparator.naturalOrder())
                .orElse(MigrationVersion.EMPTY);
        MigrationInfo current = info.current();
        if (current != null
                && current.getVersion() != null
                && current.getVersion().compareTo(known) > 0) {
            throw new IOException("store " + file + ": its schema is version " + current.getVersion()
                    + ", written by a newer release; this release knows version " + known);
        }
    }

    /** An older file keeps the page size that it was made with. */
    private static long pageSize(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("PRAGMA page_size")) {
            row.next();
            return row.getLong(1);
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
