package io.github.cameldeliverability.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows when it is our own network or our DNS that is away, and not the others': when several look-ups, or connections to
 * several providers, failed in a row and none succeeded. Then nothing is begun for a moment and nobody is charged an attempt,
 * so that mail flows again soon after the network does and not after its back-off. Belongs to the serial executor; why may be
 * asked on any thread.
 */
final class NetworkWatch {

    private static final Logger LOG = LoggerFactory.getLogger(NetworkWatch.class);

    private static final int ENOUGH = 4;
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    /** A queue whose last mail is for dead hosts looks the same: after this they are charged like all others. */
    private static final Duration MERCY = Duration.ofMinutes(30);

    private final Core core;
    private final Alarm alarm;
    private final Side lookups = new Side(
            "DNS look-ups fail", "check the DNS servers (option dnsServers of the mx component) and the way to them");
    private final Side connections = new Side(
            "mail hosts of several providers do not answer",
            "check this machine's way to the Internet and whether port 25 is blocked");
    private Duration pause = FIRST_PAUSE;
    private Instant awayUntil = Instant.MIN;
    private volatile Optional<String> why = Optional.empty();

    /** Failures of one kind since the last success. */
    private static final class Side {
        private final String what;
        private final String advice;
        private final Set<String> failed = new HashSet<>();
        private Instant since = Instant.MIN;

        Side(String what, String advice) {
            this.what = what;
            this.advice = advice;
        }
    }

    /** @param tryAgain run when it is time to see whether the network is back */
    NetworkWatch(Core core, Runnable tryAgain) {
        this.core = core;
        this.alarm = new Alarm(core, tryAgain);
    }

    /** Whether nothing should be begun now. */
    boolean isAway() {
        return core.now().isBefore(awayUntil);
    }

    /** Why mail waits, and what to do; empty if the network is there. */
    Optional<String> why() {
        return why;
    }

    /** A look-up failed for now. Returns whether our own network is to blame. */
    boolean lookupFailed(String domain, String detail) {
        return failed(lookups, domain, detail);
    }

    /** The DNS answered, and not from memory. */
    void lookupAnswered() {
        succeeded(lookups);
    }

    /** No host of a provider could be connected to. Returns whether our own network is to blame. */
    boolean silent(String provider, String detail) {
        return failed(connections, provider, detail) && core.now().isBefore(connections.since.plus(MERCY));
    }

    /** A mail host answered, whatever it said. */
    void heard() {
        succeeded(connections);
    }

    private boolean failed(Side side, String name, String detail) {
        Instant now = core.now();
        if (side.failed.isEmpty()) {
            side.since = now;
        }
        if (side.failed.size() < ENOUGH) {
            side.failed.add(name);
        }
        if (side.failed.size() < ENOUGH) {
            return false;
        }
        if (!isAway()) {
            if (why.isEmpty()) {
                LOG.warn("event=network-away what=\"{}\" reason=\"{}\"", side.what, detail);
            }
            why = Optional.of("the network is away since " + side.since + ": " + side.what + " (" + detail
                    + "); mail waits and is tried again by itself: " + side.advice);
            awayUntil = now.plus(pause);
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            alarm.notLaterThan(awayUntil);
        }
        return true;
    }

    private void succeeded(Side side) {
        side.failed.clear();
        if (why.isPresent() && lookups.failed.size() < ENOUGH && connections.failed.size() < ENOUGH) {
            LOG.info("event=network-back");
            why = Optional.empty();
            pause = FIRST_PAUSE;
            awayUntil = Instant.MIN;
            alarm.notLaterThan(core.now());
        }
    }

    void stop() {
        alarm.stop();
    }
}
