package io.github.cameldeliverability.shaping;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;

/** How many in the last so many minutes, in ten steps. Not thread-safe. */
final class WindowCount {

    private static final int STEPS = 10;

    private final long stepMillis;
    private final int[] counts = new int[STEPS];
    /** The number of the step that each count belongs to, since 1970. */
    private final long[] steps = new long[STEPS];

    WindowCount(Duration window) {
        stepMillis = Math.max(1, window.toMillis() / STEPS);
        Arrays.fill(steps, Long.MIN_VALUE);
    }

    void add(Instant now, int n) {
        long step = Math.floorDiv(now.toEpochMilli(), stepMillis);
        int slot = (int) Math.floorMod(step, (long) STEPS);
        if (steps[slot] != step) {
            steps[slot] = step;
            counts[slot] = 0;
        }
        counts[slot] = Math.min(counts[slot], Integer.MAX_VALUE - n) + n;
    }

    int sum(Instant now) {
        long oldest = Math.floorDiv(now.toEpochMilli(), stepMillis) - STEPS;
        long sum = 0;
        for (int i = 0; i < STEPS; i++) {
            sum += steps[i] > oldest ? counts[i] : 0;
        }
        return (int) Math.min(sum, Integer.MAX_VALUE);
    }

    /** How long ago the oldest of what is counted was, at least a step. */
    Duration reach(Instant now) {
        long present = Math.floorDiv(now.toEpochMilli(), stepMillis);
        long oldest = present;
        for (int i = 0; i < STEPS; i++) {
            if (steps[i] > present - STEPS && counts[i] > 0) {
                oldest = Math.min(oldest, steps[i]);
            }
        }
        return Duration.ofMillis(Math.max(stepMillis, now.toEpochMilli() - oldest * stepMillis));
    }

    void clear() {
        Arrays.fill(counts, 0);
    }

    /** The counts with their steps, for {@link #recall}. */
    String remember() {
        StringBuilder b = new StringBuilder();
        for (int i = 0; i < STEPS; i++) {
            if (counts[i] > 0) {
                b.append(b.isEmpty() ? "" : ",").append(steps[i]).append('=').append(counts[i]);
            }
        }
        return b.toString();
    }

    /** Takes up what an instance of the same window remembered; what does not read is left out. */
    void recall(String text) {
        for (String part : text.split(",")) {
            int eq = part.indexOf('=');
            if (eq > 0) {
                try {
                    long step = Long.parseLong(part.substring(0, eq));
                    int slot = (int) Math.floorMod(step, (long) STEPS);
                    if (step > steps[slot]) {
                        steps[slot] = step;
                        counts[slot] = Math.max(0, Integer.parseInt(part.substring(eq + 1)));
                    }
                } catch (NumberFormatException e) {
                    // Written by another release: it counts anew.
                    return;
                }
            }
        }
    }
}
