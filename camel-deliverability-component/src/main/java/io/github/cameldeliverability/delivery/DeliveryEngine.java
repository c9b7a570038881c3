package io.github.cameldeliverability.delivery;

import io.github.cameldeliverability.mail.DeliveryEvent;
import io.github.cameldeliverability.mail.DeliveryReport;
import io.github.cameldeliverability.mail.Outcome;
import io.github.cameldeliverability.mail.RecipientKey;
import io.github.cameldeliverability.mail.SmtpPhase;
import io.github.cameldeliverability.mail.SmtpReply;
import io.github.cameldeliverability.mail.SpooledMessage;
import io.github.cameldeliverability.mail.StreamConfig;
import io.github.cameldeliverability.mail.Submission;
import io.github.cameldeliverability.mail.Suppression;
import io.github.cameldeliverability.mail.spi.EventLog.LoggedEvent;
import io.github.cameldeliverability.mail.spi.Mailer;
import io.github.cameldeliverability.mail.spi.Shaper.Permit;
import io.github.cameldeliverability.mail.spi.Spool.Claim;
import io.github.cameldeliverability.token.QueueIds;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engine: durable submission, delivery by lanes, retries, one final outcome for each recipient. Thread-safe.
 *
 * <p>Mail may be submitted before {@link #start()} and is then only stored. The rooms and threads that it was made from
 * belong to the caller and are ended after {@link #stop()}.
 */
public final class DeliveryEngine implements Mailer {

    private static final Logger LOG = LoggerFactory.getLogger(DeliveryEngine.class);

    /** How often {@link #beat} wants to be called. */
    public static final Duration BEAT = StallWatch.BEAT;

    private static final Duration AGAIN_WHILE_AWAY = Duration.ofSeconds(20);

    /** How long the transactions that were broken off may take to say so. */
    private static final Duration BROKEN_OFF = Duration.ofMillis(500);

    private final EngineRooms rooms;
    private final EngineOptions options;
    private final EngineMachinery machinery;
    private final Clock clock;
    private final Executor workers;
    private final SerialExecutor actor;
    private final DeliveryListener listener;
    private final Map<String, StreamState> streams = new ConcurrentHashMap<>();
    private final Map<Outcome, LongAdder> outcomes = new EnumMap<>(Outcome.class);
    private final Admission admission;
    private final MemoryBudget memory;
    private final MessagePreparation preparation;
    private final OnceByKey once;
    private final GreylistNotes greylistNotes;
    private final GreylistMemory greylists;
    private final Core core;
    private final NetworkWatch network;
    private final Routes routes;
    private final Lanes lanes;
    private final Orders orders;
    private final EventRetention retention;
    private final EffectsFollower effects;
    private final StoreWrites writes;
    private final SenderNotices notices;
    private final SpoolLedger ledger;
    private final Alarm storeAlarm;

    private volatile boolean running;
    private volatile boolean stopping;
    private int direct;
    private CompletableFuture<Void> stopped;
    private final List<CompletableFuture<Void>> alsoStopping = new ArrayList<>();

    /** An engine without a listener. */
    public DeliveryEngine(
            EngineRooms rooms,
            EngineMachinery machinery,
            EngineOptions options,
            RetryPolicy retries,
            Collection<StreamConfig> streams) {
        this(rooms, machinery, options, retries, streams, e -> {});
    }

    /**
     * @param rooms what it stands on
     * @param machinery what makes it run
     * @param options bounds
     * @param retries when to try again
     * @param streams the streams known from the start; see {@link #addStream}
     * @param listener told of every event after it was recorded
     */
    public DeliveryEngine(
            EngineRooms rooms,
            EngineMachinery machinery,
            EngineOptions options,
            RetryPolicy retries,
            Collection<StreamConfig> streams,
            DeliveryListener listener) {
        this.rooms = rooms;
        this.options = options;
        this.machinery = machinery;
        this.clock = machinery.clock();
        this.workers = machinery.workers();
        this.listener = listener;
        this.actor = new SerialExecutor(workers);
        for (Outcome o : Outcome.values()) {
            outcomes.put(o, new LongAdder());
        }
        // As many as can be worked on: whoever comes next finds hardly a line at the workers' door.
        int preparing = Math.max(2, Runtime.getRuntime().availableProcessors());
        this.admission = new Admission(options.submittingMessages(), options.submittingBytes(), preparing, workers);
        this.memory = new MemoryBudget(options.memoryMessages(), options.memoryBytes());
        this.preparation = new MessagePreparation(rooms.tokens());
        this.once = new OnceByKey(rooms.store().events());
        this.greylistNotes = new GreylistNotes(rooms.store().counters());
        this.greylists = new GreylistMemory(greylistNotes::keep);
        Sources sources = new Sources(rooms.shaper(), clock);
        Dialer dialer = new Dialer(
                rooms.connector(), rooms.resolver(), options, machinery.random(), actor, new HostNotes(clock));
        this.core = new Core(
                clock,
                machinery.timer(),
                workers,
                actor,
                options,
                rooms.shaper(),
                sources,
                rooms.store().suppressions(),
                new Judge(rooms.verdicts()),
                new Outcomes(retries, clock, machinery.random(), greylists),
                dialer,
                new StallWatch());
        this.network = new NetworkWatch(core, this::tryAgain);
        this.routes = new Routes(rooms.resolver(), rooms.shaper(), sources, network, clock, actor);
        this.lanes = new Lanes(core, network, this::mayAttempt);
        this.orders = new Orders(rooms.store().control(), core, lanes, this::storeIsBack);
        this.retention = new EventRetention(rooms.store().events(), core);
        this.effects = new EffectsFollower(core, lanes);
        this.writes = new StoreWrites(core, this::storeIsBack);
        this.notices = new SenderNotices(core, this::enqueueOnce);
        this.ledger = new SpoolLedger(rooms.store().spool(), writes, notices, this::recorded, this::closed);
        this.storeAlarm = new Alarm(core, this::storeIsBack);
        lanes.onRoom(this::lookAll);
        lanes.onLeave(this::route);
        streams.forEach(this::addStream);
    }

    /** Adds a stream, or gives one that is known new settings for what comes from now on. */
    public void addStream(StreamConfig config) {
        addStream(config, Optional.empty());
    }

    /** @param retries when to try mail of this stream again; empty leaves it to the engine's policy */
    public void addStream(StreamConfig config, Optional<RetryPolicy> retries) {
        if (config.verp() && rooms.tokens().isEmpty()) {
            throw new IllegalArgumentException(
                    "stream " + config.name() + " wants VERP, but the engine was made without return tokens");
        }
        StreamState state = streams.computeIfAbsent(config.name(), n -> new StreamState(config));
        state.config = config;
        state.retries = retries;
        restand();
        actor.execute(() -> {
            if (state.claimer == null) {
                state.claimer = new Claimer(
                        state,
                        rooms.store().spool(),
                        core,
                        () -> memory.room(state.standing),
                        this::mayAttempt,
                        orders,
                        new Fetched(state),
                        this::checkStopped);
            }
            if (running && !state.removed) {
                state.claimer.start();
            }
        });
    }

    /** Sets when to try mail of a stream again; empty leaves it to the engine's policy. Of unknown streams nothing is kept. */
    public void retry(String stream, Optional<RetryPolicy> retries) {
        StreamState state = streams.get(stream);
        if (state != null) {
            state.retries = retries;
        }
    }

    /** Asks the shaper anew for every lane, after limits were changed. */
    public void limitsChanged() {
        actor.execute(() -> {
            lanes.reopen();
            lanes.pumpAll();
        });
    }

    /**
     * Ends the delivery of a stream; the others go on. Nothing new of it is begun or taken in, transactions under way end,
     * everything else goes back to the spool and waits for who adds the stream again.
     */
    public void removeStream(String name) {
        StreamState state = streams.remove(name);
        if (state == null) {
            return;
        }
        state.removed = true;
        restand();
        actor.execute(() -> {
            if (state.claimer != null) {
                state.claimer.stop();
            }
            lanes.remove(state, clock.instant());
        });
    }

    private void restand() {
        List<StreamConfig> all = streams.values().stream().map(s -> s.config).toList();
        streams.values().forEach(s -> s.standing = Standing.of(s.config, all));
    }

    /**
     * To be called each {@link #BEAT}, by whoever has a timer of its own: when it comes late, the engine stood still, and
     * holds that against no server. Does not block.
     */
    public void beat() {
        actor.execute(() -> core.stalls().beat(clock.instant()));
    }

    /** Begins to deliver, with what the spool holds. */
    public void start() {
        running = true;
        stopping = false;
        actor.execute(() -> {
            lanes.resume();
            actor.when(greylistNotes.all(), (noted, error) -> {
                if (error == null) {
                    greylists.recall(noted, clock.instant());
                }
            });
            orders.start();
            effects.start();
            retention.start();
            byPriority().forEach(s -> s.claimer.start());
        });
    }

    /**
     * Blocking: ends delivery. Nothing new is begun, transactions under way may finish within {@link
     * EngineOptions#stopTimeout()}, everything else goes back to the spool.
     */
    public void stop() {
        try {
            stopAsync().toCompletableFuture().get(options.stopTimeout().toMillis() + 5000, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("event=stop-incomplete unsettled={} reason=\"{}\"", writes.pending(), e.toString());
        }
    }

    /** As {@link #stop()}; completes when it is done. */
    public CompletionStage<Void> stopAsync() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        stopping = true;
        running = false;
        actor.execute(() -> {
            if (stopped != null) {
                alsoStopping.add(done);
                return;
            }
            stopped = done;
            orders.stop();
            effects.stop();
            retention.stop();
            network.stop();
            streams.values().forEach(s -> s.claimer.stop());
            lanes.stop(clock.instant());
            core.timer().after(options.stopTimeout(), () -> actor.execute(() -> abortIfStillStopping(done)));
            checkStopped();
        });
        return done;
    }

    private void abortIfStillStopping(CompletableFuture<Void> done) {
        if (stopped == done) {
            LOG.warn("event=stop-aborts messages={} unsettled={}", memory.messages(), writes.pending());
            lanes.abortAll();
            core.timer().after(Duration.ofSeconds(2), () -> actor.execute(() -> finishStop(done)));
        }
    }

    private void checkStopped() {
        if (stopped != null && memory.isEmpty() && direct == 0 && writes.pending() == 0) {
            boolean quiet = streams.values().stream().allMatch(s -> s.claimer.isIdle());
            if (quiet) {
                finishStop(stopped);
            }
        }
    }

    private void finishStop(CompletableFuture<Void> done) {
        if (stopped == done) {
            stopped = null;
            alsoStopping.add(done);
            List<CompletableFuture<Void>> all = List.copyOf(alsoStopping);
            alsoStopping.clear();
            workers.execute(() -> all.forEach(f -> f.complete(null)));
        }
    }

    /**
     * Records that the fallback of a stream did not mend a failure: its sender is told, where the stream wants that. Safe to
     * repeat.
     *
     * @param event the final outcome
     * @throws IllegalArgumentException in the stage, if the stream is unknown
     */
    public CompletionStage<Void> tellSender(SpooledMessage message, DeliveryEvent event, int ordinal) {
        StreamState stream = streams.get(message.stream());
        return stream == null
                ? CompletableFuture.failedFuture(new IllegalArgumentException("unknown stream " + message.stream()))
                : notices.afterFallback(message, stream, event, ordinal);
    }

    // ---- submission

    @Override
    public CompletionStage<String> submit(Submission submission) {
        StreamState stream = streams.get(submission.stream());
        Optional<Throwable> refused = refuse(submission, stream);
        if (refused.isPresent()) {
            return CompletableFuture.failedFuture(refused.get());
        }
        if (submission.idempotencyKey().isPresent()) {
            return enqueueOnce(submission, stream);
        }
        return enqueue(submission, stream, machinery.queueIds().get());
    }

    private CompletionStage<String> enqueueOnce(Submission submission, StreamState stream) {
        String id =
                QueueIds.named(submission.stream(), submission.idempotencyKey().orElseThrow());
        return once.submit(id, () -> enqueue(submission, stream, id));
    }

    private CompletionStage<String> enqueue(Submission submission, StreamState stream, String queueId) {
        CompletableFuture<String> result = new CompletableFuture<>();
        int size = submission.content().length;
        enter(stream, size, result, () -> {
            Optional<SpooledMessage> m = prepare(submission, stream, queueId, size, result);
            admission.prepared();
            m.ifPresent(message -> store(stream, message, size, result));
        });
        return result;
    }

    private Optional<SpooledMessage> prepare(
            Submission submission, StreamState stream, String queueId, int size, CompletableFuture<?> result) {
        try {
            return Optional.of(preparation.prepare(submission, stream.config, queueId, clock.instant()));
        } catch (RuntimeException e) {
            admission.leave(stream.name(), size);
            result.completeExceptionally(e);
            return Optional.empty();
        }
    }

    private void store(StreamState stream, SpooledMessage m, int size, CompletableFuture<String> result) {
        boolean held = running
                && !stream.removed
                && !m.dueAt().isAfter(m.acceptedAt())
                && !isCrowded(stream, m)
                && !orders.holdBackSome(m)
                && memory.reserveForNew(stream.standing, m.content().length);
        rooms.store()
                .spool()
                .add(m, held)
                .whenComplete((ok, error) -> workers.execute(() -> {
                    admission.leave(stream.name(), size);
                    if (error != null) {
                        if (held) {
                            memory.release(stream.name(), m.content().length);
                        }
                        result.completeExceptionally(unwrapped(error));
                        return;
                    }
                    actor.execute(() -> {
                        if (held) {
                            begin(new Job(m, stream, ledger), allOf(m));
                        } else {
                            stream.claimer.dueAt(m.dueAt());
                        }
                    });
                    result.complete(m.queueId());
                }));
    }

    @Override
    public CompletionStage<DeliveryReport> deliverNow(Submission submission) {
        StreamState stream = streams.get(submission.stream());
        Optional<Throwable> refused = refuse(submission, stream);
        if (refused.isPresent()) {
            return CompletableFuture.failedFuture(refused.get());
        }
        if (!running) {
            return CompletableFuture.failedFuture(new IOException("the delivery engine is not running"));
        }
        CompletableFuture<DeliveryReport> result = new CompletableFuture<>();
        int size = submission.content().length;
        enter(stream, size, result, () -> {
            Optional<SpooledMessage> prepared =
                    prepare(submission, stream, machinery.queueIds().get(), size, result);
            admission.prepared();
            prepared.ifPresent(m -> actor.execute(() -> beginDirect(stream, directly(m), size, result)));
        });
        return result;
    }

    private void beginDirect(StreamState stream, SpooledMessage m, int size, CompletableFuture<DeliveryReport> result) {
        direct++;
        DirectLedger ledgerOfIt = new DirectLedger(m, clock, report -> {
            direct--;
            checkStopped();
            workers.execute(() -> {
                admission.leave(stream.name(), size);
                report.recipients().forEach(this::recorded);
                result.complete(report);
            });
        });
        Job job = new Job(m, stream, ledgerOfIt);
        boundDirect(job, ledgerOfIt, result);
        route(job, allOf(m));
    }

    /** A caller who waits gets an answer: what is under way at the deadline is broken off, and its outcome is awaited briefly. */
    private void boundDirect(Job job, DirectLedger ledger, CompletableFuture<DeliveryReport> result) {
        DelayTimer.Cancellation deadline = core.timer()
                .after(
                        options.directTotal(),
                        () -> actor.execute(() -> {
                            lanes.abort(job);
                            core.timer()
                                    .after(
                                            BROKEN_OFF,
                                            () -> actor.execute(() -> ledger.giveUp(
                                                    job, "not finished within " + options.directTotal())));
                        }));
        var unused = result.whenComplete((report, error) -> deadline.cancel());
    }

    /** The same message, due at once and with the patience of a caller who waits. */
    private SpooledMessage directly(SpooledMessage m) {
        return new SpooledMessage(
                m.queueId(),
                m.stream(),
                m.messageId(),
                m.content(),
                m.eightBit(),
                m.utf8Header(),
                m.envelopeId(),
                m.requireTls(),
                m.acceptedAt(),
                m.acceptedAt().plus(options.directTimeout()),
                m.acceptedAt(),
                m.tags(),
                m.recipients());
    }

    private void enter(StreamState stream, int size, CompletableFuture<?> result, Runnable task) {
        admission.enter(
                stream.standing,
                size,
                task,
                e -> result.completeExceptionally(
                        new IOException("the workers of the delivery engine refuse work", e)));
    }

    private Optional<Throwable> refuse(Submission s, StreamState stream) {
        if (stream == null) {
            return Optional.of(new IllegalArgumentException("unknown stream " + s.stream() + "; known: "
                    + streams.keySet().stream().sorted().toList()));
        }
        if (s.content().length > options.maxMessageBytes()) {
            return Optional.of(new IllegalArgumentException("message of " + s.content().length
                    + " bytes; maxMessageBytes allows " + options.maxMessageBytes()));
        }
        if (stopping) {
            return Optional.of(new IOException("the delivery engine has been stopped"));
        }
        return Optional.empty();
    }

    // ---- on the serial executor: from memory and disk into the lanes

    private static List<Claim> allOf(SpooledMessage m) {
        List<Claim> all = new ArrayList<>(m.recipients().size());
        for (int i = 0; i < m.recipients().size(); i++) {
            String domain = m.recipients().get(i).address().domain();
            all.add(new Claim(new RecipientKey(m.queueId(), i), domain, 0, m.dueAt(), m.expiresAt()));
        }
        return all;
    }

    private void begin(Job job, List<Claim> claims) {
        job.open = claims.size();
        route(job, claims);
    }

    private void route(Job job, List<Claim> claims) {
        Instant now = clock.instant();
        for (Claim c : claims) {
            Item item = new Item(job, c.key().ordinal(), c.attempts());
            if (item.isExpiredAt(now)) {
                expire(item);
            } else {
                firstLook(item, now);
            }
        }
    }

    /**
     * Whoever is suppressed already costs neither a look-up nor a connection. It is asked again right before sending, so an
     * answer that does not come is no reason to wait here.
     */
    private void firstLook(Item item, Instant now) {
        StreamConfig config = item.job.stream.config;
        if (config.suppressionList().isEmpty()) {
            route(item);
            return;
        }
        CompletableFuture<Optional<Suppression>> check = rooms.store()
                .suppressions()
                .check(
                        config.suppressionList().get(),
                        item.recipient().address(),
                        config.suppressionScopes(),
                        config.suppressionChecks(),
                        now)
                .toCompletableFuture();
        if (check.isDone()) {
            looked(item, check.isCompletedExceptionally() ? Optional.empty() : check.join());
        } else {
            actor.when(check, (found, error) -> looked(item, error == null ? found : Optional.empty()));
        }
    }

    private void looked(Item item, Optional<Suppression> found) {
        if (found.isPresent()) {
            core.outcomes().suppressed(item, found.get(), Optional.empty());
        } else {
            route(item);
        }
    }

    private void route(Item item) {
        routes.find(item.job.stream.config, item, routing -> routed(item, routing));
    }

    private void routed(Item item, Routing routing) {
        if (lanes.isStopping() || item.job.stream.removed) {
            item.job.ledger.release(List.of(item), clock.instant(), "the engine stops");
        } else if (orders.whyHeldBack(item).isPresent()) {
            item.job.ledger.release(
                    List.of(item), clock.instant(), orders.whyHeldBack(item).get());
        } else if (effects.held(item).isPresent()) {
            Permit.Wait hold = effects.held(item).get();
            Instant until = hold.until().isBefore(item.expiresAt()) ? hold.until() : item.expiresAt();
            item.job.ledger.release(List.of(item), until, hold.why());
        } else if (routing instanceof Routing.To to) {
            lanes.add(item.job.stream, to.destination(), item);
        } else if (routing instanceof Routing.Nowhere n && isOurs(n) && item.job.ledger.isDurable()) {
            // Not tried, and not charged: due again soon, for the network is not away for long by rule.
            Instant soon = clock.instant().plus(AGAIN_WHILE_AWAY);
            item.job.ledger.release(
                    List.of(item), soon.isBefore(item.expiresAt()) ? soon : item.expiresAt(), "the network is away");
        } else if (routing instanceof Routing.Nowhere n) {
            core.outcomes().failed(item, n.reply(), SmtpPhase.DNS, n.verdict(), Outcomes.Attempt.NONE);
        }
    }

    private boolean isOurs(Routing.Nowhere n) {
        return !n.verdict().isPermanent() && network.isAway();
    }

    /** With the last thing that a server said of it, which is in the history. */
    private void expire(Item item) {
        if (item.attempts == 0) {
            core.outcomes().expired(item, Optional.empty(), "");
            return;
        }
        actor.when(rooms.store().events().history(item.job.message.queueId()), (events, error) -> {
            Optional<SmtpReply> last = Optional.empty();
            if (error == null) {
                for (LoggedEvent e : events) {
                    if (e.key().equals(item.key()) && e.event().reply().isPresent()) {
                        last = e.event().reply();
                    }
                }
            }
            core.outcomes().expired(item, last, "");
        });
    }

    private final class Fetched implements Claimer.Sink {
        private final StreamState stream;

        Fetched(StreamState stream) {
            this.stream = stream;
        }

        @Override
        public void fetched(SpooledMessage message, List<Claim> claims) {
            memory.reserve(stream.standing, message.content().length);
            begin(new Job(message, stream, ledger), claims);
        }

        @Override
        public void full() {
            lanes.relieve();
        }

        @Override
        public void giveBack(List<RecipientKey> keys, Instant dueAt) {
            if (!keys.isEmpty()) {
                writes.write("release", () -> rooms.store().spool().release(keys, dueAt), () -> {
                    stream.claimer.dueAt(dueAt);
                    checkStopped();
                });
            }
        }
    }

    // ---- on the serial executor: what comes out

    private void recorded(DeliveryEvent event) {
        outcomes.get(event.outcome()).increment();
        workers.execute(() -> {
            try {
                listener.onEvent(event);
            } catch (RuntimeException e) {
                LOG.error("the delivery listener failed; delivery goes on", e);
            }
        });
    }

    private void closed(Job job) {
        memory.release(job.stream.name(), job.bytes());
        if (stopped != null) {
            checkStopped();
        } else {
            roomInMemory();
        }
    }

    /** Not at every message: a claim is worth its while when it can fetch many. */
    private void roomInMemory() {
        int enough = Math.max(1, options.memoryMessages() / 8);
        if (memory.messages() % enough == 0) {
            lookAll();
        }
    }

    private void lookAll() {
        byPriority().forEach(s -> s.claimer.look());
    }

    private boolean mayAttempt() {
        if (writes.inTrouble() || !orders.areKnown() || network.isAway()) {
            return false;
        }
        if (rooms.store().unhealthyReason().isPresent()) {
            storeAlarm.notLaterThan(clock.instant().plus(Lanes.STORE_CHECK));
            return false;
        }
        return true;
    }

    private void tryAgain() {
        lanes.reopen();
        storeIsBack();
    }

    private void storeIsBack() {
        if (running) {
            lanes.pumpAll();
            lookAll();
        }
    }

    // ---- for people

    /** Why no mail can leave at all, and what to do about it, from remembered state; empty if some can. On any thread. */
    public Optional<String> unhealthyReason() {
        return rooms.store().unhealthyReason().or(network::why);
    }

    /** What the engine is doing. */
    public CompletionStage<EngineSnapshot> snapshot() {
        CompletableFuture<EngineSnapshot> result = new CompletableFuture<>();
        actor.execute(() -> {
            Map<Outcome, Long> counts = new EnumMap<>(Outcome.class);
            outcomes.forEach((o, n) -> counts.put(o, n.sum()));
            Optional<String> trouble = writes.inTrouble()
                    ? Optional.of(writes.trouble())
                    : rooms.store().unhealthyReason();
            EngineSnapshot s = new EngineSnapshot(
                    lanes.snapshot(),
                    counts,
                    memory.messages(),
                    memory.bytes(),
                    writes.pending(),
                    trouble,
                    orders.suspensions());
            workers.execute(() -> result.complete(s));
        });
        return result;
    }

    private static boolean isCrowded(StreamState stream, SpooledMessage m) {
        Set<String> crowded = stream.crowdedDomains;
        return !crowded.isEmpty()
                && m.recipients().stream()
                        .anyMatch(r -> crowded.contains(r.address().domain()));
    }

    private List<StreamState> byPriority() {
        List<StreamState> sorted = new ArrayList<>(streams.values());
        // A stream that is just being added gets its claimer by a task that is still to come, and is started by it.
        sorted.removeIf(s -> s.claimer == null);
        sorted.sort(
                Comparator.comparingInt((StreamState s) -> s.config.priority()).reversed());
        return sorted;
    }

    private static Throwable unwrapped(Throwable error) {
        return error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    }
}
