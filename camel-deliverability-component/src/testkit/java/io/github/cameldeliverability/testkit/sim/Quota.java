package io.github.cameldeliverability.testkit.sim;

import java.util.ArrayDeque;
import java.util.Deque;

/** How a simulated receiver counts messages against its rate. Not thread-safe. */
public interface Quota {

    /**
     * Takes one message if the quota allows.
     *
     * @param now seconds
     * @param factor what the limit is multiplied with at the moment
     */
    boolean take(double now, double factor);

    /** Whether a message would be taken, taking nothing. */
    boolean hasRoom(double now, double factor);

    /** Messages a second in the long run. */
    double rate();

    /** A leaking bucket: {@code rate} in the long run, {@code burst} saved up at most. */
    static Quota bucket(double rate, double burst) {
        return new Quota() {
            private double tokens = burst;
            private double since;

            @Override
            public boolean hasRoom(double now, double factor) {
                tokens = Math.min(Math.max(1, burst * factor), tokens + (now - since) * rate * factor);
                since = now;
                return tokens >= 1;
            }

            @Override
            public boolean take(double now, double factor) {
                if (!hasRoom(now, factor)) {
                    return false;
                }
                tokens--;
                return true;
            }

            @Override
            public double rate() {
                return rate;
            }
        };
    }

    /** So many messages in each period, periods beginning by the clock. */
    static Quota fixedWindow(double messages, double seconds) {
        return new Quota() {
            private long window = -1;
            private double used;

            @Override
            public boolean hasRoom(double now, double factor) {
                long w = (long) (now / seconds);
                if (w != window) {
                    window = w;
                    used = 0;
                }
                return used + 1 <= messages * factor;
            }

            @Override
            public boolean take(double now, double factor) {
                if (!hasRoom(now, factor)) {
                    return false;
                }
                used++;
                return true;
            }

            @Override
            public double rate() {
                return messages / seconds;
            }
        };
    }

    /** So many messages in any period of that length. */
    static Quota slidingWindow(double messages, double seconds) {
        return new Quota() {
            private final Deque<Double> taken = new ArrayDeque<>();

            @Override
            public boolean hasRoom(double now, double factor) {
                while (!taken.isEmpty() && taken.peekFirst() <= now - seconds) {
                    taken.removeFirst();
                }
                return taken.size() + 1 <= messages * factor;
            }

            @Override
            public boolean take(double now, double factor) {
                if (!hasRoom(now, factor)) {
                    return false;
                }
                taken.addLast(now);
                return true;
            }

            @Override
            public double rate() {
                return messages / seconds;
            }
        };
    }

    /** No limit. */
    static Quota unlimited() {
        return new Quota() {
            @Override
            public boolean take(double now, double factor) {
                return true;
            }

            @Override
            public boolean hasRoom(double now, double factor) {
                return true;
            }

            @Override
            public double rate() {
                return Double.POSITIVE_INFINITY;
            }
        };
    }
}
