package io.github.cameldeliverability.delivery;

import io.github.cameldeliverability.mail.RecipientKey;
import io.github.cameldeliverability.mail.SpooledMessage;
import io.github.cameldeliverability.mail.spi.Spool;
import io.github.cameldeliverability.mail.spi.Spool.Claim;
import io.github.cameldeliverability.mail.spi.Spool.ClaimRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches a stream's due recipients from the spool while there is memory for them. It sleeps until the next one is due,
 * or until something happens: new mail, a retry, room in a lane or in memory. Belongs to the serial executor.
 */
final class Claimer {

    private static final Logger LOG = LoggerFactory.getLogger(Claimer.class);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);
    private static final Duration WHILE_FULL = Duration.ofSeconds(2);
    private static final int LOADS_AT_ONCE = 16;

    private final StreamState stream;
    private final Spool spool;
    private final Core core;
    private final IntSupplier room;
    private final BooleanSupplier mayAttempt;
    private final Orders orders;
    private final Sink sink;
    private final Runnable whenIdle;
    private final Alarm alarm;

    private boolean running;
    private boolean claiming;
    private boolean again;

    /** Takes what was fetched. */
    interface Sink {
        /** @param claims recipients of the message, at least one */
        void fetched(SpooledMessage message, List<Claim> claims);

        /** There is mail that may have to be fetched, and no memory for it. */
        void full();

        /** Gives claims back that there is no room or no message for. */
        void giveBack(List<RecipientKey> keys, Instant dueAt);
    }

    /**
     * @param room how many messages there is memory for
     * @param mayAttempt whether anything may be sent at the moment
     * @param orders what is held back
     * @param whenIdle is told when a claim that was under way at the stop is over
     */
    Claimer(
            StreamState stream,
            Spool spool,
            Core core,
            IntSupplier room,
            BooleanSupplier mayAttempt,
            Orders orders,
            Sink sink,
            Runnable whenIdle) {
        this.stream = stream;
        this.spool = spool;
        this.core = core;
        this.room = room;
        this.mayAttempt = mayAttempt;
        this.orders = orders;
        this.sink = sink;
        this.whenIdle = whenIdle;
        this.alarm = new Alarm(core, this::look);
    }

    void start() {
        running = true;
        look();
    }

    void stop() {
        running = false;
        alarm.stop();
    }

    boolean isIdle() {
        return !claiming;
    }

    /** A row of this stream is due then. */
    void dueAt(Instant moment) {
        if (running) {
            alarm.notLaterThan(moment);
        }
    }

    /** Something changed: looks now, or right after the look that is under way. */
    void look() {
        if (!running) {
            return;
        }
        if (claiming) {
            again = true;
            return;
        }
        if (orders.holdBack(stream.name())) {
            // Whoever resumes the stream makes this look again.
            return;
        }
        int n = Math.min(room.getAsInt(), core.options().claimBatch());
        int worthwhile =
                Math.max(1, Math.min(core.options().claimBatch(), core.options().memoryMessages() / 4) / 2);
        if (n < worthwhile || !mayAttempt.getAsBoolean()) {
            if (n < worthwhile) {
                sink.full();
            }
            // Whoever frees memory calls again; this is for what nobody reports.
            alarm.notLaterThan(core.now().plus(WHILE_FULL));
            return;
        }
        claiming = true;
        again = false;
        int perDomain = Math.max(1, core.options().laneQueue() / 2);
        ClaimRequest request = new ClaimRequest(stream.name(), core.now(), n, perDomain, notNow());
        core.actor().when(spool.claim(request), (claims, error) -> {
            if (error != null) {
                LOG.warn("event=claim-failed stream={} reason=\"{}\"", stream.name(), error.toString());
                rest(core.now().plus(AFTER_FAILURE));
            } else if (claims.isEmpty()) {
                sleep(request.now());
            } else {
                new Load(claims).more();
            }
        });
    }

    private Set<String> notNow() {
        Set<String> domains = orders.domainsHeldBack(stream.name());
        domains.addAll(stream.crowdedDomains);
        return domains;
    }

    /** @param claimed the moment up to which everything that can be served was claimed */
    private void sleep(Instant claimed) {
        core.actor().when(spool.nextDue(stream.name(), claimed), (next, error) -> {
            Instant recheck = core.now().plus(core.options().spoolRecheck());
            if (error == null && next.isPresent() && next.get().isBefore(recheck)) {
                rest(next.get());
            } else {
                // Rows that were due and not given out belong to crowded lanes: those report when they have room.
                rest(recheck);
            }
        });
    }

    private void rest(Instant until) {
        claiming = false;
        if (!running) {
            whenIdle.run();
            return;
        }
        if (again) {
            again = false;
            core.actor().execute(this::look);
        } else {
            alarm.notLaterThan(until);
        }
    }

    /** The messages of one claim, a few at a time, as long as there is memory. */
    private final class Load {
        private final Deque<Map.Entry<String, List<Claim>>> waiting = new ArrayDeque<>();
        private int loading;
        private boolean full;

        Load(List<Claim> claims) {
            Map<String, List<Claim>> byMessage = new LinkedHashMap<>();
            claims.forEach(c -> byMessage
                    .computeIfAbsent(c.key().queueId(), k -> new ArrayList<>())
                    .add(c));
            waiting.addAll(byMessage.entrySet());
        }

        void more() {
            while (!waiting.isEmpty() && loading < LOADS_AT_ONCE) {
                if (!running || room.getAsInt() == 0) {
                    full = true;
                    List<RecipientKey> keys = new ArrayList<>();
                    waiting.forEach(e -> keys.addAll(keysOf(e.getValue())));
                    waiting.clear();
                    sink.giveBack(keys, core.now());
                    break;
                }
                Map.Entry<String, List<Claim>> next = waiting.poll();
                loading++;
                core.actor().when(spool.load(next.getKey()), (message, error) -> {
                    loading--;
                    if (error == null && message.isPresent()) {
                        sink.fetched(message.get(), next.getValue());
                    } else {
                        LOG.warn(
                                "event=load-failed stream={} id={} reason=\"{}\"",
                                stream.name(),
                                next.getKey(),
                                error == null ? "no such message" : error.toString());
                        full = true;
                        sink.giveBack(
                                keysOf(next.getValue()),
                                core.now().plus(core.options().spoolRecheck()));
                    }
                    more();
                });
            }
            if (waiting.isEmpty() && loading == 0 && claiming) {
                again |= !full;
                rest(core.now().plus(AFTER_FAILURE));
            }
        }
    }

    private static List<RecipientKey> keysOf(List<Claim> claims) {
        return claims.stream().map(Claim::key).toList();
    }
}
