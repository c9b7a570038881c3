package io.github.cameldeliverability.shaping;

import java.util.OptionalLong;

/**
 * Where a warm-up is at one provider.
 *
 * @param target {@code source 192.0.2.1}
 * @param plan its name
 * @param provider its name, {@code others} for all hosts without a definition; empty while nothing was sent
 * @param day of the plan, from 1
 * @param days of the plan
 * @param cap of the day; empty when the plan is over
 * @param attempts made today
 * @param note what is to be known of it: held and why, warm, begins on
 */
public record WarmupStatus(
        String target, String plan, String provider, int day, int days, OptionalLong cap, long attempts, String note) {

    @Override
    public String toString() {
        return target + (provider.isEmpty() ? "" : " to " + provider) + ": plan " + plan + ", day " + day + " of "
                + days
                + (cap.isPresent() ? ", cap " + cap.getAsLong() : ", no cap") + ", " + attempts + " attempts today"
                + (note.isEmpty() ? "" : ", " + note);
    }
}
