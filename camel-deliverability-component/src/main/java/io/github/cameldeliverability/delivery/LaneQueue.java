package io.github.cameldeliverability.delivery;

import io.github.cameldeliverability.mail.Lane;
import io.github.cameldeliverability.mail.Permanence;
import io.github.cameldeliverability.mail.Reason;
import io.github.cameldeliverability.mail.SmtpPhase;
import io.github.cameldeliverability.mail.SmtpReply;
import io.github.cameldeliverability.mail.Verdict;
import io.github.cameldeliverability.mail.spi.Shaper.Limits;
import io.github.cameldeliverability.mail.spi.Shaper.Permit;
import io.github.cameldeliverability.mail.spi.Shaper.Sighting;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The mail of one lane that waits in memory, and the sessions that carry it. First come, first served, as far as sessions
 * and destinations allow. Belongs to the serial executor.
 */
final class LaneQueue {

    private static final Logger LOG = LoggerFactory.getLogger(LaneQueue.class);

    private static final int REMEMBERED_DOMAINS = 5000;
    private static final int TURN = 20;
    /** What one more session must have waiting for it: connect, greeting and TLS cost more than the next transaction. */
    private static final int PARCELS_PER_OPENING = 4;
    /**
     * How long mail waits for the sessions that are at work before one more is opened: as long as a transaction with a
     * near server takes. Most domains get a handful of messages at a time, which one session carries.
     */
    private static final Duration PATIENCE = Duration.ofMillis(200);

    private static final Duration STALLED = Duration.ofSeconds(5);

    private static final int MOST_CONTESTED = 12;
    private static final Duration FIRST_CONTEST = Duration.ofMillis(100);

    private final Lane lane;
    private final StreamState stream;
    private final Core core;
    private final Lanes lanes;
    private final Transactions transactions;

    private final Map<String, DestinationQueue> queues = new HashMap<>();
    private final List<Connection> connections = new ArrayList<>();
    private final Set<String> domains = new HashSet<>();
    private final Alarm alarm;

    private long tickets;
    private int queued;
    private int opening;
    /** Sessions that have said QUIT: the server counts them until they are closed. */
    private int closing;
    /** Sends that were permitted, but not made because the list forbade the recipient. */
    private int permitted;
    /** Refusals in a row that less important lanes were blamed for. */
    private int contested;

    private Instant noSendBefore = Instant.MIN;
    private Instant noConnectBefore = Instant.MIN;
    private String why = "";
    private Instant earliestExpiry = Instant.MAX;
    private Instant lastBegan = Instant.EPOCH;
    private boolean pumping;
    private boolean pumpAgain;

    LaneQueue(Lane lane, StreamState stream, Core core, Lanes lanes) {
        this.lane = lane;
        this.stream = stream;
        this.core = core;
        this.lanes = lanes;
        this.transactions = new Transactions(this, core, stream);
        this.alarm = new Alarm(core, this::wake);
    }

    Lane lane() {
        return lane;
    }

    StreamState stream() {
        return stream;
    }

    int queued() {
        return queued;
    }

    Set<String> domains() {
        return domains;
    }

    // ---- what comes in

    void add(Destination destination, Item item) {
        if (domains.size() < REMEMBERED_DOMAINS) {
            domains.add(item.recipient().address().domain());
            domains.add(item.recipient().address().asciiDomain());
        }
        DestinationQueue q = queues.computeIfAbsent(destination.key(), k -> new DestinationQueue(destination));
        q.destination = destination;
        q.add(item, tickets++, core.now());
        count(1);
        if (item.expiresAt().isBefore(earliestExpiry)) {
            earliestExpiry = item.expiresAt();
            alarm.notLaterThan(earliestExpiry);
        }
        parkIfLong(q);
    }

    private void wake() {
        Instant now = core.now();
        if (!now.isBefore(earliestExpiry)) {
            expire(now);
        }
        pump();
    }

    private void expire(Instant now) {
        earliestExpiry = Instant.MAX;
        for (DestinationQueue q : List.copyOf(queues.values())) {
            List<Item> expired = q.takeExpired(now);
            count(-expired.size());
            expired.forEach(i -> core.outcomes().expired(i, Optional.empty(), waitedFor(q, now)));
            q.parcels.forEach(p -> p.items.forEach(
                    i -> earliestExpiry = i.expiresAt().isBefore(earliestExpiry) ? i.expiresAt() : earliestExpiry));
        }
        if (queued > 0) {
            alarm.notLaterThan(earliestExpiry);
        }
    }

    private String waitedFor(DestinationQueue q, Instant now) {
        if (q.isClosedAt(now)) {
            return ": " + q.closedWhy();
        }
        return throttledUntil(now).isPresent() ? ": " + why : "";
    }

    // ---- what goes out

    void pump() {
        if (pumping) {
            pumpAgain = true;
            return;
        }
        pumping = true;
        try {
            do {
                pumpAgain = false;
                boolean more = true;
                while (more) {
                    more = step();
                }
            } while (pumpAgain);
        } finally {
            pumping = false;
        }
    }

    /** Starts one transaction or opens one connection; false if there is nothing to be done now. */
    private boolean step() {
        if (queued == 0 || stream.removed || !lanes.maySend()) {
            return false;
        }
        if (core.sources().hasBetter(stream.config, lane)) {
            leave();
            return false;
        }
        Instant now = core.now();
        if (now.isBefore(noSendBefore)) {
            waitUntil(noSendBefore);
            return false;
        }
        for (DestinationQueue q : inOrder(now)) {
            Connection c = idleFor(q.destination);
            if (c != null) {
                return begin(c, q, now);
            }
            if (open(q, now)) {
                return true;
            }
        }
        return false;
    }

    /** This lane's source address cannot be used now, another of the stream can: what waits goes by that one. */
    private void leave() {
        List<Item> all = new ArrayList<>(queued);
        queues.values().forEach(q -> all.addAll(q.takeAll()));
        count(-all.size());
        lanes.leave(all);
    }

    /** Queues with something to send now, oldest head first. */
    private List<DestinationQueue> inOrder(Instant now) {
        List<DestinationQueue> ready = new ArrayList<>(queues.size());
        for (DestinationQueue q : queues.values()) {
            if (q.isEmpty()) {
                continue;
            }
            if (q.isClosedAt(now)) {
                waitUntil(q.closedUntil());
            } else {
                ready.add(q);
            }
        }
        if (ready.size() > 1) {
            ready.sort(Comparator.comparingLong(DestinationQueue::headTicket));
        }
        return ready;
    }

    private Connection idleFor(Destination destination) {
        for (Connection c : connections) {
            if (!c.busy && c.serves(destination)) {
                return c;
            }
        }
        return null;
    }

    private boolean begin(Connection c, DestinationQueue q, Instant now) {
        if (!c.session.isOpen()) {
            drop(c);
            return true;
        }
        Parcel p = q.poll(core.shaper().limits(lane).recipientsPerTransaction());
        List<Item> expired = p.items.stream().filter(i -> i.isExpiredAt(now)).toList();
        if (!expired.isEmpty()) {
            p.items.removeAll(expired);
            count(-expired.size());
            expired.forEach(i -> core.outcomes().expired(i, Optional.empty(), ""));
            if (p.items.isEmpty()) {
                return true;
            }
        }
        if (permitted >= p.items.size()) {
            permitted -= p.items.size();
        } else if (core.shaper().send(lane, p.items.size(), p.job.bytes()) instanceof Permit.Wait wait) {
            q.putBack(p);
            noSendBefore = wait.until();
            why = wait.why();
            waitUntil(noSendBefore);
            parkIfLong(noSendBefore);
            return false;
        }
        count(-p.items.size());
        c.busy = true;
        c.carries = p.job;
        lastBegan = now;
        lanes.moves(this);
        c.idleTimer.cancel();
        transactions.begin(c, q, p);
        return true;
    }

    // ---- what transactions report back

    /** Whether a refusal is the work of less important lanes, which slow down, and so is no attempt of what it was said to. */
    boolean isContested(Verdict verdict) {
        return Judge.isAboutRate(verdict)
                && contested < MOST_CONTESTED
                && lanes.blameRivals(
                        this, verdict, core.now().plus(pauseOfContest().multipliedBy(2)));
    }

    /** Waits a moment, longer each time, for the others' traffic to abate. */
    void afterContest(Verdict verdict) {
        noSendBefore = core.now().plus(pauseOfContest());
        contested++;
        why = "less important mail makes way: " + verdict.evidence();
    }

    private Duration pauseOfContest() {
        return FIRST_CONTEST.multipliedBy(1L << Math.min(contested, 3));
    }

    void accepted() {
        contested = 0;
    }

    /** More important mail was refused for what this lane sends: nothing is begun for a moment, idle sessions end. */
    void stepAside(Instant until, String reason) {
        if (until.isAfter(noSendBefore)) {
            noSendBefore = until;
            why = "makes way for more important mail: " + reason;
        }
        if (until.isAfter(noConnectBefore)) {
            noConnectBefore = until;
        }
        List.copyOf(connections).forEach(this::quitIfIdle);
    }

    /** Whether it sends, or has just sent. */
    boolean isActive() {
        return !connections.isEmpty() || opening > 0 || core.now().isBefore(lastBegan.plus(STALLED));
    }

    /** Recipients that were permitted and counted, but are not to be mailed: others may use their places. */
    void returnPermits(int n) {
        if (n > 0) {
            permitted = Math.min(permitted + n, 1000);
            noSendBefore = Instant.MIN;
        }
    }

    /** Puts a parcel that left the queue back to its front, untried. */
    void putBack(DestinationQueue q, Parcel p) {
        queues.putIfAbsent(q.destination.key(), q);
        q.putBack(p);
        count(p.items.size());
        if (isStopping()) {
            park(q, core.now(), "the stream stops");
        }
    }

    /** The store did not answer before a transaction began: the parcel waits, and so does the lane for a moment. */
    void storeFailed(Connection c, DestinationQueue q, Parcel p) {
        returnPermits(p.items.size());
        noSendBefore = core.now().plus(Lanes.STORE_CHECK);
        why = "the store does not answer";
        putBack(q, p);
        ended(c, true);
    }

    boolean isStopping() {
        return lanes.isStopping() || stream.removed;
    }

    /** A transaction is over; {@code usable} says whether its session may carry another. */
    void ended(Connection c, boolean usable) {
        c.busy = false;
        c.carries = null;
        Limits limits = core.shaper().limits(lane);
        if (!usable || !c.session.isOpen()) {
            drop(c);
        } else if (c.session.transactions() >= limits.messagesPerConnection()
                || connections.size() > limits.connections()
                || isStopping()
                || lanes.places().shouldYield(this, queued == 0 || c.session.transactions() % TURN == 0)) {
            quit(c);
        } else {
            c.idleTimer = core.timer()
                    .after(core.options().idleTimeout(), () -> core.actor().execute(() -> quitIfIdle(c)));
        }
        pump();
    }

    private void quitIfIdle(Connection c) {
        if (!c.busy) {
            quit(c);
        }
    }

    private void quit(Connection c) {
        if (connections.remove(c)) {
            c.idleTimer.cancel();
            closing++;
            core.actor().when(c.session.quit(), (ok, error) -> {
                closing--;
                freed();
            });
        }
    }

    private void drop(Connection c) {
        if (connections.remove(c)) {
            c.idleTimer.cancel();
            c.session.abort();
            freed();
        }
    }

    private void freed() {
        core.shaper().disconnected(lane);
        lanes.places().free(this);
        pump();
        lanes.forgetIfIdle(this);
    }

    /** Gives up an idle session so that another lane can have its place. */
    boolean giveUpIdleSession() {
        for (Connection c : connections) {
            if (!c.busy) {
                quit(c);
                return true;
            }
        }
        return false;
    }

    // ---- connections

    private boolean isServed(DestinationQueue q) {
        return q.opening > 0 || connections.stream().anyMatch(c -> c.serves(q.destination));
    }

    /** True if a connection is being opened or an expired session was cleared away, so that looking again makes sense. */
    private boolean open(DestinationQueue q, Instant now) {
        if (q.opening * PARCELS_PER_OPENING >= q.parcels.size() || (q.isProbing() && q.opening > 0)) {
            return false;
        }
        if (now.isBefore(noConnectBefore)) {
            waitUntil(noConnectBefore);
            return false;
        }
        Instant patience = q.parcels.peekFirst().since.plus(PATIENCE);
        if (now.isBefore(patience) && isServed(q)) {
            waitUntil(patience);
            return false;
        }
        if (connections.size() + opening + closing >= core.shaper().limits(lane).connections()) {
            replaceIdleFor(q);
            return false;
        }
        if (!lanes.places().take(this)) {
            return false;
        }
        if (core.shaper().connect(lane) instanceof Permit.Wait wait) {
            lanes.places().free(this);
            noConnectBefore = wait.until();
            why = wait.why();
            waitUntil(noConnectBefore);
            if (connections.isEmpty() && opening == 0) {
                parkIfLong(noConnectBefore);
            }
            return false;
        }
        opening++;
        q.opening++;
        Instant started = now;
        core.dialer().dial(stream.config, q.destination, result -> {
            if (result instanceof Dialer.Dialed dialed) {
                connected(q, dialed);
            } else if (result instanceof Dialer.Failed failed) {
                core.workers().execute(() -> {
                    Verdict v = failed.verdict()
                            .orElseGet(() -> core.judge().on(failed.reply(), failed.phase(), lane.receiver()));
                    core.actor().execute(() -> notConnected(q, failed, v, started));
                });
            }
        });
        return true;
    }

    /** A session that nobody here can use makes room for the destination that has waited longest. */
    private void replaceIdleFor(DestinationQueue q) {
        for (Connection c : connections) {
            if (!c.busy && !c.serves(q.destination) && !hasMoreWork(c)) {
                quit(c);
                return;
            }
        }
    }

    /** A session with work of its own is only given up now and then, or two destinations would take turns at connecting. */
    private boolean hasMoreWork(Connection c) {
        DestinationQueue own = queues.get(c.destination.key());
        return own != null && !own.isEmpty() && c.session.transactions() % TURN != 0;
    }

    private void connected(DestinationQueue q, Dialer.Dialed dialed) {
        opening--;
        q.opening--;
        q.reached();
        lanes.network().heard();
        Connection c = new Connection(dialed, q.destination);
        connections.add(c);
        c.idleTimer = core.timer()
                .after(core.options().idleTimeout(), () -> core.actor().execute(() -> quitIfIdle(c)));
        if (isStopping()) {
            quit(c);
        }
        pump();
    }

    /**
     * Tells the shaper of a refused recipient. What it takes for the lane's own trouble, and holds the lane for, is not
     * the message's end: it waits with the others.
     */
    Verdict told(Verdict v, SmtpReply reply, Set<String> tags, Sighting sighting) {
        core.shaper().observed(lane, withReply(v, reply), tags, sighting);
        return excused(v);
    }

    /** What people are shown as evidence is the whole reply. */
    private static Verdict withReply(Verdict v, SmtpReply reply) {
        return new Verdict(v.reason(), v.permanence(), v.fault(), v.ruleId(), reply.format());
    }

    private Verdict excused(Verdict v) {
        return v.isPermanent() && core.shaper().excuses(lane, v)
                ? new Verdict(v.reason(), Permanence.TRANSIENT, v.fault(), v.ruleId(), v.evidence())
                : v;
    }

    private void notConnected(DestinationQueue q, Dialer.Failed failed, Verdict judged, Instant started) {
        Verdict ofSessions = asRefusedConnection(judged);
        opening--;
        q.opening--;
        Instant now = core.now();
        boolean contest = !failed.ourSource() && isContested(ofSessions);
        if (contest) {
            afterContest(ofSessions);
        } else if (failed.ourSource()) {
            core.sources().cannotBind(lane, failed.reply().format());
        } else {
            core.shaper()
                    .observed(
                            lane,
                            withReply(ofSessions, failed.reply()),
                            new Sighting(failed.phase(), failed.reply().code(), 1, 0, Duration.between(started, now)));
        }
        Verdict verdict = excused(judged);
        boolean network = failed.reply().synthetic();
        boolean away = network
                && !failed.ourSource()
                && failed.phase() == SmtpPhase.CONNECT
                && lanes.network().silent(lane.provider(), failed.reply().format());
        if (!network) {
            lanes.network().heard();
        }
        boolean othersLive = q.opening > 0 || connections.stream().anyMatch(c -> c.serves(q.destination));
        if (core.sources().hasBetter(stream.config, lane)) {
            leave();
        } else if (away) {
            // Nobody's failure but ours: the destination stays open and the mail where it is.
            why = "the network is away";
        } else if (contest) {
            LOG.debug("event=contested lane={} reason=\"{}\"", lane, verdict.evidence());
        } else if (!verdict.isPermanent() && othersLive) {
            // The server takes some sessions and not one more: the ones that live go on, nobody is charged. Of attempts
            // side by side that all fail, the last one charges.
            noConnectBefore = now.plus(Duration.ofSeconds(network ? 30 : 5));
            why = "no further connection: " + failed.reply().format();
        } else {
            if (!verdict.isPermanent()) {
                q.notReached(now, failed.reply().format());
            }
            Parcel p = lanes.maySend() && !stream.removed ? q.poll(Integer.MAX_VALUE) : null;
            if (p != null) {
                count(-p.items.size());
                charge(p, failed.reply(), failed.phase(), verdict, failed.host(), Duration.between(started, now));
            }
            parkIfLong(q);
        }
        core.shaper().disconnected(lane);
        lanes.places().free(this);
        pump();
        lanes.forgetIfIdle(this);
    }

    /** Whoever says "too fast" before any message was offered means sessions, not messages. */
    private static Verdict asRefusedConnection(Verdict v) {
        return v.reason() == Reason.RATELIMITED
                ? new Verdict(Reason.TOOMANYCONN, v.permanence(), v.fault(), v.ruleId(), v.evidence())
                : v;
    }

    /** One attempt to connect is the attempt of one parcel; the others were not tried and are not charged. */
    private void charge(
            Parcel p, SmtpReply reply, SmtpPhase phase, Verdict verdict, Optional<String> host, Duration elapsed) {
        Outcomes.Attempt attempt = new Outcomes.Attempt(Optional.of(lane.receiver()), host, Optional.empty(), elapsed);
        p.items.forEach(i -> core.outcomes().failed(i, reply, phase, verdict, attempt));
    }

    // ---- waiting

    private void waitUntil(Instant moment) {
        alarm.notLaterThan(moment);
    }

    private boolean isLong(Instant until) {
        return until.isAfter(core.now().plus(core.options().parkAfter()));
    }

    private void parkIfLong(Instant until) {
        if (isLong(until)) {
            queues.values().forEach(q -> park(q, until, why));
        }
    }

    private void parkIfLong(DestinationQueue q) {
        if (isLong(q.closedUntil())) {
            park(q, q.closedUntil(), q.closedWhy());
        } else if (isLong(noSendBefore)) {
            park(q, noSendBefore, why);
        }
    }

    /** Who must wait for long waits on disk, due when the wait is over or at the deadline. */
    private void park(DestinationQueue q, Instant until, String reason) {
        giveBack(q.takeAll(), until, reason);
    }

    private void giveBack(List<Item> all, Instant until, String reason) {
        Map<Job, List<Item>> byJob = new HashMap<>();
        for (Item i : all) {
            byJob.computeIfAbsent(i.job, j -> new ArrayList<>()).add(i);
        }
        byJob.forEach((job, items) -> {
            count(-items.size());
            Instant due = until.isBefore(job.message.expiresAt()) ? until : job.message.expiresAt();
            job.ledger.release(items, due, reason);
        });
    }

    /**
     * Gives the newer half of what waits here back to the disk if the lane hardly moves, so that lanes that do move get
     * its memory. Returns how many; 0 if it moves.
     */
    int relieve(Instant now, Instant dueAt) {
        boolean moves = throttledUntil(now).isEmpty() && now.isBefore(lastBegan.plus(STALLED));
        if (moves || queued < 2) {
            return 0;
        }
        int before = queued;
        int wanted = queued / 2;
        for (DestinationQueue q : List.copyOf(queues.values())) {
            if (wanted > 0) {
                List<Item> newest = q.takeNewest(wanted);
                wanted -= newest.size();
                giveBack(newest, dueAt, "memory is needed elsewhere");
            }
        }
        return before - queued;
    }

    void giveBack(Predicate<Item> which, String reason) {
        for (DestinationQueue q : List.copyOf(queues.values())) {
            giveBack(q.takeIf(which), core.now(), reason);
        }
    }

    /** Waits that were told earlier may not hold any more: asks anew. */
    void lookAgain() {
        reopen();
        pump();
    }

    void reopen() {
        // Limits may have been raised, too: the shaper says anew until when to wait.
        noSendBefore = Instant.MIN;
        noConnectBefore = Instant.MIN;
        queues.values().forEach(DestinationQueue::reopen);
    }

    /** Gives everything that waits here back, for a stop. */
    void releaseAll(Instant dueAt) {
        queues.values().forEach(q -> park(q, dueAt, "the stream stops"));
        List.copyOf(connections).forEach(this::quitIfIdle);
        alarm.stop();
    }

    /** Breaks off the transactions of a job. */
    void abort(Job job) {
        for (Connection c : List.copyOf(connections)) {
            if (c.carries == job) {
                c.session.abort();
            }
        }
    }

    void abortAll() {
        List.copyOf(connections).forEach(c -> c.session.abort());
    }

    // ---- bookkeeping

    private void count(int n) {
        int before = queued;
        queued += n;
        lanes.queueChanged(this, before, queued);
    }

    boolean isForgettable() {
        Instant now = core.now();
        queues.values().removeIf(q -> q.isForgettable(now));
        boolean idle = queues.isEmpty() && connections.isEmpty() && opening + closing == 0 && queued == 0;
        if (idle) {
            alarm.stop();
            if (permitted > 0) {
                // Nobody is left to use them here: other lanes may share the cap.
                core.shaper().unsent(lane, permitted);
                permitted = 0;
            }
        }
        return idle;
    }

    private Optional<Instant> throttledUntil(Instant now) {
        Instant until = noSendBefore;
        if (connections.isEmpty() && noConnectBefore.isAfter(until)) {
            until = noConnectBefore;
        }
        return until.isAfter(now) ? Optional.of(until) : Optional.empty();
    }

    EngineSnapshot.LaneSnapshot snapshot() {
        Instant now = core.now();
        Optional<Instant> until = throttledUntil(now);
        String reason = why;
        if (until.isEmpty()) {
            Optional<DestinationQueue> closed =
                    queues.values().stream().filter(q -> q.isClosedAt(now)).findFirst();
            until = closed.map(DestinationQueue::closedUntil);
            reason = closed.map(DestinationQueue::closedWhy).orElse("");
        }
        return new EngineSnapshot.LaneSnapshot(
                lane,
                queued,
                connections.size(),
                opening,
                until,
                until.isPresent() ? Optional.of(reason) : Optional.empty());
    }
}
