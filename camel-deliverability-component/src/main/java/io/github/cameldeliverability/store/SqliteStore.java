package io.github.cameldeliverability.store;

import io.github.cameldeliverability.mail.spi.Counters;
import io.github.cameldeliverability.mail.spi.EffectStore;
import io.github.cameldeliverability.mail.spi.EventLog;
import io.github.cameldeliverability.mail.spi.Fallbacks;
import io.github.cameldeliverability.mail.spi.Handled;
import io.github.cameldeliverability.mail.spi.Notes;
import io.github.cameldeliverability.mail.spi.QueueControl;
import io.github.cameldeliverability.mail.spi.Spool;
import io.github.cameldeliverability.mail.spi.Store;
import io.github.cameldeliverability.mail.spi.SuppressionList;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A {@link Store} in one SQLite file: write-ahead log, {@code synchronous=FULL} (an fsync a commit), group commit.
 * Thread-safe.
 *
 * <p>Back-pressure: a call is never blocked and its stage completes when the change is on disk; whoever waits for the
 * stages of what it handed in has as much in memory as it allows itself. As a last limit an {@code add} fails with an
 * {@code IOException} when more than {@link StoreOptions#maxPendingBytes} of mail wait for the disk; other calls are
 * small and are never refused for that.
 */
public final class SqliteStore implements Store {

    private static final Logger LOG = LoggerFactory.getLogger(SqliteStore.class);
    private static final int SECRET_OCTETS = 32;

    private final Path file;
    private final SqliteFile sqlite;
    private final Object identity;
    private final Optional<OwnerLock> lock;
    private final long node;
    private final GroupCommit writer;
    private final Readers readers;
    private final Listeners eventListeners = new Listeners();
    private final Listeners changeListeners = new Listeners();
    private final Listeners orderListeners = new Listeners();
    private final Listeners effectListeners = new Listeners();
    private final LiveSuppressions live;
    private final SecureRandom random;
    private final Executor completions;
    private final Spool spool;
    private final EventLog events;
    private final SuppressionList suppressions;
    private final Handled handled;
    private final Notes notes;
    private final QueueControl control;
    private final Fallbacks fallbacks;
    private final Counters counters;
    private final EffectStore effects;

    /** How many orders the writing thread knows of. */
    private long ordersSeen;
    /** How much news of effects it knows of. */
    private long newsSeen;

    private SqliteStore(
            Path file,
            SqliteFile sqlite,
            Optional<OwnerLock> lock,
            StoreOptions options,
            Clock clock,
            SecureRandom random,
            ThreadFactory threads,
            Executor completions)
            throws SQLException, IOException {
        this.file = file;
        this.sqlite = sqlite;
        identity = sqlite.identity();
        this.lock = lock;
        this.random = random;
        this.completions = completions;
        Connection connection = sqlite.openWriter();
        byte[] hashKey = new byte[SipHash.KEY_OCTETS];
        random.nextBytes(hashKey);
        live = new LiveSuppressions(hashKey, sqlite.readerSource(), threads);
        Pseudonyms pseudonyms;
        try {
            node = lock.isPresent() ? Takeover.run(sqlite, connection, options.node(), clock.instant()) : 0;
            if (lock.isPresent()) {
                live.load(connection);
            }
            byte[] fresh = new byte[SECRET_OCTETS];
            random.nextBytes(fresh);
            pseudonyms = Pseudonyms.of(connection, fresh);
            ordersSeen = JdbcQueueControl.ordersSoFar(connection);
            newsSeen = JdbcEffectStore.newsSoFar(connection);
            writer = new GroupCommit(
                    file.toString(),
                    sqlite,
                    new Tx(sqlite, connection),
                    new AfterCommit(),
                    options,
                    threads,
                    completions);
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
        readers = new Readers(file.toString(), sqlite.readerSource(), options, threads, completions);
        SpoolQueries queries = new SpoolQueries(clock);
        EventWriter eventWriter = new EventWriter();
        Withdrawal withdrawal = new Withdrawal(eventWriter, clock);
        spool = new JdbcSpool(writer, readers, eventWriter, withdrawal, queries, node);
        control = new JdbcQueueControl(writer, readers, withdrawal, orderListeners, clock);
        fallbacks = new JdbcFallbacks(writer, readers, eventWriter);
        counters = new JdbcCounters(writer, readers);
        effects = new JdbcEffectStore(writer, readers, effectListeners, clock);
        events = new JdbcEventLog(writer, readers, queries, eventListeners, clock);
        handled = new JdbcHandled(writer, readers, clock);
        notes = new JdbcNotes(writer, readers);
        suppressions = new JdbcSuppressionList(writer, readers, live, pseudonyms, changeListeners, clock);
        if (node != 0) {
            writer.submit(withdrawal::endLeftOver);
        }
        writer.start();
    }

    /**
     * Blocking: opens the file as its one engine, makes it if it is not there (its directory must be), and frees the
     * rows that an earlier owner held when it died.
     *
     * @param clock for due times and leases
     * @param random for secrets
     * @param threads makes the writing thread and the readers
     * @param completions runs what depends on the returned stages; must not be a pool that waits for such stages
     * @throws IOException saying what is wrong: no directory, not writable, not a database, written by a newer release, in
     *     use by another engine, disk full
     */
    public static SqliteStore open(
            Path file,
            StoreOptions options,
            Clock clock,
            SecureRandom random,
            ThreadFactory threads,
            Executor completions)
            throws IOException {
        Path path = real(file);
        SqliteFile sqlite = new SqliteFile(path, options);
        sqlite.check(false);
        OwnerLock lock = OwnerLock.take(path, options.node(), clock.instant());
        try {
            sqlite.migrate();
            return new SqliteStore(path, sqlite, Optional.of(lock), options, clock, random, threads, completions);
        } catch (SQLException | RuntimeException e) {
            lock.close();
            throw new IOException(StoreFaults.describe(e, path.toString()), e);
        } catch (IOException e) {
            lock.close();
            throw e;
        }
    }

    /**
     * Blocking: opens an existing file beside its engine, for operators' tools: statistics, listings, history,
     * suppressions, feeds, orders to the queue. It holds no rows: {@code add}, {@code claim}, {@code settle} and {@code release} of the spool
     * fail with {@code UnsupportedOperationException}.
     *
     * @throws IOException saying what is wrong, as {@link #open}
     */
    public static SqliteStore openAdmin(
            Path file,
            StoreOptions options,
            Clock clock,
            SecureRandom random,
            ThreadFactory threads,
            Executor completions)
            throws IOException {
        Path path = real(file);
        SqliteFile sqlite = new SqliteFile(path, options);
        sqlite.check(true);
        sqlite.checkSchema();
        try {
            return new SqliteStore(path, sqlite, Optional.empty(), options, clock, random, threads, completions);
        } catch (SQLException | RuntimeException e) {
            throw new IOException(StoreFaults.describe(e, path.toString()), e);
        }
    }

    /** One name for one file, whatever links lead to it: the lock depends on it. */
    private static Path real(Path file) throws IOException {
        Path absolute = file.toAbsolutePath().normalize();
        try {
            return absolute.toRealPath();
        } catch (NoSuchFileException e) {
            Path directory = absolute.getParent();
            if (directory == null || !Files.isDirectory(directory)) {
                return absolute;
            }
            return directory.toRealPath().resolve(absolute.getFileName());
        }
    }

    @Override
    public Spool spool() {
        return spool;
    }

    @Override
    public EventLog events() {
        return events;
    }

    @Override
    public SuppressionList suppressions() {
        return suppressions;
    }

    @Override
    public QueueControl control() {
        return control;
    }

    @Override
    public Handled handled() {
        return handled;
    }

    @Override
    public Notes notes() {
        return notes;
    }

    @Override
    public Fallbacks fallbacks() {
        return fallbacks;
    }

    @Override
    public Counters counters() {
        return counters;
    }

    @Override
    public EffectStore effects() {
        return effects;
    }

    @Override
    public CompletionStage<byte[]> secret(String name) {
        return writer.submit(tx -> {
            byte[] fresh = new byte[SECRET_OCTETS];
            random.nextBytes(fresh);
            PreparedStatement insert =
                    tx.sql("INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO NOTHING");
            insert.setString(1, "secret." + name);
            insert.setBytes(2, fresh);
            insert.executeUpdate();
            PreparedStatement select = tx.sql("SELECT value FROM meta WHERE name = ?");
            select.setString(1, "secret." + name);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getBytes(1);
            }
        });
    }

    @Override
    public Optional<String> unhealthyReason() {
        return writer.trouble();
    }

    /** Octets of mail that wait for their commit. */
    public long pendingBytes() {
        return writer.pendingBytes();
    }

    @Override
    public void close() {
        if (node != 0) {
            writer.submit(tx -> {
                tx.writeTallies();
                Takeover.freeAll(tx.connection());
                return null;
            });
        }
        writer.close();
        live.close();
        readers.close();
        try {
            if (lock.isPresent()) {
                lock.get().close();
            }
        } catch (IOException e) {
            LOG.warn("The lock of the store could not be closed store={}", file, e);
        }
    }

    /** What the writing thread tells the rest of the store. */
    private final class AfterCommit implements GroupCommit.Observer {

        @Override
        public void committed(Effects effects) {
            effects.suppressed().forEach(live::changed);
            for (String stream : effects.streamsWithEvents()) {
                call(eventListeners, stream);
            }
            for (String list : effects.changedLists()) {
                call(changeListeners, list);
            }
            if (effects.orders()) {
                call(orderListeners, JdbcQueueControl.ORDERS);
            }
            if (effects.hasNewsOfEffects()) {
                call(effectListeners, JdbcEffectStore.NEWS);
            }
        }

        @Override
        public void tick(Connection connection) throws SQLException {
            sqlite.checkStillThere(identity);
            for (String list : live.follow(connection)) {
                call(changeListeners, list);
            }
            long news = JdbcEffectStore.newsSoFar(connection);
            if (news != newsSeen) {
                newsSeen = news;
                call(effectListeners, JdbcEffectStore.NEWS);
            }
            long orders = JdbcQueueControl.ordersSoFar(connection);
            if (orders != ordersSeen) {
                ordersSeen = orders;
                call(orderListeners, JdbcQueueControl.ORDERS);
                // Somebody else withdrew mail: its last events are there to be consumed.
                later(eventListeners::callAll);
            }
        }

        @Override
        public void reconnected() {
            live.reconnected();
        }

        private void call(Listeners listeners, String name) {
            later(() -> listeners.call(name));
        }

        private void later(Runnable task) {
            try {
                completions.execute(task);
            } catch (RejectedExecutionException e) {
                // The pool is shut down: so are those who listened.
                LOG.debug("Nobody is told of changes any more store={}", file, e);
            }
        }
    }
}
