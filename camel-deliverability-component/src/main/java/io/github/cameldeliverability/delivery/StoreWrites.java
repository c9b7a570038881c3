package io.github.cameldeliverability.delivery;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes that must not get lost while the process lives: what fails because the store is away is tried again until it is
 * back. Meanwhile {@link #inTrouble} says that no new attempts should be made, for what they come to could not be recorded.
 * Belongs to the serial executor.
 */
final class StoreWrites {

    private static final Logger LOG = LoggerFactory.getLogger(StoreWrites.class);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);

    private final Core core;
    private final Runnable onRecovery;
    private final Alarm alarm;
    private final Deque<Write> failed = new ArrayDeque<>();
    private Write last;
    private int running;
    private int failures;
    private String trouble = "";

    StoreWrites(Core core, Runnable onRecovery) {
        this.core = core;
        this.onRecovery = onRecovery;
        this.alarm = new Alarm(core, this::probe);
    }

    /** @param done run when the write is on disk, or when the store knows nothing of the row any more */
    void write(String what, Supplier<CompletionStage<Void>> operation, Runnable done) {
        Write w = new Write(what, operation, done);
        last = w;
        if (inTrouble()) {
            failed.add(w);
        } else {
            attempt(w);
        }
    }

    /** Runs it when the write that was asked for last is over; at once if it is already. */
    void afterLast(Runnable then) {
        if (last == null || last.over) {
            then.run();
        } else {
            last.after.add(then);
        }
    }

    boolean inTrouble() {
        return failures > 0;
    }

    String trouble() {
        return trouble;
    }

    int pending() {
        return running + failed.size();
    }

    private void attempt(Write w) {
        running++;
        core.actor().when(w.operation.get(), (ok, error) -> {
            running--;
            Throwable cause =
                    error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
            if (cause == null) {
                w.over();
                recovered();
            } else if (cause instanceof IOException) {
                failed.addFirst(w);
                failed(w, cause);
            } else {
                // Not the disk but the row: another node has it, or it was cancelled. Repeating cannot help.
                LOG.error("event=store-refused what={} reason=\"{}\"", w.what, cause.toString(), cause);
                w.over();
            }
        });
    }

    private void failed(Write w, Throwable cause) {
        if (failures == 0) {
            LOG.warn("event=store-trouble what={} reason=\"{}\"", w.what, cause.toString());
        }
        failures++;
        trouble = cause.toString();
        Duration pause = Duration.ofMillis(500).multipliedBy(1L << Math.min(failures - 1, 6));
        alarm.notLaterThan(core.now().plus(pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE));
    }

    private void probe() {
        Write w = failed.poll();
        if (w != null) {
            attempt(w);
        }
    }

    private void recovered() {
        if (failures == 0) {
            return;
        }
        failures = 0;
        trouble = "";
        alarm.stop();
        LOG.info("event=store-recovered waiting={}", failed.size());
        List<Write> all = new ArrayList<>(failed);
        failed.clear();
        all.forEach(this::attempt);
        onRecovery.run();
    }

    private static final class Write {
        private final String what;
        private final Supplier<CompletionStage<Void>> operation;
        private final Runnable done;
        private final List<Runnable> after = new ArrayList<>(1);
        private boolean over;

        private Write(String what, Supplier<CompletionStage<Void>> operation, Runnable done) {
            this.what = what;
            this.operation = operation;
            this.done = done;
        }

        private void over() {
            over = true;
            done.run();
            after.forEach(Runnable::run);
        }
    }
}
