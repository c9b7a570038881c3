package io.github.cameldeliverability.delivery;

import io.github.cameldeliverability.mail.DeliveryEvent;
import io.github.cameldeliverability.mail.FallbackStep;
import io.github.cameldeliverability.mail.Outcome;
import io.github.cameldeliverability.mail.RecipientKey;
import io.github.cameldeliverability.mail.spi.Spool;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/** Records outcomes in the spool; a job leaves the memory when all its recipients are on disk again or gone. */
final class SpoolLedger implements Ledger {

    private final Spool spool;
    private final StoreWrites writes;
    private final SenderNotices notices;
    private final Consumer<DeliveryEvent> recorded;
    private final Consumer<Job> closed;

    /**
     * @param recorded told of each event once it is on disk
     * @param closed told of each job that is no longer needed in memory
     */
    SpoolLedger(
            Spool spool,
            StoreWrites writes,
            SenderNotices notices,
            Consumer<DeliveryEvent> recorded,
            Consumer<Job> closed) {
        this.spool = spool;
        this.writes = writes;
        this.notices = notices;
        this.recorded = recorded;
        this.closed = closed;
    }

    @Override
    public void settle(Item item, DeliveryEvent event) {
        DeliveryEvent said = goesToFallback(item, event) ? event.withFallback(FallbackStep.PENDING) : event;
        AttemptLog.write(said);
        notices.before(item, said, () -> write(item, said));
    }

    /** Notices of ours are for their sender only. */
    private static boolean goesToFallback(Item item, DeliveryEvent event) {
        return !item.job.message.tags().contains(SenderNotices.TAG)
                && item.job.stream.config.fallback().filter(f -> f.takes(event)).isPresent();
    }

    private void write(Item item, DeliveryEvent event) {
        RecipientKey key = item.key();
        writes.write("settle", () -> spool.settle(key, event), () -> {
            recorded.accept(event);
            if (event.outcome() == Outcome.DEFERRED) {
                event.nextAttempt().ifPresent(item.job.stream.claimer::dueAt);
            }
            done(item.job, 1);
        });
    }

    @Override
    public void release(List<Item> items, Instant dueAt, String why) {
        if (items.isEmpty()) {
            return;
        }
        Job job = items.get(0).job;
        List<RecipientKey> keys = items.stream().map(Item::key).toList();
        writes.write("release", () -> spool.release(keys, dueAt), () -> {
            job.stream.claimer.dueAt(dueAt);
            done(job, keys.size());
        });
    }

    @Override
    public void afterWrites(Runnable then) {
        writes.afterLast(then);
    }

    @Override
    public boolean isDurable() {
        return true;
    }

    private void done(Job job, int items) {
        job.open -= items;
        if (job.open == 0) {
            closed.accept(job);
        }
    }
}
