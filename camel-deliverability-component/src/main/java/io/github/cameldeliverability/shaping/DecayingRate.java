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
    private long began;
    private long resetAt = Long.MIN_VALUE;

    DecayingRate(Duration halfLife, Instant now) {
        halfLifeMillis = halfLife.toMillis();
        at = now.toEpochMilli();
        began = at;
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

    /** Attempts a second, over as long as they are remembered or counted. */
    double perSecond(Instant now) {
        double counted = Math.min((double) (now.toEpochMilli() - began), halfLifeMillis / Math.log(2));
        return attempts * 1000 / Math.max(1000, counted);
    }

    void reset(Instant now) {
        events = 0;
        attempts = 0;
        at = now.toEpochMilli();
        began = at;
        resetAt = at;
    }

    /** Whether what happened then was before the count began anew. */
    boolean isBeforeReset(Instant then) {
        return then.toEpochMilli() <= resetAt;
    }

    String remember() {
        return events + ";" + attempts + ";" + at + ";" + resetAt + ";" + began;
    }

    /** Takes up what another one remembered; what does not read is left out. */
    void recall(String text) {
        String[] parts = text.split(";");
        if (parts.length == 5) {
            try {
                double storedEvents = Double.parseDouble(parts[0]);
                double storedAttempts = Double.parseDouble(parts[1]);
                long storedAt = Long.parseLong(parts[2]);
                long storedReset = Long.parseLong(parts[3]);
                long storedBegan = Long.parseLong(parts[4]);
                if (storedEvents >= 0 && storedAttempts >= 0 && Double.isFinite(storedEvents + storedAttempts)) {
                    events = storedEvents;
                    attempts = storedAttempts;
                    at = storedAt;
                    resetAt = storedReset;
                    began = storedBegan;
                }
            } catch (NumberFormatException e) {
                // Written by another release: it counts anew.
                return;
            }
        }
    }
}
