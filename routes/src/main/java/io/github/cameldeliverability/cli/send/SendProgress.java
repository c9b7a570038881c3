package io.github.cameldeliverability.cli.send;

import io.github.cameldeliverability.mail.DeliveryEvent;
import io.github.cameldeliverability.mail.Outcome;
import io.github.cameldeliverability.mail.Verdict;
import java.io.PrintWriter;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/** Counts what becomes of a campaign and shows it: one moving line on a terminal, a table at the end. Thread-safe. */
public final class SendProgress {

    private static final int BAR = 30;
    private static final int SUMMARY_LINES = 200;

    private final Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
    private final Map<String, Long> rows = new TreeMap<>();
    private long accepted;

    public synchronized void accepted(int recipients) {
        accepted += recipients;
    }

    public synchronized void event(DeliveryEvent event) {
        outcomes.merge(event.outcome(), 1L, Long::sum);
        String row = String.format(
                "%-28s %-10s %s",
                event.provider().orElse(event.recipient().domain()),
                event.outcome().id(),
                event.verdict().map(Verdict::reason).map(r -> r.id()).orElse(""));
        rows.merge(row, 1L, Long::sum);
    }

    /** Recipients with a final outcome that was seen here. */
    public synchronized long finals() {
        return outcomes.entrySet().stream()
                .filter(e -> e.getKey().isFinal())
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /** One line: bar, counts, rate. */
    public synchronized String line(double seconds) {
        long done = finals();
        long all = Math.max(1, Math.max(accepted, done));
        int filled = (int) (BAR * done / all);
        return String.format(
                "[%s%s] %,d of %,d final, %,d delivered, %,d bounced, %,d deferrals, %.0f/s",
                "#".repeat(filled),
                "-".repeat(BAR - filled),
                done,
                accepted,
                outcomes.getOrDefault(Outcome.DELIVERED, 0L),
                outcomes.getOrDefault(Outcome.BOUNCED, 0L),
                outcomes.getOrDefault(Outcome.DEFERRED, 0L),
                seconds > 0 ? done / seconds : 0);
    }

    /** Counts by provider, outcome and reason, then the totals. */
    public synchronized void summary(PrintWriter out, double seconds) {
        out.printf("%-28s %-10s %-16s %s%n", "provider", "outcome", "reason", "recipients");
        rows.entrySet().stream()
                .limit(SUMMARY_LINES)
                .forEach(e -> out.printf("%-56s %,10d%n", e.getKey(), e.getValue()));
        if (rows.size() > SUMMARY_LINES) {
            out.printf("... and %,d more rows%n", rows.size() - SUMMARY_LINES);
        }
        StringBuilder totals = new StringBuilder();
        outcomes.forEach((outcome, n) -> totals.append(String.format("%s %,d  ", outcome.id(), n)));
        out.printf("%s in %.1f s%n", totals.toString().strip(), seconds);
    }
}
