package io.github.cameldeliverability.store;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Those who want to know that something new was committed, by stream or list. Thread-safe. */
final class Listeners {

    private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

    private final Map<String, List<Entry>> byName = new ConcurrentHashMap<>();

    /** Wrapped, because one Runnable may be registered twice and each registration closes on its own. */
    private record Entry(Runnable listener, Object identity) {}

    AutoCloseable add(String name, Runnable listener) {
        Entry entry = new Entry(listener, new Object());
        List<Entry> entries = byName.computeIfAbsent(name, n -> new CopyOnWriteArrayList<>());
        entries.add(entry);
        return () -> entries.remove(entry);
    }

    void callAll() {
        byName.keySet().forEach(this::call);
    }

    void call(String name) {
        for (Entry entry : byName.getOrDefault(name, List.of())) {
            try {
                entry.listener().run();
            } catch (RuntimeException e) {
                LOG.warn("A store listener failed name={}", name, e);
            }
        }
    }
}
