package io.github.cameldeliverability.testkit;

import io.github.cameldeliverability.mail.RecipientKey;
import io.github.cameldeliverability.mail.spi.QueueControl;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/** Orders to the queue of a {@link MemoryStore}. */
final class MemoryQueueControl implements QueueControl {

    private final MemorySpool spool;
    private final Clock clock;
    private final Supplier<String> trouble;
    private final List<Suspension> suspensions = new CopyOnWriteArrayList<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    MemoryQueueControl(MemorySpool spool, Clock clock, Supplier<String> trouble) {
        this.spool = spool;
        this.clock = clock;
        this.trouble = trouble;
    }

    @Override
    public CompletionStage<Affected> cancel(Selection selection, boolean dryRun) {
        return announced(spool.cancel(selection, dryRun));
    }

    @Override
    public CompletionStage<Affected> retry(Selection selection, boolean dryRun) {
        return announced(spool.retry(selection, dryRun));
    }

    @Override
    public CompletionStage<Long> moveDue(Optional<String> stream, Instant from, Instant to) {
        return announced(spool.moveDue(stream, from, to));
    }

    @Override
    public CompletionStage<Boolean> suspend(String stream, Optional<String> domain, String why) {
        Suspension s = new Suspension(stream, domain, clock.instant(), why);
        return announced(MemoryFault.run(
                trouble,
                () -> suspensions.stream()
                                .noneMatch(x ->
                                        x.stream().equals(stream) && x.domain().equals(s.domain()))
                        && suspensions.add(s)));
    }

    @Override
    public CompletionStage<Boolean> resume(String stream, Optional<String> domain) {
        Suspension s = new Suspension(stream, domain, clock.instant(), "");
        return announced(MemoryFault.run(
                trouble,
                () -> suspensions.removeIf(
                        x -> x.stream().equals(stream) && x.domain().equals(s.domain()))));
    }

    @Override
    public CompletionStage<List<Suspension>> suspensions() {
        return MemoryFault.run(trouble, () -> List.copyOf(suspensions));
    }

    @Override
    public CompletionStage<List<RecipientKey>> withdrawn(int limit) {
        return spool.withdrawn(limit);
    }

    @Override
    public AutoCloseable onOrders(Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    private <T> CompletionStage<T> announced(CompletionStage<T> order) {
        return order.whenComplete((ok, error) -> listeners.forEach(Runnable::run));
    }
}
