package io.github.cameldeliverability.shaping;

import io.github.cameldeliverability.mail.Lane;
import io.github.cameldeliverability.mail.Verdict;
import io.github.cameldeliverability.mail.spi.Counters;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The warm-ups of a book and their memory in the store. Thread-safe. */
final class Warmups {

    private static final Logger LOG = LoggerFactory.getLogger(Warmups.class);

    private static final String NOTE = "warmup ";
    private static final Duration SAVE_EVERY = Duration.ofSeconds(5);
    private static final Duration LOAD_AGAIN = Duration.ofSeconds(1);
    /** Days begin in some zone at every quarter of an hour. */
    private static final long QUARTER_SECONDS = 900;

    private final Counters store;
    private final Clock clock;
    private final Map<String, String> notes = new ConcurrentHashMap<>();
    private final AtomicLong changes = new AtomicLong();
    private volatile List<Warmup> all = List.of();
    private volatile boolean loaded;
    private volatile boolean loading;
    private volatile Instant loadAgain = Instant.EPOCH;
    private volatile Instant lastSave = Instant.EPOCH;

    Warmups(Counters store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /** Takes up the targets of a book; who was there before keeps its progress. */
    synchronized void use(LimitBook book) {
        var unused = save();
        List<Warmup> fresh = new ArrayList<>();
        for (WarmupTarget target : book.file().warmups()) {
            WarmupPlan plan = book.plan(target.plan()).orElseThrow();
            Warmup w =
                    new Warmup(target, plan, name -> book.table().byName(name).isPresent());
            String note = notes.get(NOTE + target.id());
            if (note != null) {
                w.restore(note);
            }
            fresh.add(w);
        }
        all = List.copyOf(fresh);
        changes.incrementAndGet();
    }

    /** Reads what was written down, the counters too; the stage completes normally in any case. */
    CompletionStage<Void> load(PeriodCounters counters) {
        loading = true;
        return store.remembered(NOTE)
                .thenCombine(counters.seed().thenApply(v -> true), (found, ok) -> found)
                .whenComplete((found, error) -> {
                    loading = false;
                    if (error != null) {
                        LOG.warn("event=limits-unknown reason=\"{}\"", error.toString());
                        loadAgain = clock.instant().plus(LOAD_AGAIN);
                        return;
                    }
                    notes.putAll(found);
                    all.forEach(w -> {
                        String note = found.get(NOTE + w.target().id());
                        if (note != null) {
                            w.restore(note);
                        }
                    });
                    changes.incrementAndGet();
                    loaded = true;
                })
                .handle((ok, error) -> null);
    }

    /** Whether the memory was read; until then nothing may be sent. */
    boolean isLoaded(Instant now, PeriodCounters counters) {
        if (!loaded && !loading && !now.isBefore(loadAgain)) {
            var unused = load(counters);
        }
        return loaded;
    }

    /** Differs when limits of lanes may have changed. */
    long version(Instant now) {
        return changes.get() * 1_000_000_000L + (all.isEmpty() ? 0 : now.getEpochSecond() / QUARTER_SECONDS);
    }

    List<Warmup> of(Lane lane, Set<String> dkimDomains) {
        return all.stream().filter(w -> w.target().isFor(lane, dkimDomains)).toList();
    }

    void delivered(Lane lane, Set<String> dkimDomains, Instant now) {
        boolean urgent = false;
        for (Warmup w : all) {
            urgent |= w.target().isFor(lane, dkimDomains) && w.delivered(lane.receiver(), now);
        }
        saveIfDue(urgent, now);
    }

    void observed(Lane lane, Set<String> dkimDomains, Verdict verdict, Instant now) {
        boolean urgent = false;
        for (Warmup w : all) {
            urgent |= w.target().isFor(lane, dkimDomains) && w.observed(lane.receiver(), verdict, now);
        }
        saveIfDue(urgent, now);
    }

    private void saveIfDue(boolean urgent, Instant now) {
        if (!all.isEmpty() && (urgent || !now.isBefore(lastSave.plus(SAVE_EVERY)))) {
            var unused = save();
        }
    }

    /** Moves all plans on to the present day and writes down what is new. */
    CompletionStage<Void> tick() {
        Instant now = clock.instant();
        all.forEach(w -> w.roll(now));
        return save();
    }

    List<WarmupStatus> status() {
        Instant now = clock.instant();
        return all.stream().flatMap(w -> w.status(now).stream()).toList();
    }

    private CompletionStage<Void> save() {
        lastSave = clock.instant();
        List<CompletableFuture<Void>> writes = new ArrayList<>();
        for (Warmup w : all) {
            if (w.takeDirty()) {
                String note = w.note();
                notes.put(NOTE + w.target().id(), note);
                writes.add(store.remember(NOTE + w.target().id(), note)
                        .whenComplete((ok, error) -> {
                            if (error != null) {
                                w.setDirty();
                                LOG.warn(
                                        "event=warmup-not-saved target=\"{}\" reason=\"{}\"",
                                        w.target().id(),
                                        error.toString());
                            }
                        })
                        .toCompletableFuture());
            }
        }
        return CompletableFuture.allOf(writes.toArray(CompletableFuture[]::new));
    }

    /** Writes something down for tools beside the engine. */
    void remember(String name, String note) {
        var unused = store.remember(name, note).whenComplete((ok, error) -> {
            if (error != null) {
                LOG.warn("event=note-not-saved name=\"{}\" reason=\"{}\"", name, error.toString());
            }
        });
    }
}
