package io.github.cameldeliverability.mx;

import io.github.cameldeliverability.mail.spi.Store;
import io.github.cameldeliverability.store.SqliteStore;
import io.github.cameldeliverability.store.StoreOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import org.apache.camel.CamelContext;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.support.service.ServiceSupport;
import org.apache.camel.util.concurrent.CamelThreadFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stores of one Camel context: each database is opened once and shared by the components that name it.
 *
 * <p>A store is named by the path of its file, or by the name of a {@link Store} bean in the registry. Files are opened
 * with the first {@link #acquire} and closed with the last {@link #release}, or with the context. Beans are the
 * application's: they are never closed here.
 *
 * <p>Thread-safe. Opening and closing block; do neither on an event loop.
 */
public final class SharedStores extends ServiceSupport {

    /** The store that is used where none is named: a file in the working directory. */
    public static final String DEFAULT_STORE = "deliverability.db";

    private static final Logger LOG = LoggerFactory.getLogger(SharedStores.class);

    private final CamelContext context;
    private final Map<String, Shared> byKey = new HashMap<>();
    private Optional<ExecutorService> completions = Optional.empty();

    /** Opens a store file. A bean of this type in the registry takes the place of the built-in one. */
    @FunctionalInterface
    public interface Opener {
        /**
         * Blocking: opens the database, creating it where it does not exist.
         *
         * @param path absolute
         */
        Store open(Path path) throws Exception;
    }

    private static final class Shared {
        final Store store;
        final boolean ours;
        int users;

        Shared(Store store, boolean ours) {
            this.store = store;
            this.ours = ours;
        }
    }

    private SharedStores(CamelContext context) {
        this.context = context;
    }

    /** The stores of the context; made with the first call. */
    public static SharedStores of(CamelContext context) {
        synchronized (context) {
            SharedStores stores = context.hasService(SharedStores.class);
            if (stores == null) {
                stores = new SharedStores(context);
                try {
                    context.addService(stores, true, true);
                } catch (Exception e) {
                    throw RuntimeCamelException.wrapRuntimeException(e);
                }
            }
            return stores;
        }
    }

    /**
     * Blocking: gives the store of that name, opening it for the first user.
     *
     * @param storePath a file, relative ones to the working directory, or the name of a {@link Store} bean
     * @throws IllegalStateException if it cannot be opened, naming the path
     */
    public synchronized Store acquire(String storePath) {
        Store bean = context.getRegistry().lookupByNameAndType(storePath, Store.class);
        String key = bean != null
                ? "bean:" + storePath
                : Path.of(storePath).toAbsolutePath().normalize().toString();
        Shared shared = byKey.get(key);
        if (shared == null) {
            shared = bean != null ? new Shared(bean, false) : new Shared(open(Path.of(key)), true);
            byKey.put(key, shared);
        }
        shared.users++;
        return shared.store;
    }

    /** Blocking: takes one use back; the last one closes the store. A store that is not from here is left alone. */
    public synchronized void release(Store store) {
        Optional<Map.Entry<String, Shared>> entry = byKey.entrySet().stream()
                .filter(e -> e.getValue().store == store)
                .findFirst();
        if (entry.isEmpty()) {
            return;
        }
        String key = entry.get().getKey();
        Shared shared = entry.get().getValue();
        shared.users--;
        if (shared.users == 0) {
            byKey.remove(key);
            if (shared.ours) {
                close(key, shared.store);
            }
        }
    }

    /** Closes what nobody gave back. */
    @Override
    protected synchronized void doStop() {
        List<Map.Entry<String, Shared>> left = new ArrayList<>(byKey.entrySet());
        byKey.clear();
        for (Map.Entry<String, Shared> e : left) {
            if (e.getValue().ours) {
                close(e.getKey(), e.getValue().store);
            }
        }
        completions.ifPresent(context.getExecutorServiceManager()::shutdownGraceful);
        completions = Optional.empty();
    }

    private Store open(Path path) {
        Set<Opener> openers = context.getRegistry().findByType(Opener.class);
        if (openers.size() > 1) {
            throw new IllegalStateException("Cannot open the store " + path + ": the registry holds " + openers.size()
                    + " beans of type " + Opener.class.getName() + ", want at most 1");
        }
        try {
            return openers.isEmpty()
                    ? openSqlite(path)
                    : openers.iterator().next().open(path);
        } catch (Exception e) {
            throw new IllegalStateException("Cannot open the store " + path + ": " + e.getMessage(), e);
        }
    }

    private Store openSqlite(Path path) throws IOException {
        // Nothing of ours waits on these threads: whatever follows a stage of the store hops to its own pool.
        completions = completions.or(() -> Optional.of(Pools.fixed(context, this, "MxStore", 2)));
        return SqliteStore.open(
                path,
                StoreOptions.DEFAULT,
                Clock.systemUTC(),
                new SecureRandom(),
                new CamelThreadFactory(context.getExecutorServiceManager().getThreadNamePattern(), "MxStoreFile", true),
                completions.get());
    }

    private static void close(String name, Store store) {
        try {
            store.close();
        } catch (RuntimeException e) {
            LOG.warn("Cannot close the store {} in good order: {}", name, e.toString(), e);
        }
    }
}
