package io.github.cameldeliverability.delivery;

import io.github.cameldeliverability.delivery.RetryPolicy.Schedule;
import io.github.cameldeliverability.mail.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Retry schedules as people write them: {@code 1m, 5m*2, 1h*3; at most 2d; attempts 9; jitter 20%; hints}. The first part
 * are the pauses after the first, second ... attempt, the last of which repeats.
 */
final class ScheduleText {

    /** Names for reasons that are treated alike. */
    static final Map<String, Set<Reason>> GROUPS = groups();

    private static final int MOST_PAUSES = 1000;
    private static final Pattern PAUSE = Pattern.compile("(\\d{1,6})\\s*(s|m|h|d)(?:\\s*\\*\\s*(\\d{1,4}))?");
    private static final Pattern AT_MOST = Pattern.compile("at most (\\d{1,6})\\s*(s|m|h|d)");
    private static final Pattern ATTEMPTS = Pattern.compile("attempts (\\d{1,4})");
    private static final Pattern JITTER = Pattern.compile("jitter (\\d{1,3})\\s*%");

    private ScheduleText() {}

    private static Map<String, Set<Reason>> groups() {
        Map<String, Set<Reason>> m = new LinkedHashMap<>();
        m.put("greylist", Set.of(Reason.GREYLISTED));
        m.put("rate", Set.of(Reason.RATELIMITED, Reason.TOOMANYCONN));
        m.put("reputation", Set.of(Reason.BLOCKED, Reason.BADREPUTATION));
        m.put("full", Set.of(Reason.MAILBOXFULL));
        m.put("dns", Set.of(Reason.NETWORKERROR, Reason.HOSTUNKNOWN, Reason.EXPIRED, Reason.SYSTEMERROR));
        m.put("tls", Set.of(Reason.FAILEDSTARTTLS));
        m.put(
                "content",
                Set.of(
                        Reason.CONTENTERROR,
                        Reason.SPAMDETECTED,
                        Reason.POLICYVIOLATION,
                        Reason.SECURITYERROR,
                        Reason.VIRUSDETECTED,
                        Reason.NOTCOMPLIANTRFC,
                        Reason.MESGTOOBIG,
                        Reason.EXCEEDLIMIT));
        return m;
    }

    /** @throws IllegalArgumentException saying what is wanted */
    static Schedule parse(String text) {
        String[] parts = text.split(";", -1);
        Schedule s = new Schedule(pauses(parts[0]), Integer.MAX_VALUE, Duration.ZERO, false);
        for (int i = 1; i < parts.length; i++) {
            String part = parts[i].strip().toLowerCase(Locale.ROOT);
            Matcher atMost = AT_MOST.matcher(part);
            Matcher attempts = ATTEMPTS.matcher(part);
            Matcher jitter = JITTER.matcher(part);
            if (part.equals("hints")) {
                s = s.honouringHints();
            } else if (atMost.matches()) {
                s = s.forAtMost(span(atMost.group(1), atMost.group(2)));
            } else if (attempts.matches()) {
                s = s.attempts(Integer.parseInt(attempts.group(1)));
            } else if (jitter.matches()) {
                s = s.jittering(Integer.parseInt(jitter.group(1)) / 100.0);
            } else {
                throw new IllegalArgumentException("\"" + parts[i].strip()
                        + "\" is not understood; after the pauses come: at most 2d; attempts 9; jitter 20%; hints");
            }
        }
        return s;
    }

    private static List<Duration> pauses(String text) {
        List<Duration> pauses = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            Matcher m = PAUSE.matcher(part.strip().toLowerCase(Locale.ROOT));
            if (!m.matches()) {
                throw new IllegalArgumentException(
                        "want pauses such as 1m, 5m*2, 1h*3 (s, m, h or d; *n for n times), not \"" + part.strip()
                                + "\"");
            }
            int times = m.group(3) == null ? 1 : Integer.parseInt(m.group(3));
            if (times < 1 || pauses.size() + times > MOST_PAUSES) {
                throw new IllegalArgumentException("from 1 to " + MOST_PAUSES + " pauses in all, not " + part.strip());
            }
            for (int i = 0; i < times; i++) {
                pauses.add(span(m.group(1), m.group(2)));
            }
        }
        return pauses;
    }

    private static Duration span(String number, String unit) {
        long n = Long.parseLong(number);
        return switch (unit) {
            case "s" -> Duration.ofSeconds(n);
            case "m" -> Duration.ofMinutes(n);
            case "h" -> Duration.ofHours(n);
            default -> Duration.ofDays(n);
        };
    }

    /** A policy with the schedule of a key put over it: {@code default}, a group, or a reason. */
    static RetryPolicy apply(RetryPolicy policy, String key, String text) {
        Schedule schedule = parse(text);
        if (key.equals("default")) {
            return policy.withFallback(schedule);
        }
        Set<Reason> reasons = GROUPS.containsKey(key)
                ? GROUPS.get(key)
                : Set.of(Reason.byId(key)
                        .orElseThrow(() -> new IllegalArgumentException("\"" + key
                                + "\" is no reason to try again; known are default, "
                                + String.join(", ", GROUPS.keySet())
                                + " and the reasons themselves, such as "
                                + List.of(Reason.GREYLISTED, Reason.MAILBOXFULL, Reason.SYSTEMFULL).stream()
                                        .map(Reason::id)
                                        .collect(Collectors.joining(", ")))));
        RetryPolicy changed = policy;
        for (Reason reason : reasons) {
            changed = changed.with(reason, schedule);
        }
        return changed;
    }
}
