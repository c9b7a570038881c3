package io.github.cameldeliverability.shaping;

import io.github.cameldeliverability.mail.spi.Shaper.Limits;
import io.github.cameldeliverability.mail.spi.Shaper.Permit;
import io.github.cameldeliverability.mail.spi.Shaper.Sighting;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/**
 * The state of one lane: what it may do, what was learnt of its receiver, until when it is suspended. Thread-safe.
 *
 * <p>The message rate is found by {@link RateControl}, the number of sessions by {@link ConnectionControl}, their length by
 * {@link SessionLength}. A suspension, for refusals of the sender as such, ends in a probe with one connection, and doubles
 * while the probes fail.
 */
final class LaneShape {

    private static final Permit GO = new Permit.Go();

    private static final Duration FIRST_SUSPENSION = Duration.ofMinutes(5);
    private static final Duration LONGEST_SUSPENSION = Duration.ofHours(4);

    /** RFC 5321 3.8: the server closes the session. */
    private static final int CLOSING = 421;

    private static final int REFUSALS_BEFORE_SUSPENSION = 5;
    private static final double REFUSED_SHARE = 0.3;
    private static final int OBSERVED_WINDOW = 200;

    /** Of the text that {@link #remember} makes. */
    private static final int PARTS = 8;

    private final String provider;
    private LimitSettings settings;
    private final Instant origin;
    private final SlotBucket messages = new SlotBucket();
    private final SlotBucket connects = new SlotBucket();

    private final RateControl rate;
    private final ConnectionControl connections;
    private final SessionLength length;
    private final Suspicion suspicion = new Suspicion();
    private final Patience patience = new Patience();

    private int open;
    /** A session was opened to ask whether an episode is over, and has not asked yet. */
    private boolean openedToAsk;

    private String slowedBy = "";
    /** The lane was slowed down by sessions that were cut off: their length may be the reason. */
    private boolean slowedByCutOff;

    private Instant heldUntil = Instant.MIN;
    private String heldBy = "";
    private int suspensions;
    private boolean probing;

    private int accepted;
    private int refused;

    LaneShape(String provider, LimitSettings settings, Instant now) {
        this.provider = provider;
        this.settings = settings;
        this.origin = now;
        this.rate = new RateControl(settings.messagesPerSecond().orElseThrow(), 0);
        this.connections = new ConnectionControl(settings.connections().orElseThrow());
        this.length = new SessionLength(settings.messagesPerConnection().orElseThrow());
    }

    /** Takes up other limits; what was learnt stays, as far as it is below them. */
    synchronized void configure(LimitSettings changed) {
        if (changed.equals(settings)) {
            return;
        }
        settings = changed;
        connections.configure(changed.connections().orElseThrow());
        length.configure(changed.messagesPerConnection().orElseThrow());
        rate.configure(changed.messagesPerSecond().orElseThrow());
    }

    synchronized Permit connect(Instant now) {
        if (now.isBefore(heldUntil)) {
            return new Permit.Wait(heldUntil, heldBy);
        }
        double seconds = seconds(now);
        if (rate.isHeld() && (open > 0 || !rate.mayAsk(seconds))) {
            return new Permit.Wait(askAgain(now), slowed());
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
        if (rate.isHeld()) {
            rate.asks(seconds);
            openedToAsk = true;
        }
        return GO;
    }

    synchronized void disconnected() {
        open = Math.max(0, open - 1);
    }

    synchronized Permit send(Instant now, int recipients) {
        if (now.isBefore(heldUntil)) {
            return new Permit.Wait(heldUntil, heldBy);
        }
        double seconds = seconds(now);
        // The session that was opened to ask is there for this message.
        if (!(openedToAsk && rate.isHeld() && open <= 1) && !rate.mayAsk(seconds)) {
            return new Permit.Wait(askAgain(now), slowed());
        }
        double perSecond = rate.rate();
        if (perSecond > 0) {
            long wait = messages.take(
                    nanos(now), recipients, perSecond, settings.burst().orElse(0));
            if (wait > 0) {
                return new Permit.Wait(after(now, wait), "message rate " + rate(perSecond) + " of " + provider);
            }
        }
        rate.asks(seconds);
        openedToAsk = false;
        return GO;
    }

    /** The receiver says "too fast", or what is taken for it. */
    synchronized void slowDown(Instant now, String why, Sighting sighting) {
        double seconds = seconds(now);
        boolean wasCalm = !rate.isActive();
        if (sighting.code() == CLOSING && length.cutOff(seconds, sighting.carried())) {
            if (!slowedBy.isEmpty() && slowedByCutOff) {
                rate.reset(seconds);
                messages.reset();
                slowedBy = why;
            }
            return;
        }
        refused++;
        if (rate.refused(seconds)) {
            slowedByCutOff = sighting.code() == CLOSING && sighting.carried() > 0 && (wasCalm || slowedByCutOff);
            slowedBy = why;
        }
    }

    /** The receiver takes no more sessions. */
    synchronized void connectionRefused(Instant now, String why) {
        double seconds = seconds(now);
        openedToAsk = false;
        if (rate.isHeld()) {
            rate.refused(seconds);
            return;
        }
        int others = open - 1;
        if (others >= 1) {
            connections.refused(seconds, others);
            slowedBy = why;
        } else if (rate.refused(seconds)) {
            // Not even one: it is not their number.
            slowedBy = why;
        }
    }

    /** Nobody knows what the receiver means. */
    synchronized void unclear(Instant now, String why, Sighting sighting) {
        if (sighting.code() == CLOSING || suspicion.refused(sighting.attempt())) {
            slowDown(now, why, sighting);
        }
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

    synchronized void delivered(Instant now, Sighting sighting) {
        accepted++;
        if (accepted + refused > OBSERVED_WINDOW) {
            accepted /= 2;
            refused /= 2;
        }
        if (probing) {
            probing = false;
            suspensions = 0;
        }
        double seconds = seconds(now);
        suspicion.accepted(sighting.attempt());
        if (suspicion.isRefuted()) {
            rate.reset(seconds);
            messages.reset();
        }
        length.accepted(seconds, sighting.carried());
        connections.delivered(seconds, open);
        if (isTooSlow(seconds, sighting.elapsed().toNanos() / 1e9)) {
            return;
        }
        rate.accepted(seconds);
        if (!isSlowed()) {
            slowedBy = "";
        }
    }

    /** Whether a delivery took so long that it is taken for a refusal. */
    private boolean isTooSlow(double seconds, double elapsed) {
        boolean paused = rate.isHeld();
        boolean beforeThePause = seconds - elapsed < rate.resumedAt();
        if (beforeThePause || !patience.isLate(elapsed, paused) || !(paused || patience.isTried())) {
            return false;
        }
        if (rate.refused(seconds)) {
            patience.acted();
            slowedBy = String.format(Locale.ROOT, "answers take %.1f s", elapsed);
            return !paused || !patience.pausedInVain(elapsed);
        }
        return true;
    }

    synchronized Limits limits() {
        return new Limits(
                allowedConnections(),
                length.limit(),
                settings.recipientsPerTransaction().orElseThrow(),
                rate.rate());
    }

    /** What was learnt and still holds, for {@link #recall}; empty where there is nothing. A pause is not remembered. */
    synchronized String remember(Instant now) {
        String learntRate = rate.remember();
        String learntSessions = connections.remember();
        String learntLength = length.isActive()
                ? length.learnt() + "," + instant(length.learntAt()).toEpochMilli()
                : "";
        long held = now.isBefore(heldUntil) ? heldUntil.toEpochMilli() : 0;
        if (learntRate.isEmpty() && learntSessions.isEmpty() && learntLength.isEmpty() && !probing && held == 0) {
            return "";
        }
        return learntRate + ";" + learntSessions + ";" + suspensions + ";" + probing + ";" + held + ";"
                + (held == 0 ? "" : heldBy.replace(';', ',')) + ";" + slowedBy.replace(';', ',') + ";" + learntLength;
    }

    /** Takes up what another one remembered, within the limits of now; what does not read is left out. */
    synchronized void recall(String text, Instant now) {
        // The last part came with a later release.
        String[] p = text.split(";", PARTS);
        if (p.length < PARTS - 1) {
            return;
        }
        try {
            rate.recall(p[0], seconds(now));
            connections.recall(p[1], seconds(now));
            suspensions = Math.max(0, Integer.parseInt(p[2]));
            probing = Boolean.parseBoolean(p[3]);
            long held = Long.parseLong(p[4]);
            heldUntil = held > 0 ? Instant.ofEpochMilli(held) : Instant.MIN;
            heldBy = p[5];
            slowedBy = p[6];
            if (p.length == PARTS && !p[7].isEmpty()) {
                String[] learnt = p[7].split(",", 2);
                Instant at = Instant.ofEpochMilli(Long.parseLong(learnt[learnt.length - 1]));
                length.recall(Integer.parseInt(learnt[0]), seconds(at), seconds(now));
            }
        } catch (NumberFormatException | ArithmeticException e) {
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

    synchronized void cancelEffects(Instant now) {
        rate.reset(seconds(now));
        connections.reset();
        length.reset();
        suspicion.reset();
        patience.reset();
        heldUntil = Instant.MIN;
        probing = false;
        suspensions = 0;
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
        boolean byHand = now.isBefore(heldUntil);
        Instant pausedUntil = rate.isHeld() ? instant(rate.heldUntil()) : Instant.MIN;
        boolean paused = now.isBefore(pausedUntil);
        return new Effects(
                allowedConnections(),
                rate.rate(),
                length.limit(),
                isSlowed() || probing,
                slowedBy,
                byHand || paused,
                byHand ? heldUntil : pausedUntil,
                byHand ? heldBy : slowed());
    }

    record Effects(
            int connections,
            double rate,
            int messagesPerConnection,
            boolean slowed,
            String slowedBy,
            boolean held,
            Instant until,
            String heldBy) {}

    private boolean isSlowed() {
        return rate.isActive() || connections.isActive() || length.isActive();
    }

    private int allowedConnections() {
        return probing ? 1 : connections.limit();
    }

    private String slowed() {
        return "slowed down: " + slowedBy;
    }

    private void hold(Instant now, Duration pause, String why) {
        hold(now.plus(pause), why);
    }

    /** When it makes sense to ask again: after the pause, or a moment later while another message asks. */
    private Instant askAgain(Instant now) {
        Instant until = instant(rate.heldUntil());
        return until.isAfter(now) ? until : now.plusSeconds(1);
    }

    private Instant instant(double seconds) {
        // Up to the next millisecond, never too early.
        return origin.plusMillis((long) Math.ceil(seconds * 1000));
    }

    private double seconds(Instant now) {
        return nanos(now) / 1e9;
    }

    private long nanos(Instant now) {
        return Duration.between(origin, now).toNanos();
    }

    /** The moment a wait ends, in whole milliseconds and never too early. */
    private static Instant after(Instant now, long nanos) {
        return now.plusMillis((nanos + 999_999) / 1_000_000);
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
