package io.github.cameldeliverability.mx;

import io.github.cameldeliverability.mail.spi.EventLog;
import io.github.cameldeliverability.mail.spi.EventLog.LoggedEvent;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.spi.Synchronization;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves events from the log to a handler: claims a batch when there is room, hands over as many at a time as allowed,
 * acknowledges what succeeded, gives back what failed after a rest. Woken by new events; looks by itself now and then, for
 * events of other nodes and of leases that ran out. Thread-safe; no call blocks.
 */
final class EventPump {

    private static final Logger LOG = LoggerFactory.getLogger(EventPump.class);
    private static final Duration LOOK = Duration.ofSeconds(5);

    private final EventLog log;
    private final String stream;
    private final int batchSize;
    private final int concurrency;
    private final Duration lease;
    private final Duration look;
    private final Duration failureDelay;
    private final Executor threads;
    private final ScheduledExecutorService scheduler;
    private final BiConsumer<LoggedEvent, Synchronization> handler;
    private final Consumer<Throwable> claimFailed;

    // Guarded by this.
    private final Deque<LoggedEvent> waiting = new ArrayDeque<>();
    private final Set<Long> resting = new HashSet<>();
    private Optional<AutoCloseable> listener = Optional.empty();
    private boolean open;
    private boolean claiming;
    private boolean moreCame;
    private Optional<Future<?>> ticking = Optional.empty();
    /** What the route has now. */
    private final Set<Long> inFlight = new HashSet<>();

    private long renewedAt;
    private long claimedAt;
    private Optional<String> lastFault = Optional.empty();

    EventPump(
            EventLog log,
            String stream,
            MxConfiguration options,
            Executor threads,
            ScheduledExecutorService scheduler,
            BiConsumer<LoggedEvent, Synchronization> handler,
            Consumer<Throwable> claimFailed) {
        this.log = log;
        this.stream = stream;
        this.batchSize = options.getBatchSize();
        this.concurrency = options.getConcurrentConsumers();
        this.lease = Duration.ofMillis(options.getLease());
        // Often enough to renew the shortest lease.
        this.look = LOOK.compareTo(lease.dividedBy(4)) < 0 ? LOOK : lease.dividedBy(4);
        this.failureDelay = Duration.ofMillis(options.getFailureDelay());
        this.threads = threads;
        this.scheduler = scheduler;
        this.handler = handler;
        this.claimFailed = claimFailed;
    }

    void start() {
        synchronized (this) {
            open = true;
            if (listener.isEmpty()) {
                listener = Optional.of(log.onEvents(stream, this::wake));
            }
            if (ticking.isEmpty()) {
                ticking = Optional.of(scheduler.scheduleWithFixedDelay(
                        this::tick, look.toMillis(), look.toMillis(), TimeUnit.MILLISECONDS));
            }
        }
        wake();
    }

    /** Hands nothing over any more and gives back what waits; what is being processed goes on. */
    void pause() {
        List<Long> back = new ArrayList<>();
        synchronized (this) {
            open = false;
            waiting.forEach(e -> back.add(e.id()));
            waiting.clear();
        }
        giveBack(back);
    }

    void stop() {
        pause();
        List<Long> back;
        Optional<AutoCloseable> closing;
        synchronized (this) {
            back = List.copyOf(resting);
            resting.clear();
            closing = listener;
            listener = Optional.empty();
            ticking.ifPresent(t -> t.cancel(false));
            ticking = Optional.empty();
        }
        // The rest of a failed event ends with us: another node may try at once.
        giveBack(back);
        closing.ifPresent(c -> {
            try {
                c.close();
            } catch (Exception e) {
                LOG.debug("stream={} closing the event listener failed", stream, e);
            }
        });
    }

    /** Why the last look into the log failed; empty when it did not. */
    synchronized Optional<String> lastFault() {
        return lastFault;
    }

    private void tick() {
        renew();
        wake();
    }

    /** An exchange may take as long as it wants: its event stays ours, and so does one that rests. */
    private void renew() {
        List<Long> ours;
        synchronized (this) {
            ours = new ArrayList<>(inFlight);
            ours.addAll(resting);
            if (ours.isEmpty() || System.nanoTime() - renewedAt < lease.toNanos() / 4) {
                return;
            }
            renewedAt = System.nanoTime();
        }
        log.renew(ours, lease).whenComplete((v, fault) -> {
            if (fault != null) {
                LOG.warn("stream={} leases of {} events could not be renewed", stream, ours.size(), fault);
            }
        });
    }

    private void wake() {
        synchronized (this) {
            moreCame = true;
        }
        pump();
    }

    private void pump() {
        boolean claim = false;
        List<LoggedEvent> ready = new ArrayList<>();
        synchronized (this) {
            if (!open) {
                return;
            }
            // What waited for most of its lease may be somebody else's soon: leave it, it comes again.
            if (!waiting.isEmpty() && System.nanoTime() - claimedAt > lease.toNanos() / 2) {
                waiting.clear();
                moreCame = true;
            }
            while (inFlight.size() < concurrency && !waiting.isEmpty()) {
                LoggedEvent next = waiting.poll();
                inFlight.add(next.id());
                ready.add(next);
            }
            if (waiting.isEmpty() && !claiming && moreCame) {
                claiming = true;
                moreCame = false;
                claim = true;
            }
        }
        for (LoggedEvent e : ready) {
            handOver(e);
        }
        if (claim) {
            log.claim(stream, batchSize, lease).whenComplete(this::claimed);
        }
    }

    private void claimed(List<LoggedEvent> events, Throwable fault) {
        List<Long> back = new ArrayList<>();
        synchronized (this) {
            claiming = false;
            lastFault = Optional.ofNullable(fault).map(f -> "cannot read events: " + f);
            if (fault == null && open) {
                waiting.addAll(events);
                claimedAt = System.nanoTime();
                // A full batch: there is likely more.
                moreCame |= events.size() >= batchSize;
            } else if (fault == null) {
                events.forEach(e -> back.add(e.id()));
            }
        }
        giveBack(back);
        try {
            // Off the store's thread: what follows runs user code. A fault waits for the next look.
            threads.execute(() -> {
                if (fault != null) {
                    claimFailed.accept(fault);
                } else {
                    pump();
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("stream={} stopped while events were being claimed", stream);
        }
    }

    private void handOver(LoggedEvent event) {
        Acknowledgement acknowledgement = new Acknowledgement(event.id());
        try {
            threads.execute(() -> {
                try {
                    handler.accept(event, acknowledgement);
                } catch (RuntimeException e) {
                    LOG.warn("stream={} event={} could not be handed to the route", stream, event.id(), e);
                    acknowledgement.onFailure(null);
                }
            });
        } catch (RejectedExecutionException e) {
            acknowledgement.onFailure(null);
        }
    }

    private final class Acknowledgement implements Synchronization {
        private final long id;
        private boolean finished;

        Acknowledgement(long id) {
            this.id = id;
        }

        @Override
        public void onComplete(Exchange exchange) {
            if (first()) {
                log.acknowledge(List.of(id)).whenComplete((v, fault) -> {
                    if (fault != null) {
                        LOG.warn("stream={} event={} could not be acknowledged and will come again", stream, id, fault);
                    }
                });
                next(id);
            }
        }

        @Override
        public void onFailure(Exchange exchange) {
            if (first()) {
                rest(id);
                next(id);
            }
        }

        private synchronized boolean first() {
            boolean was = finished;
            finished = true;
            return !was;
        }
    }

    private void next(long done) {
        synchronized (this) {
            inFlight.remove(done);
        }
        pump();
    }

    private void rest(long id) {
        boolean wait;
        synchronized (this) {
            wait = open && failureDelay.toMillis() > 0;
            if (wait) {
                resting.add(id);
            }
        }
        if (!wait) {
            giveBack(List.of(id));
            return;
        }
        try {
            Future<?> unused = scheduler.schedule(() -> restOver(id), failureDelay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            restOver(id);
        }
    }

    private void restOver(long id) {
        boolean mine;
        synchronized (this) {
            mine = resting.remove(id);
        }
        if (mine) {
            giveBack(List.of(id));
        }
    }

    private void giveBack(List<Long> ids) {
        if (!ids.isEmpty()) {
            log.giveBack(ids).whenComplete((v, fault) -> {
                if (fault != null) {
                    LOG.warn(
                            "stream={} {} events could not be given back; they come again when their lease ends",
                            stream,
                            ids.size(),
                            fault);
                } else {
                    wake();
                }
            });
        }
    }
}
