package io.github.cameldeliverability.suppression;

import io.github.cameldeliverability.mail.SuppressionIncident;
import io.github.cameldeliverability.mail.spi.SuppressionList;
import io.github.cameldeliverability.mail.spi.UndoPage;
import io.github.cameldeliverability.mail.spi.UndoPage.Undone;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongConsumer;

/** Undoes an incident part by part, or counts what that would do. One use. */
public final class SuppressionUndo {

    /** How many entries are looked at in one query. */
    private static final int PART = 20_000;

    private static final int MOST_SHOWN = 20;

    /**
     * @param applied whether the list was changed
     * @param restored entries that had no other cause: gone, or to go
     * @param kept entries that stay for other causes
     * @param sample some of them, for people
     */
    public record Result(boolean applied, long restored, long kept, List<Undone> sample) {
        public Result {
            sample = List.copyOf(sample);
        }
    }

    private final SuppressionList suppressions;
    private final SuppressionIncident incident;
    private final boolean apply;
    private final Instant now;
    private final LongConsumer progress;
    private final List<Undone> sample = new ArrayList<>();
    private long seen;
    private long restored;
    private long kept;

    /** @param progress told how many entries were looked at, on any thread */
    public SuppressionUndo(
            SuppressionList suppressions,
            SuppressionIncident incident,
            boolean apply,
            Instant now,
            LongConsumer progress) {
        this.suppressions = suppressions;
        this.incident = incident;
        this.apply = apply;
        this.now = now;
        this.progress = progress;
    }

    /** What was done before a fault stays done: the same call goes on. */
    public CompletionStage<Result> run() {
        return from("");
    }

    private CompletionStage<Result> from(String after) {
        return suppressions.undo(incident, after, PART, apply, now).thenCompose(page -> {
            take(page);
            return page.next().isPresent()
                    ? from(page.next().get())
                    : CompletableFuture.completedFuture(new Result(apply, restored, kept, sample));
        });
    }

    private void take(UndoPage page) {
        for (Undone u : page.undone()) {
            if (u.remaining().isPresent()) {
                kept++;
            } else {
                restored++;
            }
            if (sample.size() < MOST_SHOWN) {
                sample.add(u);
            }
        }
        seen += page.seen();
        progress.accept(seen);
    }
}
