package io.github.cameldeliverability.shaping;

import java.time.Duration;
import java.time.Instant;

/** Events and attempts of which each counts half after its half-life: a rate that forgets. Not thread-safe. */
final class DecayingRate {

    private static final long MILLIS_PER_LOOK = 1_000;

    private final double halfLifeMillis;
    private double events;
    private double attempts;
    private long at;
    private long resetAt = Long.MIN_VALUE;

    DecayingRate(Duration halfLife, Instant now) {
        halfLifeMillis = halfLife.toMillis();
        at = now.toEpochMilli();
    }

    void attempt(Instant now) {
        decay(now);
        attempts++;
    }

    void event(Instant now) {
        decay(now);
        events++;
    }

    private void decay(Instant now) {
        long passed = now.toEpochMilli() - at;
        if (passed >= MILLIS_PER_LOOK) {
            double left = Math.pow(0.5, passed / halfLifeMillis);
            events *= left;
            attempts *= left;
            at += passed;
        }
    }

    double events() {
        return events;
    }

    double attempts() {
        return attempts;
    }

    /** 0 where nothing was attempted. */
    double rate() {
        return attempts < 1 ? 0 : events / attempts;
    }

    void reset(Instant now) {
        events = 0;
        attempts = 0;
        at = now.toEpochMilli();
        resetAt = at;
    }

    /** Whether what happened then was before the count began anew. */
    boolean isBeforeReset(Instant then) {
        return then.toEpochMilli() < resetAt;
    }

    String remember() {
        return events + ";" + attempts + ";" + at + ";" + resetAt;
    }

    /** Takes up what another one remembered; what does not read is left out. */
    void recall(String text) {
        String[] parts = text.split(";");
        if (parts.length == 4) {
            try {
                double storedEvents = Double.parseDouble(parts[0]);
                double storedAttempts = Double.parseDouble(parts[1]);
                long storedAt = Long.parseLong(parts[2]);
                long storedReset = Long.parseLong(parts[3]);
                if (storedEvents >= 0 && storedAttempts >= 0 && Double.isFinite(storedEvents + storedAttempts)) {
                    events = storedEvents;
                    attempts = storedAttempts;
                    at = storedAt;
                    resetAt = storedReset;
                }
            } catch (NumberFormatException e) {
                // Written by another release: it counts anew.
                return;
            }
        }
    }
}
