package io.github.cameldeliverability.testkit.sim;

import io.github.cameldeliverability.mail.Lane;
import io.github.cameldeliverability.mail.ReplyEvidence;
import io.github.cameldeliverability.mail.SmtpReply;
import io.github.cameldeliverability.mail.Verdict;
import io.github.cameldeliverability.mail.spi.Shaper;
import io.github.cameldeliverability.mail.spi.Shaper.Permit;
import io.github.cameldeliverability.mail.spi.Shaper.Sighting;
import io.github.cameldeliverability.mail.spi.VerdictEngine;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * A lane with more mail than its receiver can take, asking the shaper for leave and telling it what was answered, in the
 * order and with the words of the delivery engine's lane. Not thread-safe.
 */
final class SimulatedSender {

    /** What the engine waits after a session more was refused while others live. */
    private static final double NO_CONNECT = 5;

    private static final double RETRY = 300;
    private static final double LOOK_AGAIN = 30;

    private final Timeline time;
    private final SimulatedProvider provider;
    private final HiddenLimits limits;
    private final Shaper shaper;
    private final VerdictEngine verdicts;
    private final Scores scores;
    private final RandomGenerator random;
    private final Lane lane;

    private final Deque<Mail> again = new ArrayDeque<>();
    private final List<Session> idle = new ArrayList<>();
    private int open;
    private int opening;
    private Instant noSendBefore = Instant.MIN;
    private Instant noConnectBefore = Instant.MIN;
    private Instant wakeAt = Instant.MAX;

    private static final class Session {
        private int carried;
    }

    /** A message that waits for its next attempt. */
    private record Mail(int attempt, boolean greylisted, Optional<Double> firstAt) {}

    SimulatedSender(
            Timeline time,
            SimulatedProvider provider,
            HiddenLimits limits,
            Shaper shaper,
            VerdictEngine verdicts,
            Scores scores,
            RandomGenerator random) {
        this.time = time;
        this.provider = provider;
        this.limits = limits;
        this.shaper = shaper;
        this.verdicts = verdicts;
        this.scores = scores;
        this.random = random;
        this.lane = new Lane("bulk", Lane.DEFAULT_SOURCE, shaper.provider("example.net", List.of("mx.example.net")));
    }

    void start() {
        pump();
        time.in(LOOK_AGAIN, this::lookAgain);
    }

    private void lookAgain() {
        pump();
        time.in(LOOK_AGAIN, this::lookAgain);
    }

    private void pump() {
        boolean more = true;
        while (more) {
            more = step();
        }
    }

    private boolean step() {
        Instant now = time.clock().instant();
        if (now.isBefore(noSendBefore)) {
            wake(noSendBefore);
            return false;
        }
        if (!idle.isEmpty()) {
            if (shaper.send(lane, 1) instanceof Permit.Wait wait) {
                noSendBefore = wait.until();
                wake(noSendBefore);
                return false;
            }
            transmit(idle.remove(idle.size() - 1));
            return true;
        }
        if (now.isBefore(noConnectBefore)) {
            wake(noConnectBefore);
            return false;
        }
        if (open + opening >= shaper.limits(lane).connections()) {
            return false;
        }
        if (shaper.connect(lane) instanceof Permit.Wait wait) {
            noConnectBefore = wait.until();
            wake(noConnectBefore);
            return false;
        }
        connect();
        return true;
    }

    private void connect() {
        opening++;
        double started = time.now();
        SimulatedProvider.Answer answer = provider.connect(started);
        time.in(answer.seconds(), () -> {
            opening--;
            if (answer.reply().isPositive()) {
                open++;
                idle.add(new Session());
            } else {
                scores.refused(time.now(), answer.violation());
                observed(answer, 1, 0, started);
                boolean othersLive = open + opening > 0;
                double pause = othersLive ? NO_CONNECT : 60;
                noConnectBefore = time.clock().instant().plusMillis((long) (pause * 1000));
                shaper.disconnected(lane);
            }
            pump();
        });
    }

    private void transmit(Session session) {
        double started = time.now();
        Mail mail = again.isEmpty() ? fresh() : again.removeFirst();
        SimulatedProvider.Answer answer = provider.offer(started, session.carried, mail.greylisted(), mail.firstAt());
        int carried = session.carried++;
        time.in(answer.seconds(), () -> {
            if (answer.reply().isPositive()) {
                scores.accepted(time.now(), answer.violation());
                shaper.delivered(lane, sighting(answer, mail.attempt(), carried, started));
            } else {
                scores.refused(time.now(), answer.violation());
                observed(answer, mail.attempt(), carried, started);
                Mail later = new Mail(
                        mail.attempt() + 1, mail.greylisted(), mail.firstAt().or(() -> Optional.of(started)));
                time.in(RETRY, () -> {
                    again.addLast(later);
                    pump();
                });
            }
            ended(session, answer.closes());
            pump();
        });
    }

    private Mail fresh() {
        return new Mail(1, random.nextDouble() < limits.greylisted(), Optional.empty());
    }

    private void ended(Session session, boolean closed) {
        Shaper.Limits now = shaper.limits(lane);
        if (closed || session.carried >= now.messagesPerConnection() || open > now.connections()) {
            open--;
            provider.closed();
            shaper.disconnected(lane);
        } else {
            idle.add(session);
        }
    }

    private void observed(SimulatedProvider.Answer answer, int attempt, int carried, double started) {
        SmtpReply reply = answer.reply();
        Verdict verdict = verdicts.judge(ReplyEvidence.of(reply, answer.phase(), Optional.of(lane.provider())));
        shaper.observed(lane, verdict, sighting(answer, attempt, carried, started));
    }

    private Sighting sighting(SimulatedProvider.Answer answer, int attempt, int carried, double started) {
        return new Sighting(
                answer.phase(),
                answer.reply().code(),
                attempt,
                carried,
                Duration.ofNanos(Math.round((time.now() - started) * 1e9)));
    }

    private void wake(Instant at) {
        Instant now = time.clock().instant();
        if (at.isBefore(wakeAt) || !wakeAt.isAfter(now)) {
            wakeAt = at;
            time.at(at, this::pump);
        }
    }
}
