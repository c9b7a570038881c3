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

    /**
     * As {@link #send(Lane, int)}, with the size of the message for shapers that limit bytes.
     *
     * @param bytes of the content, once for all recipients
     */
    default Permit send(Lane lane, int recipients, long bytes) {
        return send(lane, recipients);
    }

    /** A send that was permitted and not made: puts it back, as far as that can be. */
    default void unsent(Lane lane, int recipients) {}

    /**
     * What {@link #send} would answer now, without taking anything: for whoever chooses among source addresses. A lane whose
     * address must not hand its mail on to others (a warm-up plan that wants it to wait) answers {@link Permit.Go}.
     */
    default Permit peek(Lane lane) {
        return new Permit.Go();
    }

    /** Feeds back what a server made of an attempt, so that limits can follow. */
    void observed(Lane lane, Verdict verdict);

    /** Feeds back a delivery. */
    void delivered(Lane lane);

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
