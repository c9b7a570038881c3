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
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One lane at work: takes what waits in its backlog to the sessions that carry it, first come, first served, as far as
 * sessions and destinations allow. Belongs to the serial executor.
 */
final class LaneQueue {

    private static final Logger LOG = LoggerFactory.getLogger(LaneQueue.class);

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

    private final Backlog backlog;
    private final LaneSessions sessions;
    private final Alarm alarm;

    /** Sends that were permitted, but not made because the list forbade the recipient. */
    private int permitted;
    /** Refusals in a row that less important lanes were blamed for. */
    private int contested;

    private Instant noSendBefore = Instant.MIN;
    private Instant noConnectBefore = Instant.MIN;
    private String why = "";
    private Instant lastBegan = Instant.EPOCH;
    private boolean pumping;
    private boolean pumpAgain;

    LaneQueue(Lane lane, StreamState stream, Core core, Lanes lanes) {
        this.lane = lane;
        this.stream = stream;
        this.core = core;
        this.lanes = lanes;
        this.backlog = new Backlog(core, (before, after) -> lanes.queueChanged(this, before, after));
        this.sessions = new LaneSessions(core, this::freed);
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
        return backlog.size();
    }

    Set<String> domains() {
        return backlog.domains();
    }

    // ---- what comes in

    void add(Destination destination, Item item) {
        DestinationQueue q = backlog.add(destination, item);
        alarm.notLaterThan(backlog.earliestExpiry());
        parkIfLong(q);
    }

    private void wake() {
        Instant now = core.now();
        if (!now.isBefore(backlog.earliestExpiry())) {
            backlog.expire(now, q -> waitedFor(q, now));
            if (!backlog.isEmpty()) {
                alarm.notLaterThan(backlog.earliestExpiry());
            }
        }
        pump();
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
        if (backlog.isEmpty() || stream.removed || !lanes.maySend()) {
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
        for (DestinationQueue q : backlog.inOrder(now, this::waitUntil)) {
            Connection c = sessions.idleFor(q.destination);
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
        lanes.leave(backlog.takeAll());
    }

    private boolean begin(Connection c, DestinationQueue q, Instant now) {
        if (!c.session.isOpen()) {
            sessions.drop(c);
            return true;
        }
        Parcel p = q.poll(core.shaper().limits(lane).recipientsPerTransaction());
        List<Item> expired = p.items.stream().filter(i -> i.isExpiredAt(now)).toList();
        if (!expired.isEmpty()) {
            p.items.removeAll(expired);
            backlog.took(expired.size());
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
        backlog.took(p.items.size());
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
        sessions.quitIdle();
    }

    /** Whether it sends, or has just sent. */
    boolean isActive() {
        return sessions.areThere() || core.now().isBefore(lastBegan.plus(STALLED));
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
        backlog.putBack(q, p);
        if (isStopping()) {
            backlog.park(q, core.now(), "the stream stops");
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
            sessions.drop(c);
        } else if (c.session.transactions() >= limits.messagesPerConnection()
                || sessions.open() > limits.connections()
                || isStopping()
                || lanes.places().shouldYield(this, backlog.isEmpty() || c.session.transactions() % TURN == 0)) {
            sessions.quit(c);
        } else {
            sessions.rest(c);
        }
        pump();
    }

    private void freed() {
        core.shaper().disconnected(lane);
        lanes.places().free(this);
        pump();
        lanes.forgetIfIdle(this);
    }

    /** Gives up an idle session so that another lane can have its place. */
    boolean giveUpIdleSession() {
        return sessions.quitOneIdle();
    }

    // ---- connections

    private boolean isServed(DestinationQueue q) {
        return q.opening > 0 || sessions.serve(q.destination);
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
        if (sessions.all() >= core.shaper().limits(lane).connections()) {
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
            if (!sessions.areThere()) {
                parkIfLong(noConnectBefore);
            }
            return false;
        }
        sessions.opening(1);
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
        sessions.quitOneIdle(c -> !c.serves(q.destination) && !hasMoreWork(c));
    }

    /** A session with work of its own is only given up now and then, or two destinations would take turns at connecting. */
    private boolean hasMoreWork(Connection c) {
        return backlog.holdsFor(c.destination) && c.session.transactions() % TURN != 0;
    }

    private void connected(DestinationQueue q, Dialer.Dialed dialed) {
        sessions.opening(-1);
        q.opening--;
        q.reached();
        lanes.network().heard();
        Connection c = new Connection(dialed, q.destination);
        sessions.add(c);
        if (isStopping()) {
            sessions.quit(c);
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
        sessions.opening(-1);
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
        boolean othersLive = isServed(q);
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
                backlog.took(p.items.size());
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
            backlog.parkAll(until, why);
        }
    }

    private void parkIfLong(DestinationQueue q) {
        if (isLong(q.closedUntil())) {
            backlog.park(q, q.closedUntil(), q.closedWhy());
        } else if (isLong(noSendBefore)) {
            backlog.park(q, noSendBefore, why);
        }
    }

    /**
     * Gives the newer half of what waits here back to the disk if the lane hardly moves, so that lanes that do move get
     * its memory. Returns how many; 0 if it moves.
     */
    int relieve(Instant now, Instant dueAt) {
        boolean moves = throttledUntil(now).isEmpty() && now.isBefore(lastBegan.plus(STALLED));
        return moves ? 0 : backlog.relieve(dueAt);
    }

    void giveBack(Predicate<Item> which, String reason) {
        backlog.giveBack(which, reason);
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
        backlog.reopen();
    }

    /** Gives everything that waits here back, for a stop. */
    void releaseAll(Instant dueAt) {
        backlog.parkAll(dueAt, "the stream stops");
        sessions.quitIdle();
        alarm.stop();
    }

    /** Breaks off the transactions of a job. */
    void abort(Job job) {
        sessions.abort(c -> c.carries == job);
    }

    void abortAll() {
        sessions.abort(c -> true);
    }

    // ---- bookkeeping

    boolean isForgettable() {
        boolean idle = backlog.isForgettable() && sessions.all() == 0;
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
        if (sessions.open() == 0 && noConnectBefore.isAfter(until)) {
            until = noConnectBefore;
        }
        return until.isAfter(now) ? Optional.of(until) : Optional.empty();
    }

    EngineSnapshot.LaneSnapshot snapshot() {
        Instant now = core.now();
        Optional<Instant> until = throttledUntil(now);
        String reason = why;
        if (until.isEmpty()) {
            Optional<DestinationQueue> closed = backlog.closedOne(now);
            until = closed.map(DestinationQueue::closedUntil);
            reason = closed.map(DestinationQueue::closedWhy).orElse("");
        }
        return new EngineSnapshot.LaneSnapshot(
                lane,
                backlog.size(),
                sessions.open(),
                sessions.opening(),
                until,
                until.isPresent() ? Optional.of(reason) : Optional.empty());
    }
}
