package io.github.cameldeliverability.testkit;

import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.SoftBounces;
import io.github.cameldeliverability.mail.Suppression;
import io.github.cameldeliverability.mail.SuppressionChange;
import io.github.cameldeliverability.mail.SuppressionChange.Operation;
import io.github.cameldeliverability.mail.SuppressionKind;
import io.github.cameldeliverability.mail.spi.SoftBounceStep;
import io.github.cameldeliverability.mail.spi.SuppressionList;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/** The suppression lists of a {@link MemoryStore}. */
public final class MemorySuppressions implements SuppressionList {

    private final Supplier<String> trouble;
    private final Map<String, Suppression> entries = new TreeMap<>();
    private final List<SuppressionChange> changes = new ArrayList<>();
    private final Map<String, Long> cursors = new ConcurrentHashMap<>();
    private final Map<String, List<Runnable>> listeners = new ConcurrentHashMap<>();
    private final Map<String, SoftBounces> softBounces = new HashMap<>();
    private long sequence;

    MemorySuppressions(Supplier<String> trouble) {
        this.trouble = trouble;
    }

    @Override
    public CompletionStage<Optional<Suppression>> check(
            String list, EmailAddress address, Set<String> scopes, Instant now) {
        return locked(() -> entries.values().stream()
                .filter(s -> s.list().equals(list)
                        && s.address().key().equals(address.key())
                        && scopes.contains(s.scope())
                        && s.isActiveAt(now))
                .max(Comparator.comparingInt(MemorySuppressions::rank)));
    }

    @Override
    public CompletionStage<Boolean> add(Suppression suppression) {
        return locked(() -> put(suppression));
    }

    @Override
    public CompletionStage<List<Suppression>> remove(
            String list, EmailAddress address, Optional<String> scope, Instant now) {
        return locked(() -> {
            List<Suppression> gone = entries.values().stream()
                    .filter(s -> s.list().equals(list)
                            && s.address().key().equals(address.key())
                            && scope.map(s.scope()::equals).orElse(true))
                    .toList();
            gone.forEach(s -> {
                entries.remove(key(s));
                changed(Operation.REMOVED, s, now);
            });
            return gone;
        });
    }

    @Override
    public CompletionStage<List<Suppression>> list(String list, String afterKey, int limit) {
        return locked(() -> entries.values().stream()
                .filter(s -> s.list().equals(list) && s.address().key().compareTo(afterKey) > 0)
                .limit(limit)
                .toList());
    }

    @Override
    public CompletionStage<List<SuppressionChange>> changes(String list, String consumer, int limit) {
        return locked(() -> {
            long after = cursors.getOrDefault(list + "/" + consumer, 0L);
            return changes.stream()
                    .filter(c -> c.suppression().list().equals(list) && c.sequence() > after)
                    .limit(limit)
                    .toList();
        });
    }

    @Override
    public CompletionStage<Void> acknowledge(String list, String consumer, long upTo) {
        return locked(() -> {
            cursors.merge(list + "/" + consumer, upTo, Math::max);
            return null;
        });
    }

    @Override
    public AutoCloseable onChanges(String list, Runnable listener) {
        List<Runnable> of = listeners.computeIfAbsent(list, l -> new CopyOnWriteArrayList<>());
        of.add(listener);
        return () -> of.remove(listener);
    }

    @Override
    public CompletionStage<Integer> addAll(Collection<Suppression> suppressions) {
        return locked(() -> {
            int n = 0;
            for (Suppression s : suppressions) {
                n += put(s) ? 1 : 0;
            }
            return n;
        });
    }

    @Override
    public CompletionStage<SoftBounceStep.Step> softBounce(String list, EmailAddress address, SoftBounceStep step) {
        return locked(() -> {
            String key = list + "\n" + address.key();
            SoftBounceStep.Step next = step.after(Optional.ofNullable(softBounces.get(key)));
            softBounces.put(key, next.remember());
            return new SoftBounceStep.Step(next.remember(), next.entry().filter(this::put));
        });
    }

    private boolean put(Suppression s) {
        Suppression old = entries.get(key(s));
        if (old != null && !strengthens(s, old)) {
            return false;
        }
        entries.put(key(s), s);
        changed(old == null ? Operation.ADDED : Operation.UPDATED, s, s.since());
        return true;
    }

    private static boolean strengthens(Suppression s, Suppression old) {
        if (rank(s) != rank(old)) {
            return rank(s) > rank(old);
        }
        return old.until().isPresent()
                && (s.until().isEmpty() || s.until().get().isAfter(old.until().get()));
    }

    private static int rank(Suppression s) {
        return s.kind() == SuppressionKind.COMPLAINT || s.kind() == SuppressionKind.UNSUBSCRIBE ? 1 : 0;
    }

    private void changed(Operation operation, Suppression s, Instant at) {
        changes.add(new SuppressionChange(++sequence, operation, s, at));
        listeners.getOrDefault(s.list(), List.of()).forEach(Runnable::run);
    }

    private static String key(Suppression s) {
        return s.list() + "\n" + s.address().key() + "\n" + s.scope();
    }

    private synchronized <T> CompletionStage<T> locked(Supplier<T> operation) {
        return MemoryFault.run(trouble, operation);
    }
}
