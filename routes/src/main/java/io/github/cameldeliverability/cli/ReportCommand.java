package io.github.cameldeliverability.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.cameldeliverability.cli.replay.RecordedEvent;
import io.github.cameldeliverability.cli.replay.RecordedEvents;
import io.github.cameldeliverability.cli.replay.UnknownReport;
import io.github.cameldeliverability.mail.spi.EventLog.LoggedEvent;
import io.github.cameldeliverability.mail.spi.Store;
import io.github.cameldeliverability.verdict.RulePackEngine;
import io.github.cameldeliverability.verdict.RulePackException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Reports on recorded delivery events. */
@Command(
        name = "report",
        description = "Reports on recorded delivery events.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = ReportCommand.UnknownRepliesReport.class)
final class ReportCommand {

    private ReportCommand() {}

    @Command(
            name = "unknown-replies",
            description = {
                "Groups the replies that no rule knew by their shape: how many, who said it, and one sample, from which a"
                        + " rule can be written.",
                "With --rules, those that the rules know by now are left out."
            },
            mixinStandardHelpOptions = true)
    static final class UnknownRepliesReport implements Callable<Integer> {

        private static final int PAGE = 1_000;

        @Option(
                names = "--store",
                paramLabel = "FILE",
                description = "a store, read as a whole, also while an engine runs on it")
        private Optional<Path> store = Optional.empty();

        @Option(
                names = "--events",
                paramLabel = "FILE",
                description = "an event file as send --events writes it; several for several files")
        private List<Path> files = List.of();

        @Option(
                names = "--rules",
                paramLabel = "FILE",
                description = "own rule packs (YAML), asked before the built-in ones")
        private List<Path> rules = List.of();

        @Option(
                names = "--limit",
                defaultValue = "50",
                description = "the most frequent shapes (default ${DEFAULT-VALUE})")
        private int limit;

        @Option(names = "--json", description = "one JSON object a shape")
        private boolean asJson;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() throws IOException, InterruptedException {
            if (store.isEmpty() && files.isEmpty()) {
                throw new UserError("name the store with --store, or event files with --events");
            }
            UnknownReport report = new UnknownReport(engine());
            if (store.isPresent()) {
                readStore(store.get(), report);
            }
            for (Path file : files) {
                if (!Files.isReadable(file)) {
                    throw new UserError("cannot read " + file);
                }
                RecordedEvents.read(file, report::add);
            }
            PrintWriter out = spec.commandLine().getOut();
            List<UnknownReport.Row> rows = report.rows();
            for (UnknownReport.Row row : rows.subList(0, Math.min(Math.max(0, limit), rows.size()))) {
                if (asJson) {
                    out.println(new ObjectMapper().writeValueAsString(json(row)));
                } else {
                    out.printf("%,8d  %s%n", row.count(), row.shape());
                    out.printf("          from %s%n", providers(row));
                    out.printf("          %s%n", row.sample());
                }
            }
            if (!asJson) {
                out.printf(
                        "%,d of %,d refusals and deferrals are known to no rule, in %,d shapes%n",
                        report.unknown(), report.replies(), rows.size());
            }
            return Deliverability.OK;
        }

        private static void readStore(Path file, UnknownReport report) throws IOException, InterruptedException {
            try (Store opened = StoreOption.open(file)) {
                List<LoggedEvent> page = StoreOption.await(opened.events().page(0, PAGE));
                while (!page.isEmpty()) {
                    page.forEach(e -> report.add(RecordedEvent.of(e.event())));
                    page = StoreOption.await(
                            opened.events().page(page.get(page.size() - 1).id(), PAGE));
                }
            }
        }

        private RulePackEngine engine() {
            try {
                RulePackEngine builtIn = RulePackEngine.builtIn();
                return rules.isEmpty() ? builtIn : builtIn.withUserPacks(rules);
            } catch (RulePackException e) {
                throw new UserError(e.getMessage());
            }
        }

        private static String providers(UnknownReport.Row row) {
            return row.providers().entrySet().stream()
                    .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                    .map(e -> e.getKey() + " " + e.getValue())
                    .collect(Collectors.joining(", "));
        }

        private static Map<String, Object> json(UnknownReport.Row row) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("shape", row.shape());
            one.put("count", row.count());
            one.put("providers", row.providers());
            one.put("sample", row.sample());
            return one;
        }
    }
}
