package io.github.cameldeliverability.shaping;

import io.github.cameldeliverability.mail.spi.Shaper.Limits;
import io.github.cameldeliverability.mail.spi.Shaper.Permit;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/**
 * The state of one lane: what it may do, how far it is slowed down, until when it is suspended. Thread-safe.
 *
 * <p>Slowing down is AIMD: a "too fast" halves connections and rate and holds the lane for a moment; deliveries give back
 * a tenth of the rate and one connection a step. A suspension ends in a probe with one connection, and doubles while the
 * probes fail.
 */
final class LaneShape {

    private static final Permit GO = new Permit.Go();

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);
    private static final Duration FIRST_SUSPENSION = Duration.ofMinutes(5);
    private static final Duration LONGEST_SUSPENSION = Duration.ofHours(4);
    /** Replies to what was already under way say nothing new. */
    private static final Duration SAME_NEWS = Duration.ofSeconds(2);

    private static final Duration STEP = Duration.ofSeconds(10);
    private static final double LOWEST_RATE = 1.0 / 60;
    /** Where a lane begins that had no limit before: hardly any receiver means less than that. */
    private static final double FIRST_RATE = 1;

    private static final int REFUSALS_BEFORE_SUSPENSION = 5;
    private static final double REFUSED_SHARE = 0.3;
    private static final int OBSERVED_WINDOW = 200;

    private final String provider;
    private LimitSettings settings;
    private final Instant origin;
    private final SlotBucket messages = new SlotBucket();
    private final SlotBucket connects = new SlotBucket();

    private int open;
    /** Below the configured number while the lane is slowed down. */
    private int connections;
    /** Recipients a second; 0 means no limit. Below the configured number while the lane is slowed down. */
    private double rate;

    private String slowedBy = "";
    private int slowedInARow;
    private Instant lastChange = Instant.MIN;

    private Instant heldUntil = Instant.MIN;
    private String heldBy = "";
    private int suspensions;
    private boolean probing;

    private int accepted;
    private int refused;

    private Instant measuredSince;
    private int measured;
    private double throughput;

    LaneShape(String provider, LimitSettings settings, Instant now) {
        this.provider = provider;
        this.settings = settings;
        this.origin = now;
        this.measuredSince = now;
        this.connections = settings.connections().orElseThrow();
        this.rate = settings.messagesPerSecond().orElseThrow();
    }

    /** Takes up other limits; what was learnt stays, as far as it is below them. */
    synchronized void configure(LimitSettings changed) {
        if (changed.equals(settings)) {
            return;
        }
        boolean slowed = isSlowed();
        settings = changed;
        int most = changed.connections().orElseThrow();
        double fastest = changed.messagesPerSecond().orElseThrow();
        connections = slowed ? Math.min(connections, most) : most;
        boolean below = slowed && rate > 0 && (fastest == 0 || rate < fastest);
        rate = below ? rate : fastest;
    }

    synchronized Permit connect(Instant now) {
        if (now.isBefore(heldUntil)) {
            return new Permit.Wait(heldUntil, heldBy);
        }
        int limit = allowedConnections();
        if (open >= limit) {
            return new Permit.Wait(now.plusSeconds(1), "connection limit " + limit + " of provider " + provider);
        }
        double perSecond = settings.connectionsPerSecond().orElseThrow();
        if (perSecond > 0) {
            long wait = connects.take(nanos(now), 1, perSecond);
            if (wait > 0) {
                return new Permit.Wait(after(now, wait), "connection rate " + rate(perSecond) + " of " + provider);
            }
        }
        open++;
        return GO;
    }

    synchronized void disconnected() {
        open = Math.max(0, open - 1);
    }

    synchronized Permit send(Instant now, int recipients) {
        if (now.isBefore(heldUntil)) {
            return new Permit.Wait(heldUntil, heldBy);
        }
        if (rate > 0) {
            long wait =
                    messages.take(nanos(now), recipients, rate, settings.burst().orElse(0));
            if (wait > 0) {
                return new Permit.Wait(after(now, wait), "message rate " + rate(rate) + " of " + provider);
            }
        }
        return GO;
    }

    synchronized void slowDown(Instant now, String why) {
        refused++;
        if (isOldNews(now)) {
            return;
        }
        halveConnections(now, why);
        double from = rate > 0 ? rate / 2 : Math.max(currentThroughput(now) / 2, FIRST_RATE);
        rate = Math.max(LOWEST_RATE, from);
        hold(now, doubled(FIRST_PAUSE, slowedInARow - 1, LONGEST_PAUSE), "slowed down: " + why);
    }

    synchronized void fewerConnections(Instant now, String why) {
        if (isOldNews(now)) {
            return;
        }
        boolean alone = open <= 1;
        halveConnections(now, why);
        if (alone) {
            // Not even one: somebody else's sessions, or a server that is full. The live ones need no pause.
            hold(now, doubled(FIRST_PAUSE, slowedInARow - 1, LONGEST_PAUSE), "no connection: " + why);
        }
    }

    private boolean isOldNews(Instant now) {
        return now.isBefore(heldUntil) || now.isBefore(plus(lastChange, SAME_NEWS));
    }

    private void halveConnections(Instant now, String why) {
        slowedInARow++;
        lastChange = now;
        slowedBy = why;
        connections = Math.max(1, Math.min(connections, Math.max(open, 1)) / 2);
    }

    synchronized void refusedForGood(Instant now, String why) {
        refused++;
        if (now.isBefore(heldUntil)) {
            return;
        }
        int sample = accepted + refused;
        boolean enough = refused >= REFUSALS_BEFORE_SUSPENSION && refused >= REFUSED_SHARE * sample;
        if (probing || enough) {
            suspensions++;
            probing = true;
            accepted = 0;
            refused = 0;
            slowedBy = why;
            hold(now, doubled(FIRST_SUSPENSION, suspensions - 1, LONGEST_SUSPENSION), "suspended: " + why);
        }
    }

    synchronized void delivered(Instant now) {
        measure(now);
        accepted++;
        if (accepted + refused > OBSERVED_WINDOW) {
            accepted /= 2;
            refused /= 2;
        }
        if (probing) {
            probing = false;
            suspensions = 0;
            connections = 1;
            lastChange = now;
            return;
        }
        if (!isSlowed() || now.isBefore(heldUntil) || now.isBefore(plus(lastChange, STEP))) {
            return;
        }
        recover(now);
    }

    synchronized Limits limits() {
        return new Limits(
                allowedConnections(),
                settings.messagesPerConnection().orElseThrow(),
                settings.recipientsPerTransaction().orElseThrow(),
                rate);
    }

    /** What was learnt and still holds, for {@link #recall}; empty where there is nothing. */
    synchronized String remember(Instant now) {
        if (!isSlowed() && !probing && !now.isBefore(heldUntil)) {
            return "";
        }
        long held = now.isBefore(heldUntil) ? heldUntil.toEpochMilli() : 0;
        return connections + ";" + rate + ";" + slowedInARow + ";" + suspensions + ";" + probing + ";" + held + ";"
                + (held == 0 ? "" : heldBy.replace(';', ',')) + ";" + slowedBy.replace(';', ',');
    }

    /** Takes up what another one remembered, within the limits of now; what does not read is left out. */
    synchronized void recall(String text) {
        String[] p = text.split(";", 8);
        if (p.length < 8) {
            return;
        }
        try {
            int storedConnections = Integer.parseInt(p[0]);
            double storedRate = Double.parseDouble(p[1]);
            double full = settings.messagesPerSecond().orElseThrow();
            boolean limited = storedRate > 0 && Double.isFinite(storedRate) && (full == 0 || storedRate < full);
            connections = Math.max(
                    1, Math.min(storedConnections, settings.connections().orElseThrow()));
            rate = limited ? storedRate : full;
            slowedInARow = Math.max(0, Integer.parseInt(p[2]));
            suspensions = Math.max(0, Integer.parseInt(p[3]));
            probing = Boolean.parseBoolean(p[4]);
            long held = Long.parseLong(p[5]);
            heldUntil = held > 0 ? Instant.ofEpochMilli(held) : Instant.MIN;
            heldBy = p[6];
            slowedBy = p[7];
        } catch (NumberFormatException e) {
            // Written by another release: the lane learns anew.
            slowedBy = "";
        }
    }

    /** Whether nothing is remembered that a new lane would not know. */
    synchronized boolean isForgettable(Instant now) {
        return open == 0
                && !isSlowed()
                && !probing
                && refused == 0
                && !now.isBefore(heldUntil)
                && messages.isFull(nanos(now))
                && connects.isFull(nanos(now));
    }

    synchronized void cancelEffects() {
        connections = settings.connections().orElseThrow();
        rate = settings.messagesPerSecond().orElseThrow();
        heldUntil = Instant.MIN;
        probing = false;
        suspensions = 0;
        slowedInARow = 0;
        accepted = 0;
        refused = 0;
        slowedBy = "";
        messages.reset();
    }

    synchronized void hold(Instant until, String why) {
        heldUntil = until;
        heldBy = why;
    }

    /** Connections in force, the rate in force and the hold, each with who set it; empty where nothing is in force. */
    synchronized Effects effects(Instant now) {
        return new Effects(
                allowedConnections(),
                rate,
                isSlowed() || probing,
                slowedBy,
                now.isBefore(heldUntil),
                heldUntil,
                heldBy);
    }

    record Effects(
            int connections,
            double rate,
            boolean slowed,
            String slowedBy,
            boolean held,
            Instant until,
            String heldBy) {}

    private void recover(Instant now) {
        lastChange = now;
        slowedInARow = 0;
        connections = Math.min(settings.connections().orElseThrow(), connections + 1);
        double full = settings.messagesPerSecond().orElseThrow();
        if (full > 0) {
            rate = Math.min(full, rate + full / 10);
        } else if (rate > 0) {
            rate = rate * 1.5;
            if (connections >= settings.connections().orElseThrow() && rate > 2 * currentThroughput(now)) {
                // Nothing was said for long and the limit is above what the lane carries: it limits nothing any more.
                rate = 0;
            }
        }
        if (!isSlowed()) {
            slowedBy = "";
            messages.reset();
        }
    }

    private boolean isSlowed() {
        return connections < settings.connections().orElseThrow()
                || rate != settings.messagesPerSecond().orElseThrow();
    }

    private int allowedConnections() {
        return probing ? 1 : connections;
    }

    private void hold(Instant now, Duration pause, String why) {
        hold(now.plus(pause), why);
    }

    private void measure(Instant now) {
        measured++;
        long millis = Duration.between(measuredSince, now).toMillis();
        if (millis >= 5000) {
            throughput = measured * 1000.0 / millis;
            measured = 0;
            measuredSince = now;
        }
    }

    /** Deliveries a second lately. */
    private double currentThroughput(Instant now) {
        long millis = Math.max(1000, Duration.between(measuredSince, now).toMillis());
        return Math.max(throughput, measured * 1000.0 / millis);
    }

    private long nanos(Instant now) {
        return Duration.between(origin, now).toNanos();
    }

    /** The moment a wait ends, in whole milliseconds and never too early. */
    private static Instant after(Instant now, long nanos) {
        return now.plusMillis((nanos + 999_999) / 1_000_000);
    }

    private static Instant plus(Instant at, Duration d) {
        return at.equals(Instant.MIN) ? at : at.plus(d);
    }

    private static Duration doubled(Duration first, int times, Duration longest) {
        Duration d = first.multipliedBy(1L << Math.min(times, 20));
        return d.compareTo(longest) > 0 ? longest : d;
    }

    private static String rate(double perSecond) {
        if (perSecond >= 1) {
            return String.format(Locale.ROOT, "%.4g/s", perSecond);
        }
        return perSecond >= 1.0 / 60
                ? String.format(Locale.ROOT, "%.4g/m", perSecond * 60)
                : String.format(Locale.ROOT, "%.4g/h", perSecond * 3600);
    }
}
