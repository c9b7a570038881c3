package io.github.cameldeliverability.mail.spi;

import io.github.cameldeliverability.mail.Lane;
import io.github.cameldeliverability.mail.Verdict;
import java.time.Instant;
import java.util.List;

/**
 * Says go or wait. Never blocks, does no I/O. A wait is not an attempt: the message's retry count does not change.
 */
public interface Shaper {

    /**
     * The provider that a domain's mail hosts belong to, so that all its domains share one lane. All hosts must agree
     * (a vanity domain that mixes providers is its own). A host set that nobody defined is named after itself.
     */
    String provider(String domain, List<String> mxHosts);

    /** May the lane open one more connection now? A {@link Permit.Go} counts it until {@link #disconnected}. */
    Permit connect(Lane lane);

    void disconnected(Lane lane);

    /** May the lane send to this many recipients now? A {@link Permit.Go} takes them off the rate. */
    Permit send(Lane lane, int recipients);

    /** Feeds back what a server made of an attempt, so that limits can follow. */
    void observed(Lane lane, Verdict verdict);

    /** Feeds back a delivery. */
    void delivered(Lane lane);

    /**
     * Whether mail may leave by the lane's source address now. Where not, the stream's other source addresses carry it; if
     * none of them may either, it waits as {@link #send} says.
     */
    default boolean isUsable(Lane lane) {
        return true;
    }

    /** What holds for the lane now. */
    Limits limits(Lane lane);

    sealed interface Permit {
        record Go() implements Permit {}

        /** @param why for people, {@code "message rate 10/s of provider mail.ru"} */
        record Wait(Instant until, String why) implements Permit {}
    }

    /**
     * @param connections open at the same time
     * @param messagesPerConnection before a session is closed in good order
     * @param recipientsPerTransaction RCPT commands in one transaction
     * @param messagesPerSecond 0 means no limit
     */
    record Limits(int connections, int messagesPerConnection, int recipientsPerTransaction, double messagesPerSecond) {}
}
