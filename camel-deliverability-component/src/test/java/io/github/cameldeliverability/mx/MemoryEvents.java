package io.github.cameldeliverability.mx;

import io.github.cameldeliverability.mail.DeliveryEvent;
import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.RecipientKey;
import io.github.cameldeliverability.mail.spi.EventLog;
import io.github.cameldeliverability.mail.spi.Spool;
import io.github.cameldeliverability.mail.spi.Store;
import io.github.cameldeliverability.mail.spi.SuppressionList;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/** A store that has an event log only, in memory. */
final class MemoryEvents implements Store, EventLog {

    private final TreeMap<Long, LoggedEvent> open = new TreeMap<>();
    private final Set<Long> claimed = new HashSet<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private long last;
    private int claims;
    private int renewals;
    volatile boolean broken;
    volatile boolean closed;

    void add(DeliveryEvent event) {
        synchronized (this) {
            last++;
            open.put(last, new LoggedEvent(last, new RecipientKey(event.queueId(), 0), event));
        }
        listeners.forEach(Runnable::run);
    }

    synchronized int open() {
        return open.size();
    }

    synchronized int claimed() {
        return claimed.size();
    }

    synchronized int claims() {
        return claims;
    }

    @Override
    public synchronized CompletionStage<List<LoggedEvent>> claim(String stream, int limit, Duration lease) {
        claims++;
        if (broken) {
            return CompletableFuture.failedFuture(new IOException("disk gone"));
        }
        List<LoggedEvent> got = new ArrayList<>();
        for (LoggedEvent e : open.values()) {
            if (got.size() < limit && e.event().stream().equals(stream) && claimed.add(e.id())) {
                got.add(e);
            }
        }
        return CompletableFuture.supplyAsync(() -> got);
    }

    @Override
    public synchronized CompletionStage<Void> acknowledge(Collection<Long> ids) {
        ids.forEach(open::remove);
        claimed.removeAll(ids);
        return CompletableFuture.completedFuture(null);
    }

    synchronized int renewals() {
        return renewals;
    }

    @Override
    public synchronized CompletionStage<Void> renew(Collection<Long> ids, Duration lease) {
        if (claimed.containsAll(ids)) {
            renewals++;
        }
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public synchronized CompletionStage<Void> giveBack(Collection<Long> ids) {
        claimed.removeAll(ids);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<Optional<EmailAddress>> recipientOf(RecipientKey key) {
        return CompletableFuture.completedFuture(Optional.empty());
    }

    @Override
    public CompletionStage<List<LoggedEvent>> history(String queueId) {
        return CompletableFuture.completedFuture(List.of());
    }

    @Override
    public CompletionStage<Integer> purge(Instant before, int limit) {
        return CompletableFuture.completedFuture(0);
    }

    @Override
    public AutoCloseable onEvents(String stream, Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    int listeners() {
        return listeners.size();
    }

    @Override
    public Spool spool() {
        throw new UnsupportedOperationException();
    }

    @Override
    public EventLog events() {
        return this;
    }

    @Override
    public SuppressionList suppressions() {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<byte[]> secret(String name) {
        return CompletableFuture.completedFuture(new byte[32]);
    }

    @Override
    public Optional<String> unhealthyReason() {
        return broken ? Optional.of("disk gone") : Optional.empty();
    }

    @Override
    public void close() {
        closed = true;
    }
}
