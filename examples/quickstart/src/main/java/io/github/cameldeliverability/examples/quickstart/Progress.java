package io.github.cameldeliverability.examples.quickstart;

import io.github.cameldeliverability.mail.DeliveryEvent;
import io.github.cameldeliverability.mail.Outcome;
import java.io.PrintStream;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/** Counts outcomes by stream and provider as the events come in, and draws them as a table that stays in place. */
public final class Progress {

    private static final String CLEAR_LINE = "\u001b[K";

    /** Into a file or a pipe, one line every few seconds is enough. */
    private static final int CALLS_A_LINE = 10;

    private final Map<String, Map<Outcome, Integer>> counts = new TreeMap<>();
    private final PrintStream out;
    private final boolean terminal;
    private int linesDrawn;
    private int calls;

    Progress(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /** The routes call this for each delivery event. */
    public synchronized void event(DeliveryEvent event) {
        String provider = event.provider().orElse(event.recipient().domain());
        counts.computeIfAbsent(event.stream() + " " + provider, k -> new EnumMap<>(Outcome.class))
                .merge(event.outcome(), 1, Integer::sum);
    }

    synchronized int of(Outcome outcome) {
        return counts.values().stream()
                .mapToInt(m -> m.getOrDefault(outcome, 0))
                .sum();
    }

    synchronized int finals() {
        return counts.values().stream()
                .flatMap(m -> m.entrySet().stream())
                .filter(e -> e.getKey().isFinal())
                .mapToInt(Map.Entry::getValue)
                .sum();
    }

    /** Draws the table, over the last one where the output is a terminal. */
    synchronized void draw(String headline) {
        if (!terminal) {
            if (calls++ % CALLS_A_LINE == 0) {
                out.println(headline);
            }
            return;
        }
        if (linesDrawn > 0) {
            out.printf("\u001b[%dA", linesDrawn);
        }
        out.print(text(headline, CLEAR_LINE));
        out.flush();
        linesDrawn = counts.size() + 2;
    }

    synchronized void drawLast(String headline) {
        if (terminal) {
            draw(headline);
        } else {
            out.print(text(headline, ""));
        }
    }

    private String text(String headline, String lineEnd) {
        StringBuilder b = new StringBuilder(headline).append(lineEnd).append('\n');
        b.append(String.format("    %-32s", "stream, provider"));
        for (Outcome o : Outcome.values()) {
            b.append(String.format("%11s", o.id()));
        }
        b.append(lineEnd).append('\n');
        counts.forEach((key, byOutcome) -> {
            b.append(String.format("    %-32s", key));
            for (Outcome o : Outcome.values()) {
                b.append(String.format("%11d", byOutcome.getOrDefault(o, 0)));
            }
            b.append(lineEnd).append('\n');
        });
        return b.toString();
    }
}
