package io.github.cameldeliverability.cli.replay;

import io.github.cameldeliverability.mail.Lane;
import io.github.cameldeliverability.mail.Permanence;
import io.github.cameldeliverability.mail.Reason;
import io.github.cameldeliverability.mail.ReplyEvidence;
import io.github.cameldeliverability.mail.SmtpPhase;
import io.github.cameldeliverability.mail.Verdict;
import io.github.cameldeliverability.mail.spi.Shaper;
import io.github.cameldeliverability.mail.spi.Shaper.Permit;
import io.github.cameldeliverability.mail.spi.Shaper.Sighting;
import io.github.cameldeliverability.mail.spi.VerdictEngine;
import io.github.cameldeliverability.verdict.ReplyText;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One lane of a replay: asks the shaper for leave, answers with what was recorded, and tells the shaper. A recipient's
 * n-th attempt gets its n-th recorded answer and takes as long. Not thread-safe.
 */
final class ReplayLane {

    private static final Duration LOOK_AGAIN = Duration.ofSeconds(30);
    /** What the engine waits after a session could not be opened. */
    private static final Duration NO_CONNECT = Duration.ofSeconds(5);

    private static final Duration LEAST = Duration.ofMillis(1);
    private static final int SERVICE_CLOSES = 421;

    private final Lane lane;
    private final SimulatedTime time;
    private final Shaper shaper;
    private final VerdictEngine verdicts;
    private final Instant start;
    private final Duration recorded;

    private final Deque<Turn> due = new ArrayDeque<>();
    private final Deque<Integer> idle = new ArrayDeque<>();
    private final Map<String, Duration> waits = new HashMap<>();
    private int open;
    private long recipients;
    private long delivered;
    private long refused;
    private long deferrals;
    private Instant last;
    private Instant noConnectBefore = Instant.MIN;
    private Instant wakeAt = Instant.MAX;
    private Optional<String> waitingFor = Optional.empty();
    private Instant waitingSince;

    private record Turn(List<RecordedEvent> attempts, int index) {
        RecordedEvent event() {
            return attempts.get(index);
        }

        boolean isLast() {
            return index + 1 == attempts.size();
        }
    }

    ReplayLane(Lane lane, SimulatedTime time, Shaper shaper, VerdictEngine verdicts, Instant start, Duration recorded) {
        this.lane = lane;
        this.time = time;
        this.shaper = shaper;
        this.verdicts = verdicts;
        this.start = start;
        this.recorded = recorded;
        this.last = start;
        this.waitingSince = start;
    }

    /** Plans a recipient's first attempt. */
    void arrives(Instant at, List<RecordedEvent> attempts) {
        recipients++;
        time.at(at, () -> due(new Turn(attempts, 0)));
    }

    private void due(Turn turn) {
        due.addLast(turn);
        pump();
    }

    private void pump() {
        waited();
        Optional<String> why = Optional.empty();
        while (why.isEmpty() && !due.isEmpty()) {
            why = step();
        }
        if (due.isEmpty()) {
            for (; !idle.isEmpty(); idle.remove()) {
                closed();
            }
        }
        waitingFor = why;
        waitingSince = time.instant();
    }

    /** Begins one attempt or opens one session; what is waited for if neither may be. */
    private Optional<String> step() {
        Instant now = time.instant();
        if (!idle.isEmpty()) {
            if (shaper.send(lane, 1) instanceof Permit.Wait wait) {
                wake(wait.until());
                return Optional.of(wait.why());
            }
            transmit(due.removeFirst(), idle.removeLast());
            return Optional.empty();
        }
        int connections = shaper.limits(lane).connections();
        if (open >= connections) {
            wake(now.plus(LOOK_AGAIN));
            return Optional.of("connections " + connections + ", all in use");
        }
        if (now.isBefore(noConnectBefore)) {
            wake(noConnectBefore);
            return Optional.of("pause after a session that could not be opened");
        }
        if (shaper.connect(lane) instanceof Permit.Wait wait) {
            wake(wait.until());
            return Optional.of(wait.why());
        }
        open++;
        idle.addLast(0);
        return Optional.empty();
    }

    private void transmit(Turn turn, int carried) {
        Duration takes = turn.event().elapsed();
        time.in(takes.compareTo(LEAST) < 0 ? LEAST : takes, () -> answered(turn, carried));
    }

    private void answered(Turn turn, int carried) {
        RecordedEvent event = turn.event();
        last = time.instant();
        ReplyEvidence evidence = ReplyText.parse(event.reply().orElse(""));
        SmtpPhase phase = event.phase().orElse(SmtpPhase.RCPT);
        boolean positive = event.outcome().equals("delivered");
        boolean noSession = phase.compareTo(SmtpPhase.MAIL) < 0;
        Sighting sighting = new Sighting(
                phase,
                evidence.code().orElse(positive ? 250 : 0),
                event.attempt(),
                noSession ? 0 : carried,
                event.elapsed());
        if (positive) {
            delivered++;
            shaper.delivered(lane, sighting);
        } else {
            shaper.observed(lane, verdict(event, evidence, phase), sighting);
            putOff(turn);
        }
        if (noSession) {
            noConnectBefore = time.instant().plus(NO_CONNECT);
        }
        Shaper.Limits now = shaper.limits(lane);
        if (noSession
                || evidence.code().orElse(0) == SERVICE_CLOSES
                || carried + 1 >= now.messagesPerConnection()
                || open > now.connections()) {
            closed();
        } else {
            idle.addLast(carried + 1);
        }
        pump();
    }

    private void putOff(Turn turn) {
        RecordedEvent event = turn.event();
        if (!event.outcome().equals("deferred")) {
            refused++;
            return;
        }
        deferrals++;
        if (!turn.isLast()) {
            Turn next = new Turn(turn.attempts(), turn.index() + 1);
            Instant again = event.nextAttempt().orElseGet(() -> next.event().begun());
            Duration pause = Duration.between(event.at(), again);
            time.in(pause.isNegative() ? Duration.ZERO : pause, () -> due(next));
        }
    }

    private void closed() {
        open--;
        shaper.disconnected(lane);
    }

    /** The verdict of now where it has the reason of then, else one with the reason of then. */
    private Verdict verdict(RecordedEvent event, ReplyEvidence e, SmtpPhase phase) {
        Verdict judged = verdicts.judge(
                new ReplyEvidence(e.code(), e.enhanced(), Optional.of(phase), Optional.of(lane.receiver()), e.text()));
        Reason then = event.reason().flatMap(Reason::byId).orElse(judged.reason());
        Permanence permanence = event.outcome().equals("deferred") ? Permanence.TRANSIENT : Permanence.PERMANENT;
        return judged.reason() == then ? judged : Verdict.of(then, permanence, "recorded/" + then.id(), e.text());
    }

    private void waited() {
        Duration since = Duration.between(waitingSince, time.instant());
        waitingFor.ifPresent(why -> waits.merge(why, since, Duration::plus));
        waitingFor = Optional.empty();
    }

    private void wake(Instant at) {
        Instant now = time.instant();
        Instant soonest = at.isAfter(now) ? at : now.plus(LEAST);
        if (soonest.isBefore(wakeAt) || !wakeAt.isAfter(now)) {
            wakeAt = soonest;
            time.at(soonest, this::pump);
        }
    }

    LaneResult result() {
        List<LaneResult.Bound> bounds = new ArrayList<>();
        waits.forEach((why, waited) -> {
            if (!waited.isZero()) {
                bounds.add(new LaneResult.Bound(why, waited));
            }
        });
        bounds.sort((a, b) -> b.waited().compareTo(a.waited()));
        return new LaneResult(
                lane.stream(),
                lane.provider(),
                recipients,
                delivered,
                refused,
                recipients - delivered - refused,
                deferrals,
                Duration.between(start, last),
                recorded,
                List.copyOf(bounds));
    }
}
