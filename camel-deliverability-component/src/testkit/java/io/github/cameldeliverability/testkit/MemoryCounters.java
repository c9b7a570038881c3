package io.github.cameldeliverability.testkit;

import io.github.cameldeliverability.mail.spi.Counters;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** The counters of a {@link MemoryStore}. Thread-safe. */
final class MemoryCounters implements Counters {

    private final Supplier<String> trouble;
    private final Map<Key, Long> reserved = new HashMap<>();
    private final TreeMap<String, String> notes = new TreeMap<>();

    MemoryCounters(Supplier<String> trouble) {
        this.trouble = trouble;
    }

    @Override
    public synchronized CompletionStage<Grant> reserve(Key key, long wanted, long limit) {
        return MemoryFault.run(trouble, () -> {
            long before = reserved.getOrDefault(key, 0L);
            long granted = Math.max(0, Math.min(wanted, limit - before));
            reserved.put(key, before + granted);
            return new Grant(granted, before + granted);
        });
    }

    @Override
    public synchronized CompletionStage<Void> giveBack(Key key, long unused) {
        return MemoryFault.run(trouble, () -> {
            reserved.computeIfPresent(key, (k, n) -> Math.max(0, n - unused));
            return null;
        });
    }

    @Override
    public synchronized CompletionStage<List<Reading>> read(String prefix, Instant at) {
        return MemoryFault.run(trouble, () -> reserved.entrySet().stream()
                .filter(e -> e.getKey().name().startsWith(prefix))
                .filter(e -> !at.isBefore(e.getKey().from())
                        && at.isBefore(e.getKey().until()))
                .map(e -> new Reading(e.getKey(), e.getValue()))
                .sorted(Comparator.comparing(r -> r.key().name()))
                .toList());
    }

    @Override
    public synchronized CompletionStage<Void> remember(String name, String note) {
        return MemoryFault.run(trouble, () -> {
            if (note.isEmpty()) {
                notes.remove(name);
            } else {
                notes.put(name, note);
            }
            return null;
        });
    }

    @Override
    public synchronized CompletionStage<Map<String, String>> remembered(String prefix) {
        return MemoryFault.run(trouble, () -> {
            Map<String, String> found = new TreeMap<>(notes.tailMap(prefix));
            found.keySet().removeIf(name -> !name.startsWith(prefix));
            return found;
        });
    }
}
