package io.github.cameldeliverability.delivery;

import io.github.cameldeliverability.mail.Reason;
import io.github.cameldeliverability.mail.SmtpReply;
import io.github.cameldeliverability.mail.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;

/** When to try again after a transient failure, by its reason. Immutable, thread-safe. */
public final class RetryPolicy {

    /** A wait that a server asks for is honoured up to this; nobody means days. */
    private static final Duration LONGEST_HINT = Duration.ofHours(1);

    private final Schedule fallback;
    private final Map<Reason, Schedule> byReason;

    private RetryPolicy(Schedule fallback, Map<Reason, Schedule> byReason) {
        this.fallback = fallback;
        this.byReason = byReason;
    }

    /** The same schedule for every reason. */
    public static RetryPolicy of(Schedule schedule) {
        return new RetryPolicy(Objects.requireNonNull(schedule, "schedule"), new EnumMap<>(Reason.class));
    }

    /** What is sensible on the public Internet; RFC 5321 4.5.4.1 asks for at least 30 minutes between later tries. */
    public static RetryPolicy defaults() {
        // Nobody was bothered, and what is away is often back in a minute.
        Schedule network = Schedule.of("1m", "5m", "10m", "20m", "40m", "1h", "2h", "4h");
        // The lane is what backs off: the message stays near, so that it goes as soon as the lane may.
        Schedule rate = Schedule.of("2m", "5m").honouringHints();
        Schedule twice = Schedule.of("15m", "1h").attempts(2);
        return of(Schedule.of("5m", "10m", "20m", "40m", "80m", "160m", "4h"))
                // First contact: the same envelope from the same address soon, and then quickly often enough.
                .with(
                        Reason.GREYLISTED,
                        Schedule.of("1m", "5m", "15m", "15m", "30m", "1h", "2h").honouringHints())
                .with(Reason.RATELIMITED, rate)
                .with(Reason.TOOMANYCONN, rate)
                .with(Reason.BADREPUTATION, Schedule.of("10m", "30m", "1h", "2h", "4h"))
                .with(Reason.BLOCKED, Schedule.of("10m", "30m", "1h", "2h", "4h"))
                .with(
                        Reason.MAILBOXFULL,
                        Schedule.of("1h", "2h", "4h", "8h", "16h", "24h").forAtMost(Duration.ofDays(3)))
                .with(Reason.NETWORKERROR, network)
                .with(Reason.EXPIRED, network)
                .with(Reason.HOSTUNKNOWN, network)
                .with(Reason.SYSTEMERROR, network)
                .with(Reason.FAILEDSTARTTLS, Schedule.of("30m", "1h", "2h", "4h"))
                .with(Reason.CONTENTERROR, twice)
                .with(Reason.SPAMDETECTED, twice)
                .with(Reason.POLICYVIOLATION, twice)
                .with(Reason.SECURITYERROR, twice)
                .with(Reason.VIRUSDETECTED, twice)
                .with(Reason.NOTCOMPLIANTRFC, twice)
                .with(Reason.MESGTOOBIG, twice)
                .with(Reason.EXCEEDLIMIT, twice);
    }

    /** This policy with another schedule for one reason. */
    public RetryPolicy with(Reason reason, Schedule schedule) {
        Map<Reason, Schedule> copy = new EnumMap<>(Reason.class);
        copy.putAll(byReason);
        copy.put(reason, Objects.requireNonNull(schedule, "schedule"));
        return new RetryPolicy(fallback, copy);
    }

    /**
     * This policy with schedules as people write them put over it: {@code 1m, 5m*2, 1h*3; at most 2d; attempts 9; jitter
     * 20%; hints}. Keys are {@code default} for all reasons without a schedule, the id of a {@link Reason}, or {@code
     * greylist}, {@code rate}, {@code reputation}, {@code full}, {@code dns}, {@code tls}, {@code content}.
     *
     * @throws IllegalArgumentException naming the key, what is wrong and what is wanted
     */
    public RetryPolicy with(Map<String, String> schedules) {
        RetryPolicy policy = this;
        for (Map.Entry<String, String> e : schedules.entrySet()) {
            try {
                policy = ScheduleText.apply(policy, e.getKey(), e.getValue());
            } catch (IllegalArgumentException bad) {
                throw new IllegalArgumentException("retry schedule " + e.getKey() + ": " + bad.getMessage(), bad);
            }
        }
        return policy;
    }

    /**
     * As {@link #with(Map)}, all in one line: {@code 10m, 1h*3 | greylist: 1m, 5m*2 | full: 1h*5; at most 3d}. What comes
     * without a key is the default.
     */
    public RetryPolicy withAll(String line) {
        Map<String, String> schedules = new LinkedHashMap<>();
        for (String part : line.split("\\|", -1)) {
            int colon = part.indexOf(':');
            String key =
                    colon < 0 ? "default" : part.substring(0, colon).strip().toLowerCase(Locale.ROOT);
            if (schedules.put(key, part.substring(colon + 1).strip()) != null) {
                throw new IllegalArgumentException("retry schedule " + key + " is stated twice");
            }
        }
        return with(schedules);
    }

    /** This policy with another schedule for all reasons that have none of their own. */
    public RetryPolicy withFallback(Schedule schedule) {
        return new RetryPolicy(schedule, byReason);
    }

    /** What holds for a reason. */
    public Schedule schedule(Reason reason) {
        return byReason.getOrDefault(reason, fallback);
    }

    /**
     * What to do after a transient failure.
     *
     * @param attempt the attempt that failed, from 1
     * @param acceptedAt when the message was taken in
     */
    public Decision after(
            Verdict verdict, SmtpReply reply, int attempt, Instant acceptedAt, Instant now, RandomGenerator random) {
        Schedule schedule = schedule(verdict.reason());
        if (attempt >= schedule.maxAttempts()) {
            return new GiveUp(verdict.reason().id() + " after " + attempt + " attempts");
        }
        if (!schedule.longest().isZero() && !now.isBefore(acceptedAt.plus(schedule.longest()))) {
            return new GiveUp(verdict.reason().id() + " for " + schedule.longest());
        }
        if (schedule.honoursHints()) {
            Duration hint = RetryHint.in(reply.text());
            if (!hint.isZero()) {
                Duration wait = hint.compareTo(LONGEST_HINT) > 0 ? LONGEST_HINT : hint;
                // Never earlier than asked: who comes back too soon starts anew.
                return new Retry(now.plus(wait).plusMillis(1000 + jitter(wait.dividedBy(20), random)), true);
            }
        }
        Duration base =
                schedule.delays().get(Math.min(attempt, schedule.delays().size()) - 1);
        Duration spread = Duration.ofMillis((long) (base.toMillis() * schedule.jitter()));
        return new Retry(now.plus(base).plusMillis(jitter(spread, random)), false);
    }

    private static long jitter(Duration upTo, RandomGenerator random) {
        long millis = upTo.toMillis();
        return millis <= 0 ? 0 : random.nextLong(millis);
    }

    /** What to do after a transient failure. */
    public sealed interface Decision {}

    /**
     * Try again then.
     *
     * @param asked whether the server asked for it
     */
    public record Retry(Instant at, boolean asked) implements Decision {}

    /** Trying again will not help any more. */
    public record GiveUp(String why) implements Decision {}

    /**
     * @param delays after the first, second ... attempt; the last one repeats
     * @param maxAttempts after which to give up
     * @param longest since acceptance, after which to give up; zero leaves that to the stream's maximum age
     * @param honoursHints whether "try again in N minutes" in a reply sets the delay
     * @param jitter the share of a delay by which it is made longer at random, so that what failed together does not come
     *     back together; 0 to 1
     */
    public record Schedule(
            List<Duration> delays, int maxAttempts, Duration longest, boolean honoursHints, double jitter) {

        private static final double USUAL_JITTER = 0.1;

        public Schedule(List<Duration> delays, int maxAttempts, Duration longest, boolean honoursHints) {
            this(delays, maxAttempts, longest, honoursHints, USUAL_JITTER);
        }

        public Schedule {
            if (!(jitter >= 0 && jitter <= 1)) {
                throw new IllegalArgumentException("jitter must be 0 to 100%: " + jitter);
            }
            delays = List.copyOf(delays);
            if (delays.isEmpty() || delays.stream().anyMatch(d -> d.isNegative() || d.isZero())) {
                throw new IllegalArgumentException("a retry schedule needs positive delays: " + delays);
            }
            if (maxAttempts < 1) {
                throw new IllegalArgumentException("maxAttempts must be at least 1: " + maxAttempts);
            }
        }

        /** Delays such as {@code "90s"}, {@code "5m"}, {@code "4h"}, {@code "1d"}. */
        public static Schedule of(String... delays) {
            List<Duration> list = new ArrayList<>();
            for (String d : delays) {
                String iso = d.endsWith("d") ? "P" + d : "PT" + d;
                list.add(Duration.parse(iso));
            }
            return new Schedule(list, Integer.MAX_VALUE, Duration.ZERO, false);
        }

        public Schedule attempts(int max) {
            return new Schedule(delays, max, longest, honoursHints, jitter);
        }

        public Schedule forAtMost(Duration max) {
            return new Schedule(delays, maxAttempts, max, honoursHints, jitter);
        }

        public Schedule honouringHints() {
            return new Schedule(delays, maxAttempts, longest, true, jitter);
        }

        public Schedule jittering(double share) {
            return new Schedule(delays, maxAttempts, longest, honoursHints, share);
        }
    }
}
