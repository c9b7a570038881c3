package io.github.cameldeliverability.testkit.sim;

import io.github.cameldeliverability.mail.spi.VerdictEngine;
import io.github.cameldeliverability.verdict.RulePackEngine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;

/**
 * Runs all strategies against all models with five seeds each and prints the table of docs/shaping.md; with the name of a
 * folder as argument it writes the plot there, too.
 */
public final class ShapingTable {

    private static final int SEEDS = 5;
    private static final Duration LENGTH = Duration.ofHours(6);

    private ShapingTable() {}

    /** @param args nothing, or the folder for {@code shaping.svg} */
    public static void main(String[] args) throws IOException {
        VerdictEngine verdicts = RulePackEngine.builtIn();
        List<ShapingPlot.Point> points = new ArrayList<>();
        System.out.print(
                """
                | receiver | strategy | goodput % | violations % | goodput %, all | violations %, all | converged |
                |---|---|---|---|---|---|---|
                """);
        for (ProviderModels model : ProviderModels.values()) {
            for (Strategies strategy : Strategies.values()) {
                List<Trial.Result> results = LongStream.rangeClosed(1, SEEDS)
                        .parallel()
                        .mapToObj(seed -> trial(model, strategy, verdicts, seed))
                        .toList();
                results.forEach(
                        r -> points.add(new ShapingPlot.Point(model, strategy, r.goodputOfAll(), r.violationsOfAll())));
                System.out.print(row(model, strategy, results));
            }
        }
        if (args.length > 0) {
            Files.writeString(Path.of(args[0], "shaping.svg"), ShapingPlot.svg(points), StandardCharsets.UTF_8);
        }
    }

    private static Trial.Result trial(ProviderModels model, Strategies strategy, VerdictEngine verdicts, long seed) {
        HiddenLimits limits = model.limits(seed);
        return Trial.run(limits, c -> strategy.shaper(limits, c), verdicts, LENGTH, seed);
    }

    private static String row(ProviderModels model, Strategies strategy, List<Trial.Result> results) {
        long converged =
                results.stream().filter(r -> r.convergedAfter().isPresent()).count();
        return String.format(
                Locale.ROOT,
                "| %s%s | %s | %s | %s | %s | %s | %s |%n",
                name(model.name()),
                model.isHeldOut() ? " (held out)" : "",
                name(strategy.name()),
                percent(results, Trial.Result::goodput),
                percent(results, Trial.Result::violations),
                percent(results, Trial.Result::goodputOfAll),
                percent(results, Trial.Result::violationsOfAll),
                converged == 0
                        ? "never"
                        : minutes(results) + (converged < SEEDS ? " (" + converged + " of " + SEEDS + ")" : ""));
    }

    private static String percent(List<Trial.Result> results, ToDoubleFunction<Trial.Result> value) {
        double[] v = results.stream().mapToDouble(value).sorted().toArray();
        return String.format(Locale.ROOT, "%.4g (%.4g-%.4g)", 100 * v[v.length / 2], 100 * v[0], 100 * v[v.length - 1]);
    }

    private static String minutes(List<Trial.Result> results) {
        long[] v = results.stream()
                .flatMap(r -> r.convergedAfter().stream())
                .mapToLong(Duration::toMinutes)
                .sorted()
                .toArray();
        return v[v.length / 2] + " min (" + v[0] + "-" + v[v.length - 1] + ")";
    }

    static String name(String constant) {
        return constant.toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
