package io.github.cameldeliverability.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.cameldeliverability.cli.replay.LaneResult;
import io.github.cameldeliverability.cli.replay.RecordedEvents;
import io.github.cameldeliverability.cli.replay.Replay;
import io.github.cameldeliverability.shaping.LimitBook;
import io.github.cameldeliverability.shaping.LimitFileException;
import io.github.cameldeliverability.verdict.RulePackEngine;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Tries limits on recorded mail. */
@Command(
        name = "simulate",
        description = {
            "Replays recorded delivery events against other limits, in simulated time, and sends nothing.",
            "The limits are kept by the engine's own shaper. The servers answer as they were recorded: what they would"
                    + " have said at another speed a replay cannot know."
        },
        mixinStandardHelpOptions = true)
final class SimulateCommand implements Callable<Integer> {

    private static final int SHOWN = 3;

    @Parameters(arity = "1..*", paramLabel = "EVENTS", description = "event files as send --events writes them")
    private List<Path> files = List.of();

    @Option(
            names = "--limits",
            paramLabel = "FILE",
            description = "the limits to try (YAML); without it, those that are built in")
    private Path limits;

    @Option(
            names = "--arrivals",
            paramLabel = "at_once|recorded",
            defaultValue = "AT_ONCE",
            description = "all mail of a provider at once (default), or when its first attempt was recorded")
    private Replay.Arrivals arrivals;

    @Option(
            names = "--without-too-fast",
            description =
                    "leave out recorded \"too fast\" and \"too many connections\": as if the new limits kept below"
                            + " the receiver's")
    private boolean withoutTooFast;

    @Option(names = "--json", description = "one JSON object a provider")
    private boolean asJson;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Replay replay = new Replay();
        long events = 0;
        for (Path file : files) {
            if (!Files.isReadable(file)) {
                throw new UserError("cannot read " + file);
            }
            events += RecordedEvents.read(file, replay::add);
        }
        List<LaneResult> results = replay.run(book(), RulePackEngine.builtIn(), arrivals, withoutTooFast);
        if (results.isEmpty()) {
            throw new UserError("no attempts to replay among " + events + " events");
        }
        PrintWriter out = spec.commandLine().getOut();
        if (asJson) {
            for (LaneResult r : results) {
                out.println(new ObjectMapper().writeValueAsString(json(r)));
            }
        } else {
            print(out, results);
            out.printf("%,d events read, %,d of them no attempts or repeated.%n", events, replay.passedOver());
            out.println("The servers' answers are the recorded ones, "
                    + (withoutTooFast ? "without \"too fast\"" : "\"too fast\" included")
                    + ": whether they would take more, or refuse more, at another speed is not known.");
        }
        return Deliverability.OK;
    }

    private LimitBook book() throws IOException {
        if (limits == null) {
            return LimitBook.builtInOnly();
        }
        if (!Files.isReadable(limits)) {
            throw new UserError("cannot read " + limits + "; name the limits file with --limits");
        }
        try {
            return LimitBook.parse(limits.toString(), Files.readString(limits));
        } catch (LimitFileException e) {
            throw new UserError(e.getMessage());
        }
    }

    private static void print(PrintWriter out, List<LaneResult> results) {
        out.printf(
                "%-32s %10s %10s %9s %8s %9s %10s %10s%n",
                "stream/provider", "recipients", "delivered", "refused", "open", "deferrals", "drained in", "recorded");
        for (LaneResult r : results) {
            out.printf(
                    Locale.ROOT,
                    "%-32s %,10d %,10d %,9d %,8d %,9d %10s %10s%n",
                    r.stream() + "/" + r.provider(),
                    r.recipients(),
                    r.delivered(),
                    r.refused(),
                    r.open(),
                    r.deferrals(),
                    time(r.drain()),
                    time(r.recorded()));
            out.printf(Locale.ROOT, "    %.2f a second", r.rate());
            r.bounds().stream()
                    .limit(SHOWN)
                    .forEach(b -> out.printf("; %s held it back for %s", b.why(), time(b.waited())));
            out.println(r.bounds().isEmpty() ? "; no limit held it back" : "");
        }
    }

    private static Map<String, Object> json(LaneResult r) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("stream", r.stream());
        one.put("provider", r.provider());
        one.put("recipients", r.recipients());
        one.put("delivered", r.delivered());
        one.put("refused", r.refused());
        one.put("open", r.open());
        one.put("deferrals", r.deferrals());
        one.put("drainMillis", r.drain().toMillis());
        one.put("recordedMillis", r.recorded().toMillis());
        one.put("perSecond", r.rate());
        one.put(
                "heldBackBy",
                r.bounds().stream()
                        .map(b -> Map.of("why", b.why(), "millis", b.waited().toMillis()))
                        .toList());
        return one;
    }

    private static String time(Duration d) {
        if (d.toHours() > 0) {
            return d.toHours() + "h" + d.toMinutesPart() + "m";
        }
        return d.toMinutes() > 0
                ? d.toMinutes() + "m" + d.toSecondsPart() + "s"
                : String.format(Locale.ROOT, "%.1fs", d.toMillis() / 1000.0);
    }
}
