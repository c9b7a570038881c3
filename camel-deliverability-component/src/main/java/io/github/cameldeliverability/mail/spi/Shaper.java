package io.github.cameldeliverability.mail.spi;

import io.github.cameldeliverability.mail.Lane;
import io.github.cameldeliverability.mail.SmtpPhase;
import io.github.cameldeliverability.mail.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

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

    /** Feeds back what a server made of an attempt, so that limits can follow. */
    void observed(Lane lane, Verdict verdict);

    /** As {@link #observed(Lane, Verdict, Sighting)}, of a message with these tags. */
    default void observed(Lane lane, Verdict verdict, Set<String> tags, Sighting sighting) {
        observed(lane, verdict, sighting);
    }

    /** Feeds back a delivery. */
    void delivered(Lane lane);

    /**
     * May the lane's source address be chosen for its provider now? Who has several asks for each in its order; a {@link
     * Permit.Wait} says until when another is used instead, and why. Where all must wait, the mail waits in the lane that
     * would have been chosen.
     */
    default Permit mayUseSource(Lane lane) {
        return Permit.GO;
    }

    /** May a message with these tags be begun now? A {@link Permit.Wait} says until when it is left where it is. */
    default Permit mayBegin(String stream, Set<String> tags) {
        return Permit.GO;
    }

    /**
     * Whether a refusal for good is to be taken as one for now, because the lane is held for refusals of this kind: it is
     * not the message's fault, and it goes out when that is over.
     */
    default boolean excuses(Lane lane, Verdict verdict) {
        return false;
    }

    /** Is called, on any thread and without blocking, when a wait that was given earlier may not hold any more. */
    default AutoCloseable onChange(Runnable listener) {
        return () -> {};
    }

    /**
     * As {@link #observed(Lane, Verdict)}, with the circumstances. A shaper that learns limits from them overrides this one;
     * for others the verdict is enough.
     */
    default void observed(Lane lane, Verdict verdict, Sighting sighting) {
        observed(lane, verdict);
    }

    /** As {@link #delivered(Lane)}, with the circumstances. */
    default void delivered(Lane lane, Sighting sighting) {
        delivered(lane);
    }

    /** What holds for the lane now. */
    Limits limits(Lane lane);

    sealed interface Permit {
        Permit GO = new Go();

        record Go() implements Permit {}

        /** @param why for people, {@code "message rate 10/s of provider mail.ru"} */
        record Wait(Instant until, String why) implements Permit {}
    }

    /**
     * The circumstances of an answer.
     *
     * @param phase what was answered
     * @param code the reply's code
     * @param attempt the message's attempt, from 1
     * @param carried transactions that the session had begun before this one; 0 where there is no session yet
     * @param elapsed from the beginning of the attempt to its answer
     */
    record Sighting(SmtpPhase phase, int code, int attempt, int carried, Duration elapsed) {}

    /**
     * @param connections open at the same time
     * @param messagesPerConnection before a session is closed in good order
     * @param recipientsPerTransaction RCPT commands in one transaction
     * @param messagesPerSecond 0 means no limit
     */
    record Limits(int connections, int messagesPerConnection, int recipientsPerTransaction, double messagesPerSecond) {}
}
