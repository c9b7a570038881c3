package io.github.cameldeliverability.testkit;

import io.github.cameldeliverability.mail.Effect;
import io.github.cameldeliverability.mail.Effect.Phase;
import io.github.cameldeliverability.mail.EffectEvent;
import io.github.cameldeliverability.mail.EffectEvent.What;
import io.github.cameldeliverability.mail.spi.EffectStore;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Supplier;

/** The effects of a {@link MemoryStore}. Thread-safe. */
final class MemoryEffects implements EffectStore {

    private final Clock clock;
    private final Supplier<String> trouble;
    private final Map<String, Effect> effects = new LinkedHashMap<>();
    private final List<EffectEvent> events = new ArrayList<>();
    private final Map<String, String> notes = new TreeMap<>();
    private final List<Report> reports = new ArrayList<>();
    private final Map<String, Long> positions = new TreeMap<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private long lastReport;

    MemoryEffects(Clock clock, Supplier<String> trouble) {
        this.clock = clock;
        this.trouble = trouble;
    }

    @Override
    public CompletionStage<List<Effect>> effects(boolean endedToo) {
        return locked(() -> effects.values().stream()
                .filter(e -> endedToo || !e.isOver())
                .sorted(Comparator.comparing(Effect::changedAt).reversed())
                .toList());
    }

    @Override
    public CompletionStage<Map<String, String>> notes() {
        return locked(() -> Map.copyOf(notes));
    }

    @Override
    public CompletionStage<Void> write(Batch batch) {
        CompletionStage<Void> done = locked(() -> {
            batch.effects().forEach(this::put);
            batch.events().forEach(this::tell);
            batch.notes().forEach((name, text) -> {
                if (text.isEmpty()) {
                    notes.remove(name);
                } else {
                    notes.put(name, text);
                }
            });
            reports.removeIf(r -> batch.taken().contains(r.id()));
            return null;
        });
        return batch.events().isEmpty() ? done : announced(done);
    }

    private void put(Effect e) {
        effects.merge(e.id(), e, (old, fresh) -> old.orders() <= fresh.orders() ? fresh : old);
    }

    private void tell(EffectEvent e) {
        events.add(new EffectEvent(events.size() + 1L, e.what(), e.effect(), e.at()));
    }

    @Override
    public CompletionStage<Boolean> impose(Effect effect) {
        return announced(locked(() -> {
            if (effects.containsKey(effect.id())) {
                return false;
            }
            put(effect);
            tell(new EffectEvent(0, What.BEGAN, effect, clock.instant()));
            return true;
        }));
    }

    @Override
    public CompletionStage<Boolean> cancel(String id, String who) {
        return order(id, e -> {
            Phase next = e.phase() == Phase.IN_FORCE ? Phase.RECOVERING : Phase.ENDED;
            Effect after =
                    e.ordered("cancelled by " + who + "; was: " + e.why()).in(next, clock.instant());
            return Optional.of(
                    new EffectEvent(0, next == Phase.ENDED ? What.ENDED : What.RECOVERS, after, clock.instant()));
        });
    }

    @Override
    public CompletionStage<Boolean> extend(String id, Instant until, String who) {
        return order(id, e -> {
            if (e.phase() != Phase.IN_FORCE) {
                return Optional.empty();
            }
            if (e.until().isEmpty()) {
                throw new IllegalArgumentException(
                        "effect " + e.id() + " (" + e.kind().id() + ") has no end that could be moved");
            }
            return Optional.of(new EffectEvent(
                    0,
                    What.EXTENDED,
                    e.ordered(e.why() + "; end set by " + who).withUntil(Optional.of(until)),
                    clock.instant()));
        });
    }

    private CompletionStage<Boolean> order(String id, Function<Effect, Optional<EffectEvent>> order) {
        return announced(locked(() -> {
            Effect e = effects.get(id);
            Optional<EffectEvent> event = e == null || e.isOver() ? Optional.empty() : order.apply(e);
            event.ifPresent(x -> {
                put(x.effect());
                tell(x);
            });
            return event.isPresent();
        }));
    }

    @Override
    public CompletionStage<List<EffectEvent>> feed(String stream, long after, int limit) {
        return locked(() -> events.stream()
                .filter(e -> e.sequence() > after)
                .filter(e -> e.effect().key().stream().map(stream::equals).orElse(true))
                .limit(limit)
                .toList());
    }

    @Override
    public CompletionStage<Long> position(String stream, String consumer) {
        return locked(() -> positions.getOrDefault(stream + "|" + consumer, 0L));
    }

    @Override
    public CompletionStage<Void> setPosition(String stream, String consumer, long sequence) {
        return locked(() -> {
            positions.put(stream + "|" + consumer, sequence);
            return null;
        });
    }

    @Override
    public CompletionStage<Void> report(Report r) {
        return announced(locked(() -> {
            reports.add(new Report(
                    ++lastReport, r.kind(), r.stream(), r.provider(), r.deliveredAt(), r.at(), r.evidence()));
            return null;
        }));
    }

    @Override
    public CompletionStage<List<Report>> reports(int limit) {
        return locked(() -> reports.stream().limit(limit).toList());
    }

    @Override
    public AutoCloseable onNews(Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    private <T> CompletionStage<T> locked(Supplier<T> operation) {
        return MemoryFault.run(trouble, () -> {
            synchronized (this) {
                return operation.get();
            }
        });
    }

    private <T> CompletionStage<T> announced(CompletionStage<T> order) {
        return order.whenComplete((ok, error) -> listeners.forEach(Runnable::run));
    }
}
