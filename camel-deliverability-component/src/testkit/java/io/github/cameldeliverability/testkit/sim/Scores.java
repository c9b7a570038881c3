package io.github.cameldeliverability.testkit.sim;

/** Counts by the minute what became of a trial's attempts. Not thread-safe. */
final class Scores {

    private static final double MINUTE = 60;

    private final long[] accepted;
    private final long[] refused;
    private final long[] violations;

    Scores(double seconds) {
        int minutes = (int) Math.ceil(seconds / MINUTE) + 1;
        accepted = new long[minutes];
        refused = new long[minutes];
        violations = new long[minutes];
    }

    void accepted(double now, boolean violation) {
        int minute = minute(now);
        accepted[minute]++;
        violations[minute] += violation ? 1 : 0;
    }

    void refused(double now, boolean violation) {
        int minute = minute(now);
        refused[minute]++;
        violations[minute] += violation ? 1 : 0;
    }

    private int minute(double now) {
        return Math.min(accepted.length - 1, (int) (now / MINUTE));
    }

    long accepted(int from, int to) {
        return sum(accepted, from, to);
    }

    long attempts(int from, int to) {
        return sum(accepted, from, to) + sum(refused, from, to);
    }

    long violations(int from, int to) {
        return sum(violations, from, to);
    }

    private static long sum(long[] counts, int from, int to) {
        long sum = 0;
        for (int i = Math.max(0, from); i < Math.min(to, counts.length); i++) {
            sum += counts[i];
        }
        return sum;
    }
}
