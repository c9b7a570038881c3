package io.github.cameldeliverability.testkit;

import io.github.cameldeliverability.mail.DeliveryEvent;
import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.RecipientKey;
import io.github.cameldeliverability.mail.spi.EventLog;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/** The event log of a {@link MemoryStore}. */
public final class MemoryEvents implements EventLog {

    private final Clock clock;
    private final Supplier<String> trouble;
    private final List<Entry> entries = new ArrayList<>();
    private final Map<String, List<Runnable>> listeners = new ConcurrentHashMap<>();
    private final Set<String> ids = new HashSet<>();
    private long lastId;

    MemoryEvents(Clock clock, Supplier<String> trouble) {
        this.clock = clock;
        this.trouble = trouble;
    }

    private static final class Entry {
        final LoggedEvent logged;
        Instant claimedUntil = Instant.MIN;
        boolean acknowledged;

        Entry(LoggedEvent logged) {
            this.logged = logged;
        }
    }

    void append(RecipientKey key, DeliveryEvent event) {
        synchronized (this) {
            entries.add(new Entry(new LoggedEvent(++lastId, key, event)));
            ids.add(key.queueId());
        }
        listeners.getOrDefault(event.stream(), List.of()).forEach(Runnable::run);
    }

    synchronized boolean knows(String queueId) {
        return ids.contains(queueId);
    }

    /** All events so far, oldest first. */
    public synchronized List<DeliveryEvent> all() {
        return entries.stream().map(e -> e.logged.event()).toList();
    }

    @Override
    public CompletionStage<List<LoggedEvent>> claim(String stream, int limit, Duration lease) {
        return locked(() -> {
            Instant now = clock.instant();
            List<Entry> free = entries.stream()
                    .filter(e -> !e.acknowledged
                            && e.logged.event().stream().equals(stream)
                            && !now.isBefore(e.claimedUntil))
                    .limit(limit)
                    .toList();
            free.forEach(e -> e.claimedUntil = now.plus(lease));
            return free.stream().map(e -> e.logged).toList();
        });
    }

    @Override
    public CompletionStage<Void> acknowledge(Collection<Long> ids) {
        return locked(() -> {
            HashSet<Long> set = new HashSet<>(ids);
            entries.stream().filter(e -> set.contains(e.logged.id())).forEach(e -> e.acknowledged = true);
            return null;
        });
    }

    @Override
    public CompletionStage<Void> giveBack(Collection<Long> ids) {
        return locked(() -> {
            HashSet<Long> set = new HashSet<>(ids);
            entries.stream().filter(e -> set.contains(e.logged.id())).forEach(e -> e.claimedUntil = Instant.MIN);
            return null;
        });
    }

    @Override
    public CompletionStage<Void> renew(Collection<Long> ids, Duration lease) {
        return locked(() -> {
            HashSet<Long> set = new HashSet<>(ids);
            entries.stream()
                    .filter(e -> set.contains(e.logged.id()) && e.claimedUntil.isAfter(Instant.MIN))
                    .forEach(e -> e.claimedUntil = clock.instant().plus(lease));
            return null;
        });
    }

    /** Knows messages with an event only. */
    @Override
    public CompletionStage<Optional<String>> queueIdOf(String messageId) {
        return locked(() -> entries.stream()
                .map(e -> e.logged.event())
                .filter(e -> e.messageId().equals(messageId))
                .map(DeliveryEvent::queueId)
                .max(String::compareTo));
    }

    @Override
    public CompletionStage<Optional<EmailAddress>> recipientOf(RecipientKey key) {
        return locked(() -> entries.stream()
                .filter(e -> e.logged.key().equals(key))
                .map(e -> e.logged.event().recipient())
                .findFirst());
    }

    @Override
    public CompletionStage<List<LoggedEvent>> history(String queueId) {
        return locked(() -> entries.stream()
                .map(e -> e.logged)
                .filter(e -> e.key().queueId().equals(queueId))
                .toList());
    }

    @Override
    public CompletionStage<List<LoggedEvent>> page(long after, int limit) {
        return locked(() -> entries.stream()
                .map(e -> e.logged)
                .filter(e -> e.id() > after)
                .limit(limit)
                .toList());
    }

    @Override
    public CompletionStage<Integer> purge(Instant before, int limit) {
        return locked(() -> {
            List<Entry> old = entries.stream()
                    .filter(e -> e.logged.event().at().isBefore(before))
                    .limit(limit)
                    .toList();
            entries.removeAll(old);
            ids.clear();
            entries.forEach(e -> ids.add(e.logged.key().queueId()));
            return old.size();
        });
    }

    @Override
    public CompletionStage<Integer> purge(Instant acknowledgedBefore, Instant before, int limit) {
        return locked(() -> {
            List<Entry> old = entries.stream()
                    .filter(e -> e.logged.event().at().isBefore(e.acknowledged ? acknowledgedBefore : before))
                    .limit(limit)
                    .toList();
            entries.removeAll(old);
            return old.size();
        });
    }

    @Override
    public AutoCloseable onEvents(String stream, Runnable listener) {
        List<Runnable> of = listeners.computeIfAbsent(stream, s -> new CopyOnWriteArrayList<>());
        of.add(listener);
        return () -> of.remove(listener);
    }

    private synchronized <T> CompletionStage<T> locked(Supplier<T> operation) {
        return MemoryFault.run(trouble, operation);
    }
}
