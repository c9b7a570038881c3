package io.github.cameldeliverability.testkit;

import io.github.cameldeliverability.mail.spi.Counters;
import io.github.cameldeliverability.mail.spi.EffectStore;
import io.github.cameldeliverability.mail.spi.EventLog;
import io.github.cameldeliverability.mail.spi.Fallbacks;
import io.github.cameldeliverability.mail.spi.QueueControl;
import io.github.cameldeliverability.mail.spi.Spool;
import io.github.cameldeliverability.mail.spi.Store;
import io.github.cameldeliverability.mail.spi.SuppressionList;
import io.github.cameldeliverability.store.SqliteStore;
import io.github.cameldeliverability.store.StoreOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.stream.Stream;

/**
 * A real store in a directory of its own, which goes with it:
 *
 * <pre>{@code
 * try (TemporaryStore store = TemporaryStore.open(clock)) { ... }
 * }</pre>
 *
 * <p>{@link #reopen} stands for a restart of the process. Threads are daemons, so a forgotten store ends with the JVM.
 */
public final class TemporaryStore implements Store {

    private static final ThreadFactory DAEMONS = task -> {
        Thread thread = new Thread(task, "temporary-store");
        thread.setDaemon(true);
        return thread;
    };

    private final Path directory;
    private final StoreOptions options;
    private final Clock clock;
    private final ExecutorService completions = Executors.newFixedThreadPool(2, DAEMONS);
    private SqliteStore store;

    private TemporaryStore(Path directory, StoreOptions options, Clock clock) throws IOException {
        this.directory = directory;
        this.options = options;
        this.clock = clock;
        store = start();
    }

    public static TemporaryStore open(Clock clock) {
        return open(StoreOptions.DEFAULT, clock);
    }

    public static TemporaryStore open(StoreOptions options, Clock clock) {
        try {
            return new TemporaryStore(Files.createTempDirectory("deliverability-store"), options, clock);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private SqliteStore start() throws IOException {
        return SqliteStore.open(file(), options, clock, new SecureRandom(), DAEMONS, completions);
    }

    /** The database file. */
    public Path file() {
        return directory.resolve("mail.db");
    }

    /** The store itself; another one after {@link #reopen}. */
    public SqliteStore store() {
        return store;
    }

    /** Blocking: closes the store and opens it again. */
    public void reopen() {
        store.close();
        try {
            store = start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Blocking: a second store on the same file, as an operator's tool opens it; close it yourself. */
    public SqliteStore openAdmin() {
        try {
            return SqliteStore.openAdmin(file(), options, clock, new SecureRandom(), DAEMONS, completions);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Spool spool() {
        return store.spool();
    }

    @Override
    public EventLog events() {
        return store.events();
    }

    @Override
    public SuppressionList suppressions() {
        return store.suppressions();
    }

    @Override
    public Fallbacks fallbacks() {
        return store.fallbacks();
    }

    @Override
    public QueueControl control() {
        return store.control();
    }

    @Override
    public Counters counters() {
        return store.counters();
    }

    @Override
    public EffectStore effects() {
        return store.effects();
    }

    @Override
    public CompletionStage<byte[]> secret(String name) {
        return store.secret(name);
    }

    @Override
    public Optional<String> unhealthyReason() {
        return store.unhealthyReason();
    }

    @Override
    public void close() {
        store.close();
        completions.shutdown();
        try (Stream<Path> files = Files.walk(directory)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
