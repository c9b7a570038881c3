package io.github.cameldeliverability.shaping;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * How fast an address or a domain that receivers do not know may grow. Immutable.
 *
 * @param name as targets name it
 * @param days recipients on the first, second ... day, to each provider; after the last day there is no cap
 * @param byProvider other numbers for single providers
 * @param limits what else holds while warming, such as few connections
 * @param skipWeekends whether Saturdays and Sundays repeat the step of the day before
 * @param count which days count
 * @param overflow where mail above the cap goes
 * @param hold when the plan does not go on
 * @param back when the plan goes back
 * @param backSteps by how many steps
 * @param idle after how many days without mail the plan goes back
 * @param idleSteps by how many steps, each time
 * @param restartAfter days without mail after which it begins anew
 * @param zone whose midnight begins a day
 * @param source who says so
 */
public record WarmupPlan(
        String name,
        List<Long> days,
        Map<String, List<Long>> byProvider,
        LimitSettings limits,
        boolean skipWeekends,
        Count count,
        Overflow overflow,
        Signal hold,
        Signal back,
        int backSteps,
        int idle,
        int idleSteps,
        int restartAfter,
        ZoneId zone,
        String source) {

    /** Which days bring the plan on. */
    public enum Count {
        /** Days on which mail was sent. */
        SENDING,
        /** All days since the start. */
        CALENDAR
    }

    /** What becomes of mail above the cap. */
    public enum Overflow {
        /** Another source address of the stream takes it, if there is one that may; else it waits. */
        ADDRESSES,
        /** It waits for the next day. */
        LATER
    }

    /**
     * A share of the day's attempts.
     *
     * @param share 0 to 1
     * @param minimum attempts below which nothing is concluded
     */
    public record Signal(double share, int minimum) {
        public Signal {
            if (!(share > 0 && share <= 1) || minimum < 1) {
                throw new IllegalArgumentException(
                        "a signal is a share above 0 and at most 100% of at least 1 attempt: " + share + " of "
                                + minimum);
            }
        }

        boolean isGivenBy(long bad, long attempts) {
            return attempts >= minimum && bad >= share * attempts;
        }
    }

    public WarmupPlan {
        Objects.requireNonNull(zone, "zone");
        days = checked(days);
        byProvider.values().forEach(WarmupPlan::checked);
        byProvider = Map.copyOf(byProvider);
        if (backSteps < 0 || idle < 1 || idleSteps < 0 || restartAfter < idle) {
            throw new IllegalArgumentException(
                    "steps must not be negative, idle must be at least a day and restart not before idle");
        }
    }

    private static List<Long> checked(List<Long> days) {
        if (days.isEmpty() || days.stream().anyMatch(n -> n < 1)) {
            throw new IllegalArgumentException("a plan needs days with at least 1 recipient each: " + days);
        }
        return List.copyOf(days);
    }

    /** The days of one provider. */
    List<Long> daysOf(String provider) {
        return byProvider.getOrDefault(provider, days);
    }

    /** The cap of a step, counted from 0; empty when the plan is over. */
    OptionalLong cap(String provider, int step) {
        List<Long> all = daysOf(provider);
        return step < all.size() ? OptionalLong.of(all.get(Math.max(0, step))) : OptionalLong.empty();
    }

    /**
     * Reads {@code 50, 100, 200*3}: a number a day, {@code *n} for n days.
     *
     * @throws IllegalArgumentException saying what is wanted
     */
    static List<Long> parseDays(String text) {
        List<Long> days = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            try {
                int star = part.indexOf('*');
                long n = Long.parseLong(
                        (star < 0 ? part : part.substring(0, star)).strip().replace("_", ""));
                int times =
                        star < 0 ? 1 : Integer.parseInt(part.substring(star + 1).strip());
                if (times < 1 || days.size() + times > 1000) {
                    throw new IllegalArgumentException("from 1 to 1000 days in all: " + part.strip());
                }
                for (int i = 0; i < times; i++) {
                    days.add(n);
                }
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(
                        "want numbers such as 50, 100, 200*3 (three days of 200), not " + part.strip(), e);
            }
        }
        return checked(days);
    }
}
