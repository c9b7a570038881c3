package io.github.cameldeliverability.intake;

import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.Suppression;
import io.github.cameldeliverability.mail.SuppressionChange;
import io.github.cameldeliverability.mail.spi.SuppressionList;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A suppression list in memory, with the contract of the real one as far as these tests need it. */
public final class MemorySuppressionList implements SuppressionList {

    private record Key(String list, String address, String scope) implements Comparable<Key> {
        @Override
        public int compareTo(Key o) {
            int c = (list + "\0" + address).compareTo(o.list + "\0" + o.address);
            return c != 0 ? c : scope.compareTo(o.scope);
        }
    }

    private final TreeMap<Key, Suppression> entries = new TreeMap<>();
    private final List<SuppressionChange> changes = new ArrayList<>();
    private final Map<String, Long> cursors = new HashMap<>();

    public synchronized List<Suppression> all() {
        return List.copyOf(entries.values());
    }

    @Override
    public synchronized CompletionStage<Optional<Suppression>> check(
            String list, EmailAddress address, Set<String> scopes, Instant now) {
        return done(entries.values().stream()
                .filter(s -> s.list().equals(list)
                        && s.address().key().equals(address.key())
                        && scopes.contains(s.scope())
                        && s.isActiveAt(now))
                .findFirst());
    }

    @Override
    public synchronized CompletionStage<Boolean> add(Suppression s) {
        Key key = new Key(s.list(), s.address().key(), s.scope());
        if (entries.containsKey(key)) {
            return done(false);
        }
        entries.put(key, s);
        change(SuppressionChange.Operation.ADDED, s, s.since());
        return done(true);
    }

    @Override
    public synchronized CompletionStage<List<Suppression>> remove(
            String list, EmailAddress address, Optional<String> scope, Instant now) {
        List<Suppression> removed = entries.values().stream()
                .filter(s -> s.list().equals(list)
                        && s.address().key().equals(address.key())
                        && scope.map(s.scope()::equals).orElse(true))
                .toList();
        for (Suppression s : removed) {
            entries.values().remove(s);
            change(SuppressionChange.Operation.REMOVED, s, now);
        }
        return done(removed);
    }

    @Override
    public synchronized CompletionStage<List<Suppression>> list(String list, String afterKey, int limit) {
        return done(entries.values().stream()
                .filter(s -> s.list().equals(list) && s.address().key().compareTo(afterKey) > 0)
                .limit(limit)
                .toList());
    }

    @Override
    public synchronized CompletionStage<List<SuppressionChange>> changes(String list, String consumer, int limit) {
        long cursor = cursors.getOrDefault(list + "/" + consumer, 0L);
        return done(changes.stream()
                .filter(c -> c.suppression().list().equals(list) && c.sequence() > cursor)
                .limit(limit)
                .toList());
    }

    @Override
    public synchronized CompletionStage<Void> acknowledge(String list, String consumer, long sequence) {
        cursors.merge(list + "/" + consumer, sequence, Math::max);
        return CompletableFuture.completedFuture(null);
    }

    public synchronized long cursor(String list, String consumer) {
        return cursors.getOrDefault(list + "/" + consumer, 0L);
    }

    @Override
    public AutoCloseable onChanges(String list, Runnable listener) {
        return () -> {};
    }

    @Override
    public synchronized CompletionStage<Integer> addAll(Collection<Suppression> suppressions) {
        int n = 0;
        for (Suppression s : suppressions) {
            n += add(s).toCompletableFuture().join() ? 1 : 0;
        }
        return done(n);
    }

    private void change(SuppressionChange.Operation operation, Suppression s, Instant at) {
        changes.add(new SuppressionChange(changes.size() + 1, operation, s, at));
    }

    /** As a database does: on another thread. */
    private static <T> CompletionStage<T> done(T value) {
        return CompletableFuture.supplyAsync(() -> value);
    }
}
