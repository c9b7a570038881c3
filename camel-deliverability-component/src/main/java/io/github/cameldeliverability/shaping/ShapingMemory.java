package io.github.cameldeliverability.shaping;

import io.github.cameldeliverability.mail.Effect;
import io.github.cameldeliverability.mail.EffectEvent;
import io.github.cameldeliverability.mail.EffectEvent.What;
import io.github.cameldeliverability.mail.spi.EffectStore;
import io.github.cameldeliverability.mail.spi.EffectStore.Batch;
import io.github.cameldeliverability.mail.spi.EffectStore.Report;
import io.github.cameldeliverability.mail.spi.QueueControl;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what an {@link EffectShaper} knows in a store, in batches, and follows the orders and reports that others put
 * there. Owns no thread: its owner calls {@link #save} every second or so. Thread-safe; nothing blocks.
 */
public final class ShapingMemory {

    private static final Logger LOG = LoggerFactory.getLogger(ShapingMemory.class);

    /** Counters may lose so much in a crash; effects lose nothing that was answered for. */
    private static final Duration COUNTERS_EVERY = Duration.ofSeconds(5);

    private static final int REPORTS_AT_ONCE = 1_000;

    private final EffectStore store;
    private final QueueControl control;
    private final EffectShaper shaper;
    private final Clock clock;

    // Guarded by this.
    private final Map<String, String> unwrittenNotes = new HashMap<>();
    /** Reports that are counted, but still in the store. */
    private final Set<Long> counted = new HashSet<>();

    private Instant lastCounters = Instant.MIN;
    private boolean saving;
    private boolean reading;
    private boolean readAgain;
    private CompletableFuture<Void> saved = CompletableFuture.completedFuture(null);

    /**
     * @param store where it is kept
     * @param control told when mail that waits for an effect is to wait for another moment
     */
    public ShapingMemory(EffectStore store, QueueControl control, EffectShaper shaper, Clock clock) {
        this.store = store;
        this.control = control;
        this.shaper = shaper;
        this.clock = clock;
    }

    /** Takes up what the store holds. Nothing may be sent before it completes. */
    public CompletionStage<Void> load() {
        return store.notes()
                .thenCompose(notes -> {
                    shaper.recall(notes);
                    return store.effects(false);
                })
                .thenAccept(effects -> {
                    shaper.adopt(effects);
                    effects.forEach(e -> LOG.warn("event=effect-remembered {}", e.describe()));
                });
    }

    /** Follows orders and reports from now on, and saves at once when an effect begins or ends, until it is closed. */
    public AutoCloseable follow() {
        AutoCloseable news = store.onNews(this::read);
        AutoCloseable changes = shaper.onChange(this::save);
        read();
        return () -> {
            news.close();
            changes.close();
        };
    }

    private void read() {
        synchronized (this) {
            if (reading) {
                readAgain = true;
                return;
            }
            reading = true;
            readAgain = false;
        }
        shaper.readBegins();
        var unused = store.effects(false)
                .thenAccept(shaper::adopt)
                .thenCompose(done -> store.reports(REPORTS_AT_ONCE))
                .whenComplete((reports, error) -> {
                    if (error != null) {
                        LOG.warn("event=effects-unread reason=\"{}\"", error.toString());
                    } else {
                        count(reports);
                    }
                    boolean again;
                    synchronized (this) {
                        reading = false;
                        again = readAgain;
                    }
                    if (again) {
                        read();
                    }
                });
    }

    private void count(List<Report> reports) {
        List<Report> fresh;
        synchronized (this) {
            fresh = reports.stream().filter(r -> counted.add(r.id())).toList();
            if (!fresh.isEmpty()) {
                // With the very next batch, in one transaction: counted and taken out.
                lastCounters = Instant.MIN;
            }
        }
        shaper.reported(fresh);
        if (!fresh.isEmpty()) {
            save();
        }
        if (reports.size() == REPORTS_AT_ONCE && !fresh.isEmpty()) {
            synchronized (this) {
                readAgain = true;
            }
        }
    }

    /** Writes what has changed, if anything has; at most one batch is under way at a time. */
    public void save() {
        write(false);
    }

    /** As {@link #save}, counters and all; completes when it is on disk. */
    public CompletionStage<Void> saveAll() {
        CompletableFuture<Void> before;
        synchronized (this) {
            before = saved;
        }
        return before.handle((ok, error) -> null).thenCompose(ok -> write(true));
    }

    private CompletionStage<Void> write(boolean all) {
        Snapshot snapshot;
        Batch batch;
        CompletableFuture<Void> done = new CompletableFuture<>();
        synchronized (this) {
            if (saving) {
                return saved;
            }
            Instant now = clock.instant();
            boolean counters =
                    all || lastCounters.equals(Instant.MIN) || !now.isBefore(lastCounters.plus(COUNTERS_EVERY));
            Set<Long> taken = counters ? Set.copyOf(counted) : Set.of();
            snapshot = shaper.snapshot(counters);
            if (counters) {
                lastCounters = now;
            }
            unwrittenNotes.putAll(snapshot.notes());
            batch = new Batch(snapshot.effects().values(), snapshot.events(), unwrittenNotes, taken);
            if (!batch.isEmpty()) {
                saving = true;
                saved = done;
            }
        }
        move(snapshot.moved());
        if (batch.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        snapshot.events().forEach(ShapingMemory::log);
        store.write(batch).whenComplete((ok, error) -> {
            synchronized (this) {
                saving = false;
                if (error == null) {
                    shaper.saved(snapshot);
                    batch.notes().forEach(unwrittenNotes::remove);
                    counted.removeAll(batch.taken());
                }
            }
            if (error == null) {
                done.complete(null);
            } else {
                LOG.warn("event=effects-unsaved reason=\"{}\"", error.toString());
                done.completeExceptionally(error);
            }
        });
        return done;
    }

    private void move(List<EffectBook.Moved> all) {
        for (EffectBook.Moved m : all) {
            control.moveDue(m.stream(), m.from(), m.to()).whenComplete((count, error) -> {
                if (error != null) {
                    LOG.warn(
                            "event=waiting-mail-not-moved from={} to={} reason=\"{}\"",
                            m.from(),
                            m.to(),
                            error.toString());
                } else if (count > 0) {
                    LOG.info("event=waiting-mail-moved recipients={} from={} to={}", count, m.from(), m.to());
                }
            });
        }
    }

    private static void log(EffectEvent event) {
        Effect e = event.effect();
        String evidence = String.join(" | ", e.evidence());
        if (event.what() == What.BEGAN || event.what() == What.RENEWED) {
            LOG.warn("event=effect-{} {} evidence=\"{}\"", event.what().id(), e.describe(), evidence);
        } else {
            LOG.info("event=effect-{} {}", event.what().id(), e.describe());
        }
    }
}
