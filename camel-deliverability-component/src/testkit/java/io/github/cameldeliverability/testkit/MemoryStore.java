package io.github.cameldeliverability.testkit;

import io.github.cameldeliverability.mail.spi.Counters;
import io.github.cameldeliverability.mail.spi.EffectStore;
import io.github.cameldeliverability.mail.spi.Handled;
import io.github.cameldeliverability.mail.spi.Notes;
import io.github.cameldeliverability.mail.spi.QueueControl;
import io.github.cameldeliverability.mail.spi.Store;
import io.github.cameldeliverability.mail.spi.SuppressionList;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A whole store in memory: what a database does, without one. A second engine on the same instance sees what the first
 * one left, as after a restart; {@link #breakDown} makes every call fail until {@link #repair}. Thread-safe.
 */
public final class MemoryStore implements Store {

    private final MemoryEvents events;
    private final MemorySpool spool;
    private final MemorySuppressions suppressions;
    private final MemoryQueueControl control;
    private final MemoryHandled handled;
    private final Map<String, byte[]> notes = new ConcurrentHashMap<>();
    private final Counters counters = new MemoryCounters(() -> this.trouble);
    private final MemoryEffects effects;
    private final Map<String, byte[]> secrets = new ConcurrentHashMap<>();
    private final SecureRandom random = new SecureRandom();
    private volatile String trouble;

    public MemoryStore(Clock clock) {
        this.events = new MemoryEvents(clock, () -> trouble);
        this.spool = new MemorySpool(events, clock, () -> trouble);
        this.control = new MemoryQueueControl(spool, clock, () -> trouble);
        this.effects = new MemoryEffects(clock, () -> trouble);
        this.suppressions = new MemorySuppressions(() -> trouble);
        this.handled = new MemoryHandled(clock, () -> trouble);
    }

    @Override
    public MemorySpool spool() {
        return spool;
    }

    @Override
    public MemoryEvents events() {
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
        return new Notes() {
            @Override
            public CompletionStage<Optional<byte[]>> read(String name) {
                return MemoryFault.run(() -> trouble, () -> Optional.ofNullable(notes.get(name)));
            }

            @Override
            public CompletionStage<Void> write(String name, byte[] value) {
                return MemoryFault.run(() -> trouble, () -> {
                    notes.put(name, value.clone());
                    return null;
                });
            }
        };
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
        return MemoryFault.run(() -> trouble, () -> secrets.computeIfAbsent(name, n -> {
                    byte[] fresh = new byte[32];
                    random.nextBytes(fresh);
                    return fresh;
                })
                .clone());
    }

    /** From now on everything fails with {@code IOException}. */
    public void breakDown(String why) {
        trouble = why;
    }

    public void repair() {
        trouble = null;
    }

    /** What the restart of a node does: rows that it held are free. */
    public void freeAll() {
        spool.freeAll();
    }

    @Override
    public Optional<String> unhealthyReason() {
        return Optional.ofNullable(trouble);
    }

    @Override
    public void close() {
        freeAll();
    }
}
