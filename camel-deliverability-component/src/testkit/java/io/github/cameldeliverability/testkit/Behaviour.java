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
     * @param line the command line; the address of the client at GREETING; empty where there is none
     */
    record Visit(Moment moment, int connection, int transaction, String line) {}

    /** One deed. */
    sealed interface Act {
        /** Says it, as a reply. A positive reply does not do what the command asks; use {@link Delay} for that. */
        record Reply(String text) implements Act {}

        /** Says exactly these octets, then waits for the next command. */
        record Raw(byte[] octets) implements Act {}

        /** Says exactly these octets, then closes. */
        record RawThenDrop(byte[] octets) implements Act {}

        /** Does the usual, then says exactly these octets behind it, in the same write. */
        record UsualThenRaw(byte[] octets) implements Act {}

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

        /** Does the usual after a while (of real time). */
        record Delay(Duration by) implements Act {}
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
        return always(new Act.RawThenDrop(octets.getBytes(StandardCharsets.ISO_8859_1)));
    }

    static Behaviour usualThenRaw(String octets) {
        return always(new Act.UsualThenRaw(octets.getBytes(StandardCharsets.ISO_8859_1)));
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

    static Behaviour delay(Duration by) {
        return always(new Act.Delay(by));
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
