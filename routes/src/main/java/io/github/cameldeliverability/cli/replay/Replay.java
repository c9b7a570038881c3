package io.github.cameldeliverability.cli.replay;

import io.github.cameldeliverability.mail.Lane;
import io.github.cameldeliverability.mail.spi.Counters;
import io.github.cameldeliverability.mail.spi.VerdictEngine;
import io.github.cameldeliverability.shaping.AdaptiveShaper;
import io.github.cameldeliverability.shaping.LimitBook;
import io.github.cameldeliverability.shaping.LocalMeters;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Runs recorded mail against other limits, in simulated time. The limits are kept by the engine's own shaper; the servers
 * answer as they did when the events were recorded, whatever the limits are now. Not thread-safe.
 */
public final class Replay {

    private static final Duration LONGEST = Duration.ofDays(30);
    private static final Set<String> TOO_FAST = Set.of("ratelimited", "toomanyconn");

    private final Map<String, List<RecordedEvent>> byRecipient = new LinkedHashMap<>();
    private final Set<List<Object>> seen = new HashSet<>();
    private long passedOver;

    /** When recipients are ready for their first attempt. */
    public enum Arrivals {
        /** All of a lane's when its first one was. */
        AT_ONCE,
        /** When their first attempt was recorded: what the old limits let through, and no earlier. */
        RECORDED
    }

    /** Takes an event; what tells nothing of a server, and what came twice, is passed over. */
    public void add(RecordedEvent event) {
        boolean isNew = event.isAttempt()
                && seen.add(List.of(event.queueId(), event.recipient(), event.attempt(), event.outcome(), event.at()));
        if (isNew) {
            byRecipient
                    .computeIfAbsent(event.queueId() + ' ' + event.recipient(), k -> new ArrayList<>())
                    .add(event);
        } else {
            passedOver++;
        }
    }

    /** How many events were no attempts, or came twice. */
    public long passedOver() {
        return passedOver;
    }

    /**
     * Runs it, for thirty simulated days at most.
     *
     * @param book the limits to try
     * @param verdicts judges the recorded replies
     * @param arrivals when mail comes
     * @param withoutTooFast leaves out the recorded answers "too fast" and "too many connections" that another attempt followed
     * @return by stream and provider; empty without an attempt in the record
     */
    public List<LaneResult> run(LimitBook book, VerdictEngine verdicts, Arrivals arrivals, boolean withoutTooFast) {
        List<List<RecordedEvent>> mail = new ArrayList<>();
        for (List<RecordedEvent> all : byRecipient.values()) {
            all.sort(Comparator.comparing(RecordedEvent::at).thenComparingInt(RecordedEvent::attempt));
            List<RecordedEvent> kept = new ArrayList<>(all);
            if (withoutTooFast) {
                RecordedEvent end = kept.remove(kept.size() - 1);
                kept.removeIf(e -> e.reason().filter(TOO_FAST::contains).isPresent());
                kept.add(end);
            }
            mail.add(kept);
        }
        mail.sort(Comparator.comparing(a -> a.get(0).begun()));
        if (mail.isEmpty()) {
            return List.of();
        }
        SimulatedTime time = new SimulatedTime(mail.get(0).get(0).begun());
        AdaptiveShaper shaper = new AdaptiveShaper(time, book, Counters.NONE, new LocalMeters());
        Map<Lane, List<List<RecordedEvent>>> byLane = new LinkedHashMap<>();
        for (List<RecordedEvent> attempts : mail) {
            byLane.computeIfAbsent(lane(shaper, attempts.get(0)), l -> new ArrayList<>())
                    .add(attempts);
        }
        List<ReplayLane> lanes = new ArrayList<>();
        byLane.forEach((lane, recipients) -> {
            Instant first = recipients.get(0).get(0).begun();
            Instant last = recipients.stream()
                    .map(r -> r.get(r.size() - 1).at())
                    .max(Comparator.naturalOrder())
                    .orElse(first);
            ReplayLane replayed = new ReplayLane(lane, time, shaper, verdicts, first, Duration.between(first, last));
            recipients.forEach(r -> replayed.arrives(
                    arrivals == Arrivals.AT_ONCE ? first : r.get(0).begun(), r));
            lanes.add(replayed);
        });
        time.run(time.instant().plus(LONGEST));
        return lanes.stream()
                .map(ReplayLane::result)
                .sorted(Comparator.comparing(LaneResult::recipients)
                        .reversed()
                        .thenComparing(LaneResult::stream)
                        .thenComparing(LaneResult::provider))
                .toList();
    }

    /** The provider of the limits on trial where they know the host, else the one of the record. */
    private static Lane lane(AdaptiveShaper shaper, RecordedEvent event) {
        String recorded = event.provider().orElseThrow();
        String domain = event.recipient().substring(event.recipient().lastIndexOf('@') + 1);
        String provider = event.host()
                .map(host -> shaper.provider(domain, List.of(host)))
                .filter(p -> !p.startsWith("mx:"))
                .orElse(recorded);
        return new Lane(event.stream(), Lane.DEFAULT_SOURCE, provider);
    }
}
