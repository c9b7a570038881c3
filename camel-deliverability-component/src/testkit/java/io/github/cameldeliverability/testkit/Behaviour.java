package io.github.cameldeliverability.testkit;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What a {@link FakeMx} does at a {@link Moment} instead of the usual. Asked each time the moment comes; may be asked from
 * several connections at once.
 */
@FunctionalInterface
public interface Behaviour {

    /** What is to be done; empty means the usual. */
    Optional<Act> at(Visit visit);

    /**
     * One arrival at a moment.
     *
     * @param connection the connection's number, from 1
     * @param transaction the transaction's number on this connection, from 1; 0 before the first MAIL
     * @param tls whether the session is encrypted
     * @param line the command line; the address of the client at GREETING; empty where there is none
     */
    record Visit(Moment moment, int connection, int transaction, boolean tls, String line) {}

    /** One deed. */
    sealed interface Act {
        /** Says it, as a reply, and does nothing else. A 421 closes the connection. */
        record Reply(String text) implements Act {}

        /** Says exactly these octets, then waits for the next command. */
        record Raw(byte[] octets) implements Act {}

        /** Does the first, and the second if the connection is still there. */
        record Both(Act first, Act second) implements Act {}

        /** Does the usual, then says exactly these octets behind it, in the same write. */
        record UsualThenRaw(byte[] octets) implements Act {}

        /** Does the usual but says this reply, whatever came of it. */
        record UsualSaying(String text) implements Act {}

        /** Does the usual but closes instead of answering: at DOT, the message is accepted and nobody is told. */
        record UsualThenDrop() implements Act {}

        /** Closes the connection. */
        record Drop() implements Act {}

        /** Closes the connection by a TCP reset. */
        record Reset() implements Act {}

        /** Says and reads nothing more, until the client hangs up. */
        record Stall() implements Act {}

        /** Says {@code octets} over and over, until the client hangs up. */
        record Endless(byte[] octets) implements Act {}

        /** Waits a while, in real time, then does that, or the usual. */
        record Delay(Duration by, Optional<Act> then) implements Act {}
    }

    static Behaviour always(Act act) {
        Objects.requireNonNull(act, "act");
        return visit -> Optional.of(act);
    }

    /** {@code reply("550 5.1.1 no such user")}; lines of a multi-line reply are separated by {@code \r\n}. */
    static Behaviour reply(String text) {
        return always(new Act.Reply(text));
    }

    static Behaviour raw(String octets) {
        return always(new Act.Raw(octets.getBytes(StandardCharsets.ISO_8859_1)));
    }

    static Behaviour rawThenDrop(String octets) {
        return raw(octets).then(drop());
    }

    static Behaviour usualThenRaw(String octets) {
        return always(new Act.UsualThenRaw(octets.getBytes(StandardCharsets.ISO_8859_1)));
    }

    static Behaviour usualSaying(String text) {
        return always(new Act.UsualSaying(text));
    }

    static Behaviour usualThenDrop() {
        return always(new Act.UsualThenDrop());
    }

    static Behaviour drop() {
        return always(new Act.Drop());
    }

    static Behaviour reset() {
        return always(new Act.Reset());
    }

    static Behaviour stall() {
        return always(new Act.Stall());
    }

    static Behaviour endless(String octets) {
        return always(new Act.Endless(octets.getBytes(StandardCharsets.ISO_8859_1)));
    }

    /** Does the usual after a while, in real time. */
    static Behaviour delay(Duration by) {
        return always(new Act.Delay(by, Optional.empty()));
    }

    /** This behaviour after a while, in real time. */
    default Behaviour after(Duration by) {
        return visit -> at(visit).map(act -> new Act.Delay(by, Optional.of(act)));
    }

    /** This behaviour and then the other one, if both have an answer; otherwise the one that has. */
    default Behaviour then(Behaviour next) {
        return visit -> {
            Optional<Act> first = at(visit);
            Optional<Act> second = next.at(visit);
            return first.isPresent() && second.isPresent()
                    ? Optional.of(new Act.Both(first.get(), second.get()))
                    : first.or(() -> second);
        };
    }

    /** This behaviour only where the command line satisfies the condition. */
    default Behaviour whenLine(Predicate<String> condition) {
        return visit -> condition.test(visit.line()) ? at(visit) : Optional.empty();
    }

    /** This behaviour only on the connection with this number, from 1. */
    default Behaviour onConnection(int number) {
        return visit -> visit.connection() == number ? at(visit) : Optional.empty();
    }

    /** This behaviour only in the transaction with this number on its connection, from 1. */
    default Behaviour inTransaction(int number) {
        return visit -> visit.transaction() == number ? at(visit) : Optional.empty();
    }
}
