package io.github.cameldeliverability.testkit.sim;

import java.util.Objects;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Supplier;

/**
 * What a simulated receiver allows without telling anybody. Immutable; the quota is made anew for each trial.
 *
 * @param quota how messages are counted
 * @param factor what the quota is multiplied with, by seconds since the beginning: 1, or a limit that changes
 * @param connections sessions at the same time
 * @param messagesPerConnection transactions before the session is cut off with 421
 * @param form how a message above the quota is answered
 * @param seconds how long an answer to a transaction takes
 * @param greylisted share of the messages whose first attempt is put off for five minutes
 * @param reputation whether violations and complaints lower the quota, and good conduct raises it again
 * @param oddities share of the messages refused for now for a reason of their own
 */
public record HiddenLimits(
        Supplier<Quota> quota,
        DoubleUnaryOperator factor,
        int connections,
        int messagesPerConnection,
        Form form,
        double seconds,
        double greylisted,
        boolean reputation,
        double oddities) {

    /** What is said to a message too many. The texts are in no rule pack: only the code tells anything. */
    public enum Form {
        /** No session is opened, and the ones that live are closed at the next MAIL. */
        CONNECT_421,
        /** RCPT is refused and the session closed. */
        RCPT_421,
        /** RCPT is refused. */
        RCPT_451,
        /** DATA is refused. */
        DATA_450,
        /** Taken, after a long while. */
        TARPIT
    }

    public HiddenLimits {
        Objects.requireNonNull(quota, "quota");
        Objects.requireNonNull(factor, "factor");
        Objects.requireNonNull(form, "form");
    }

    /** A receiver without limits whose answers take {@code seconds}. */
    public static HiddenLimits none(double seconds) {
        return new HiddenLimits(
                Quota::unlimited, t -> 1, Integer.MAX_VALUE, Integer.MAX_VALUE, Form.RCPT_451, seconds, 0, false, 0);
    }

    public HiddenLimits withQuota(Supplier<Quota> q, Form f) {
        return new HiddenLimits(
                q, factor, connections, messagesPerConnection, f, seconds, greylisted, reputation, oddities);
    }

    public HiddenLimits withFactor(DoubleUnaryOperator f) {
        return new HiddenLimits(
                quota, f, connections, messagesPerConnection, form, seconds, greylisted, reputation, oddities);
    }

    public HiddenLimits withSessions(int atATime, int messagesEach) {
        return new HiddenLimits(quota, factor, atATime, messagesEach, form, seconds, greylisted, reputation, oddities);
    }

    public HiddenLimits withGreylisting(double share) {
        return new HiddenLimits(
                quota, factor, connections, messagesPerConnection, form, seconds, share, reputation, oddities);
    }

    public HiddenLimits withReputation() {
        return new HiddenLimits(
                quota, factor, connections, messagesPerConnection, form, seconds, greylisted, true, oddities);
    }

    public HiddenLimits withOddities(double share) {
        return new HiddenLimits(
                quota, factor, connections, messagesPerConnection, form, seconds, greylisted, reputation, share);
    }

    /** Messages a second that a sender with so many sessions could bring in at a moment, if it knew all this. */
    public double capacity(double now, int sendersConnections) {
        int sessions = Math.min(connections, sendersConnections);
        double each = messagesPerConnection == Integer.MAX_VALUE
                ? seconds
                : seconds + SimulatedProvider.CONNECTING * seconds / messagesPerConnection;
        return Math.min(quota.get().rate() * factor.applyAsDouble(now), sessions / each);
    }
}
