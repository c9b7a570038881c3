package io.github.cameldeliverability.shaping;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * Limits of a lane, each of which may be left open so that layers can be put over one another. Immutable.
 *
 * @param connections open at the same time, at least 1
 * @param connectionsPerSecond new connections; 0 means no limit
 * @param messagesPerSecond recipients; 0 means no limit
 * @param messagesPerConnection before a session is closed in good order, at least 1
 * @param recipientsPerTransaction RCPT commands in one transaction, at least 1
 */
public record LimitSettings(
        OptionalInt connections,
        OptionalDouble connectionsPerSecond,
        OptionalDouble messagesPerSecond,
        OptionalInt messagesPerConnection,
        OptionalInt recipientsPerTransaction) {

    /** Nothing set. */
    public static final LimitSettings NONE = new LimitSettings(
            OptionalInt.empty(),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            OptionalInt.empty(),
            OptionalInt.empty());

    /** What holds for a receiver of whom nothing is known; RFC 5321 4.5.3.1.8 promises 100 recipients a transaction. */
    public static final LimitSettings DEFAULTS = new LimitSettings(
            OptionalInt.of(10), OptionalDouble.of(0), OptionalDouble.of(0), OptionalInt.of(100), OptionalInt.of(100));

    public LimitSettings {
        atLeastOne("connections", connections);
        atLeastOne("messagesPerConnection", messagesPerConnection);
        atLeastOne("recipientsPerTransaction", recipientsPerTransaction);
        notNegative("connectionsPerSecond", connectionsPerSecond);
        notNegative("messagesPerSecond", messagesPerSecond);
    }

    public LimitSettings withConnections(int n) {
        return new LimitSettings(
                OptionalInt.of(n),
                connectionsPerSecond,
                messagesPerSecond,
                messagesPerConnection,
                recipientsPerTransaction);
    }

    public LimitSettings withConnectionsPerSecond(double rate) {
        return new LimitSettings(
                connections,
                OptionalDouble.of(rate),
                messagesPerSecond,
                messagesPerConnection,
                recipientsPerTransaction);
    }

    public LimitSettings withMessagesPerSecond(double rate) {
        return new LimitSettings(
                connections,
                connectionsPerSecond,
                OptionalDouble.of(rate),
                messagesPerConnection,
                recipientsPerTransaction);
    }

    public LimitSettings withMessagesPerConnection(int n) {
        return new LimitSettings(
                connections, connectionsPerSecond, messagesPerSecond, OptionalInt.of(n), recipientsPerTransaction);
    }

    public LimitSettings withRecipientsPerTransaction(int n) {
        return new LimitSettings(
                connections, connectionsPerSecond, messagesPerSecond, messagesPerConnection, OptionalInt.of(n));
    }

    /** These settings, and where they are open the others. */
    public LimitSettings over(LimitSettings others) {
        return new LimitSettings(
                connections.isPresent() ? connections : others.connections,
                connectionsPerSecond.isPresent() ? connectionsPerSecond : others.connectionsPerSecond,
                messagesPerSecond.isPresent() ? messagesPerSecond : others.messagesPerSecond,
                messagesPerConnection.isPresent() ? messagesPerConnection : others.messagesPerConnection,
                recipientsPerTransaction.isPresent() ? recipientsPerTransaction : others.recipientsPerTransaction);
    }

    private static void atLeastOne(String name, OptionalInt value) {
        if (value.isPresent() && value.getAsInt() < 1) {
            throw new IllegalArgumentException(name + " must be at least 1: " + value.getAsInt());
        }
    }

    private static void notNegative(String name, OptionalDouble value) {
        if (value.isPresent() && !(value.getAsDouble() >= 0 && Double.isFinite(value.getAsDouble()))) {
            throw new IllegalArgumentException(name + " must be 0 (no limit) or more: " + value.getAsDouble());
        }
    }

    /** Reads {@code "20"}, {@code "30/m"}, {@code "1000/h"} or {@code "5000/d"}: a rate, per second unless said. */
    static Optional<Double> rate(String text) {
        int slash = text.indexOf('/');
        String number = slash < 0 ? text : text.substring(0, slash);
        String unit = slash < 0 ? "s" : text.substring(slash + 1).strip();
        double seconds;
        switch (unit) {
            case "s" -> seconds = 1;
            case "m" -> seconds = 60;
            case "h" -> seconds = 3600;
            case "d" -> seconds = 86400;
            default -> {
                return Optional.empty();
            }
        }
        try {
            return Optional.of(Double.parseDouble(number.strip()) / seconds);
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
