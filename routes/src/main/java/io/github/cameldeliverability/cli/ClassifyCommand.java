package io.github.cameldeliverability.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.cameldeliverability.feedback.FeedbackReader;
import io.github.cameldeliverability.mail.Feedback;
import io.github.cameldeliverability.mail.FeedbackKind;
import io.github.cameldeliverability.mail.RecipientFeedback;
import io.github.cameldeliverability.verdict.RulePackEngine;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Reads returned mails and says what each means. */
@Command(
        name = "classify",
        description = "Reads returned mails (files, or folders of them) and says what each means.",
        mixinStandardHelpOptions = true)
final class ClassifyCommand implements Callable<Integer> {

    /** Bounds the memory of the pipeline: at most this many mails are read ahead of the printed line. */
    private static final int AHEAD = 64;

    @Parameters(arity = "1..*", paramLabel = "PATH", description = "mail files, or folders of them")
    private List<Path> paths;

    @Option(
            names = {"--ndjson", "--json"},
            description = "one JSON object a mail instead of text for people")
    private boolean ndjson;

    @Option(
            names = "--rules",
            paramLabel = "FILE",
            description = "own rule packs (YAML), asked before the built-in ones")
    private List<Path> rules = List.of();

    @Option(
            names = "--without",
            paramLabel = "FILE",
            description = "switch built-in rules off: a text file with one rule id a line")
    private Path without;

    @Spec
    private CommandSpec spec;

    private record Read(Path file, Feedback feedback) {}

    private final ObjectMapper json = new ObjectMapper();
    private final Map<FeedbackKind, Integer> totals = new EnumMap<>(FeedbackKind.class);

    @Override
    public Integer call() throws IOException, InterruptedException {
        RulePackEngine engine = without == null
                ? RulePackEngine.builtIn()
                : RulePackEngine.builtIn().without(Files.readAllLines(without));
        FeedbackReader reader =
                new FeedbackReader(rules.isEmpty() ? engine : engine.withUserPacks(rules), Clock.systemUTC());
        PrintWriter out = new PrintWriter(spec.commandLine().getOut(), false);
        int unreadable = 0;
        ExecutorService pool = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
        try {
            Deque<Future<Read>> ahead = new ArrayDeque<>();
            for (Path root : paths) {
                if (!Files.exists(root)) {
                    throw new UserError("no such file or folder: " + root);
                }
                try (Stream<Path> files = Files.walk(root)) {
                    for (Path file :
                            (Iterable<Path>) files.filter(Files::isRegularFile).sorted()::iterator) {
                        ahead.add(pool.submit(() -> new Read(file, reader.read(Files.readAllBytes(file)))));
                        if (ahead.size() >= AHEAD) {
                            unreadable += print(out, ahead.remove());
                        }
                    }
                }
            }
            while (!ahead.isEmpty()) {
                unreadable += print(out, ahead.remove());
            }
        } finally {
            pool.shutdownNow();
        }
        if (!ndjson) {
            out.println();
            totals.forEach((kind, n) -> out.printf("%-16s %,d%n", kind.id(), n));
        }
        out.flush();
        return unreadable == 0 ? Deliverability.OK : Deliverability.FAILED;
    }

    private int print(PrintWriter out, Future<Read> future) throws InterruptedException, IOException {
        try {
            Read read = future.get();
            totals.merge(read.feedback().kind(), 1, Integer::sum);
            if (ndjson) {
                out.println(json.writeValueAsString(line(read)));
            } else {
                out.printf(
                        "%s: %s (%s)%n",
                        read.file(),
                        read.feedback().kind().id(),
                        read.feedback().format());
                for (RecipientFeedback r : read.feedback().recipients()) {
                    out.printf(
                            "    %s %s %s%s %s [%s]%n",
                            r.address(),
                            r.status().map(Object::toString).orElse("-"),
                            r.verdict().reason().id(),
                            r.verdict().isHard() ? " HARD" : "",
                            r.diagnostic(),
                            r.verdict().ruleId());
                }
            }
            return 0;
        } catch (ExecutionException e) {
            spec.commandLine().getErr().println("classify: cannot read: " + Deliverability.reason(e.getCause()));
            return 1;
        }
    }

    private static Map<String, Object> line(Read read) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("file", read.file().toString());
        line.put("kind", read.feedback().kind().id());
        List<Map<String, Object>> recipients = new ArrayList<>();
        for (RecipientFeedback r : read.feedback().recipients()) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("address", r.address().toString());
            one.put("status", r.status().map(Object::toString).orElse(null));
            one.put("reason", r.verdict().reason().id());
            one.put("hard", r.verdict().isHard());
            one.put("action", r.action());
            one.put("ruleId", r.verdict().ruleId());
            recipients.add(one);
        }
        line.put("recipients", recipients);
        return line;
    }
}
