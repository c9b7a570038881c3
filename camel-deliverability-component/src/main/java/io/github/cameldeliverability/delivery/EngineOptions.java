package io.github.cameldeliverability.delivery;

import io.github.cameldeliverability.mail.spi.SmtpTimeouts;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Bounds and habits of the engine. Immutable; start from {@link #DEFAULTS}.
 *
 * @param port of the MX hosts; 25 but for tests
 * @param maxMessageBytes larger submissions are refused
 * @param memoryMessages messages that may be under way in memory; the rest waits on disk
 * @param memoryBytes their contents together
 * @param submittingMessages submissions between being handed in and being on disk; further ones complete later
 * @param submittingBytes their contents together
 * @param maxConnections sessions of all lanes together
 * @param laneQueue recipients that wait in memory for one lane; the rest of its mail waits on disk
 * @param claimBatch recipients that one claim fetches from the spool
 * @param hostsPerAttempt MX hosts that one attempt tries
 * @param idleTimeout how long an idle session is kept
 * @param parkAfter a lane that must wait longer than this gives its recipients back to the spool
 * @param spoolRecheck how often the spool is asked although nothing is due, for rows of nodes that died
 * @param directTimeout how long a delivery without the queue may wait for its lane
 * @param directTotal how long a delivery without the queue may take in all; what is under way then is broken off, and
 *     whatever the servers said until then is the outcome
 * @param stopTimeout how long {@link DeliveryEngine#stop()} lets transactions finish
 * @param eventRetention how long acknowledged events stay as history; those that nobody acknowledged stay three times as
 *     long
 * @param timeouts of the SMTP sessions
 */
public record EngineOptions(
        int port,
        int maxMessageBytes,
        int memoryMessages,
        long memoryBytes,
        int submittingMessages,
        long submittingBytes,
        int maxConnections,
        int laneQueue,
        int claimBatch,
        int hostsPerAttempt,
        Duration idleTimeout,
        Duration parkAfter,
        Duration spoolRecheck,
        Duration directTimeout,
        Duration directTotal,
        Duration stopTimeout,
        Duration eventRetention,
        SmtpTimeouts timeouts) {

    private static final int MB = 1024 * 1024;

    public static final EngineOptions DEFAULTS = new EngineOptions(
            25,
            50 * MB,
            5000,
            96L * MB,
            1000,
            96L * MB,
            1000,
            1000,
            500,
            5, // RFC 5321 5.1: at least two hosts are to be tried, and a limit may be set
            Duration.ofSeconds(5), // shorter than any server's patience
            Duration.ofMinutes(2),
            Duration.ofSeconds(30),
            Duration.ofMinutes(2),
            Duration.ofMinutes(20), // more than a slow server's final dot (10 min) after a full wait
            Duration.ofSeconds(20),
            Duration.ofDays(30),
            SmtpTimeouts.DEFAULT);

    public EngineOptions {
        positive("port", port);
        positive("maxMessageBytes", maxMessageBytes);
        positive("memoryMessages", memoryMessages);
        positive("memoryBytes", memoryBytes);
        positive("submittingMessages", submittingMessages);
        positive("submittingBytes", submittingBytes);
        positive("maxConnections", maxConnections);
        positive("laneQueue", laneQueue);
        positive("claimBatch", claimBatch);
        positive("hostsPerAttempt", hostsPerAttempt);
        positive("idleTimeout", idleTimeout.toMillis());
        positive("parkAfter", parkAfter.toMillis());
        positive("spoolRecheck", spoolRecheck.toMillis());
        positive("directTimeout", directTimeout.toMillis());
        positive("directTotal", directTotal.toMillis());
        positive("stopTimeout", stopTimeout.toMillis());
        positive("eventRetention", eventRetention.toMillis());
    }

    public EngineOptions withPort(int value) {
        return with(d -> d.port = value);
    }

    public EngineOptions withMemory(int messages, long bytes) {
        return with(d -> {
            d.memoryMessages = messages;
            d.memoryBytes = bytes;
        });
    }

    public EngineOptions withSubmitting(int messages, long bytes) {
        return with(d -> {
            d.submittingMessages = messages;
            d.submittingBytes = bytes;
        });
    }

    public EngineOptions withMaxConnections(int value) {
        return with(d -> d.maxConnections = value);
    }

    public EngineOptions withQueues(int perLane, int perClaim) {
        return with(d -> {
            d.laneQueue = perLane;
            d.claimBatch = perClaim;
        });
    }

    public EngineOptions withHostsPerAttempt(int value) {
        return with(d -> d.hostsPerAttempt = value);
    }

    public EngineOptions withSpoolRecheck(Duration value) {
        return with(d -> d.spoolRecheck = value);
    }

    public EngineOptions withDirectTimeout(Duration value) {
        return with(d -> d.directTimeout = value);
    }

    public EngineOptions withDirectTotal(Duration value) {
        return with(d -> d.directTotal = value);
    }

    public EngineOptions withStopTimeout(Duration value) {
        return with(d -> d.stopTimeout = value);
    }

    public EngineOptions withEventRetention(Duration value) {
        return with(d -> d.eventRetention = value);
    }

    public EngineOptions withTimeouts(SmtpTimeouts value) {
        return with(d -> d.timeouts = value);
    }

    private EngineOptions with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.done();
    }

    private static void positive(String name, long value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " must be positive: " + value);
        }
    }

    /** The options while one of them changes. */
    private static final class Draft {
        private int port;
        private int maxMessageBytes;
        private int memoryMessages;
        private long memoryBytes;
        private int submittingMessages;
        private long submittingBytes;
        private int maxConnections;
        private int laneQueue;
        private int claimBatch;
        private int hostsPerAttempt;
        private Duration idleTimeout;
        private Duration parkAfter;
        private Duration spoolRecheck;
        private Duration directTimeout;
        private Duration directTotal;
        private Duration stopTimeout;
        private Duration eventRetention;
        private SmtpTimeouts timeouts;

        private Draft(EngineOptions from) {
            port = from.port;
            maxMessageBytes = from.maxMessageBytes;
            memoryMessages = from.memoryMessages;
            memoryBytes = from.memoryBytes;
            submittingMessages = from.submittingMessages;
            submittingBytes = from.submittingBytes;
            maxConnections = from.maxConnections;
            laneQueue = from.laneQueue;
            claimBatch = from.claimBatch;
            hostsPerAttempt = from.hostsPerAttempt;
            idleTimeout = from.idleTimeout;
            parkAfter = from.parkAfter;
            spoolRecheck = from.spoolRecheck;
            directTimeout = from.directTimeout;
            directTotal = from.directTotal;
            stopTimeout = from.stopTimeout;
            eventRetention = from.eventRetention;
            timeouts = from.timeouts;
        }

        private EngineOptions done() {
            return new EngineOptions(
                    port,
                    maxMessageBytes,
                    memoryMessages,
                    memoryBytes,
                    submittingMessages,
                    submittingBytes,
                    maxConnections,
                    laneQueue,
                    claimBatch,
                    hostsPerAttempt,
                    idleTimeout,
                    parkAfter,
                    spoolRecheck,
                    directTimeout,
                    directTotal,
                    stopTimeout,
                    eventRetention,
                    timeouts);
        }
    }
}
