package io.github.cameldeliverability.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.Suppression;
import io.github.cameldeliverability.mail.SuppressionChange;
import io.github.cameldeliverability.mail.SuppressionIncident;
import io.github.cameldeliverability.mail.spi.Store;
import io.github.cameldeliverability.mail.spi.UndoPage.Undone;
import io.github.cameldeliverability.suppression.SuppressionUndo;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Orders about what is on a list already: take back an incident, show what changed, forget somebody. */
final class SuppressOrders {

    private static final int PAGE = 1_000;

    private SuppressOrders() {}

    @Command(
            name = "undo",
            description = {
                "Takes back what an incident did: entries that a rule, provider, stream or source made in a time.",
                "Shows what it would do; --apply does it. Entries with any other cause stay."
            },
            mixinStandardHelpOptions = true)
    static final class Undo implements Callable<Integer> {

        @Mixin
        private SuppressCommand.ListOption on;

        @Option(names = "--rule", paramLabel = "PACK/RULE", description = "the rule that judged wrongly")
        private String rule;

        @Option(names = "--provider", description = "who refused")
        private String provider;

        @Option(names = "--stream", description = "whose mail was refused")
        private String stream;

        @Option(names = "--source", description = "what made the entries: session, dsn, soft, import ...")
        private String source;

        @Option(names = "--from", required = true, paramLabel = "INSTANT", description = "2027-01-31T08:00:00Z")
        private Instant from;

        @Option(names = "--to", paramLabel = "INSTANT", description = "the first moment after it (default: now)")
        private Instant to;

        @Option(names = "--apply", description = "do it")
        private boolean apply;

        @Option(names = "--json", description = "the result as one JSON object")
        private boolean asJson;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() throws IOException, InterruptedException {
            Instant now = Instant.now();
            SuppressionIncident incident;
            try {
                incident = new SuppressionIncident(
                        on.list,
                        Optional.ofNullable(rule),
                        Optional.ofNullable(provider),
                        Optional.ofNullable(stream),
                        Optional.ofNullable(source),
                        from,
                        to == null ? now : to);
            } catch (IllegalArgumentException e) {
                throw new UserError(e.getMessage(), e);
            }
            PrintWriter err = spec.commandLine().getErr();
            boolean watched = Terminal.isAttached();
            SuppressionUndo.Result result;
            try (Store store = on.store.open()) {
                result = StoreOption.awaitLong(new SuppressionUndo(store.suppressions(), incident, apply, now, seen -> {
                            if (watched) {
                                err.printf("\r%,d entries looked at", seen);
                                err.flush();
                            }
                        })
                        .run());
            }
            if (watched) {
                err.println();
            }
            print(result);
            return Deliverability.OK;
        }

        private void print(SuppressionUndo.Result result) throws IOException {
            PrintWriter out = spec.commandLine().getOut();
            if (asJson) {
                Map<String, Object> one = new LinkedHashMap<>();
                one.put("applied", result.applied());
                one.put("restored", result.restored());
                one.put("kept", result.kept());
                List<Object> sample = new ArrayList<>();
                for (Undone u : result.sample()) {
                    Map<String, Object> entry = SuppressCommand.json(u.wrong());
                    entry.put(
                            "remains", u.remaining().map(SuppressCommand::json).orElse(null));
                    sample.add(entry);
                }
                one.put("sample", sample);
                out.println(new ObjectMapper().writeValueAsString(one));
                return;
            }
            for (Undone u : result.sample()) {
                Suppression s = u.wrong();
                out.printf(
                        "%s %s %s%s since=%s%s%n",
                        s.address(),
                        s.scope(),
                        s.kind().id(),
                        s.reason().map(r -> "/" + r.id()).orElse(""),
                        s.since(),
                        u.remaining()
                                .map(r -> " STAYS: " + r.kind().id() + " source=" + r.source())
                                .orElse(""));
            }
            long more = result.restored() + result.kept() - result.sample().size();
            if (more > 0) {
                out.printf("... and %d more%n", more);
            }
            out.printf(
                    result.applied()
                            ? "%d restored, %d stay for other causes%n"
                            : "%d would be restored, %d would stay for other causes; --apply does it%n",
                    result.restored(),
                    result.kept());
        }
    }

    @Command(
            name = "changes",
            description = "The change feed, oldest first: what CRMs were told or will be told.",
            mixinStandardHelpOptions = true)
    static final class Changes implements Callable<Integer> {

        @Mixin
        private SuppressCommand.ListOption on;

        @Option(names = "--from", paramLabel = "INSTANT", description = "changes from this moment on")
        private Instant from;

        @Option(names = "--operation", description = "only these: ${COMPLETION-CANDIDATES}")
        private SuppressionChange.Operation operation;

        @Option(names = "--json", description = "one JSON object a change")
        private boolean asJson;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() throws IOException, InterruptedException {
            ObjectMapper json = new ObjectMapper();
            PrintWriter out = spec.commandLine().getOut();
            try (Store store = on.store.open()) {
                List<SuppressionChange> page =
                        StoreOption.await(store.suppressions().history(on.list, 0, PAGE));
                while (!page.isEmpty()) {
                    for (SuppressionChange c : page) {
                        if ((from == null || !c.at().isBefore(from))
                                && (operation == null || operation == c.operation())) {
                            print(out, json, c);
                        }
                    }
                    page = StoreOption.await(store.suppressions()
                            .history(on.list, page.get(page.size() - 1).sequence(), PAGE));
                }
            }
            return Deliverability.OK;
        }

        private void print(PrintWriter out, ObjectMapper json, SuppressionChange c) throws IOException {
            String operationId = c.operation().name().toLowerCase(Locale.ROOT);
            if (asJson) {
                Map<String, Object> one = new LinkedHashMap<>();
                one.put("sequence", c.sequence());
                one.put("change", operationId);
                one.put("at", c.at().toString());
                one.putAll(SuppressCommand.json(c.suppression()));
                out.println(json.writeValueAsString(one));
            } else {
                Suppression s = c.suppression();
                out.printf(
                        "%d %s %s %s %s %s%n",
                        c.sequence(),
                        c.at(),
                        operationId,
                        s.address(),
                        s.scope(),
                        s.kind().id());
            }
        }
    }

    @Command(
            name = "erase",
            description = {
                "Forgets addresses and keeps them suppressed.",
                "A keyed hash takes their place in the list and in the history of its feed. Events of mail to them end with"
                        + " their own retention."
            },
            mixinStandardHelpOptions = true)
    static final class Erase implements Callable<Integer> {

        @Mixin
        private SuppressCommand.ListOption on;

        @Parameters(
                arity = "1..*",
                paramLabel = "ADDRESS",
                description = "an address, or its hash from export --hashed")
        private List<String> addresses;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() throws IOException, InterruptedException {
            List<EmailAddress> parsed =
                    addresses.stream().map(SuppressCommand::parse).toList();
            int erased = 0;
            try (Store store = on.store.open()) {
                for (EmailAddress address : parsed) {
                    erased += StoreOption.awaitLong(store.suppressions().erase(on.list, address, Instant.now()));
                }
            }
            spec.commandLine().getOut().printf("%d erased%n", erased);
            return erased > 0 ? Deliverability.OK : Deliverability.FAILED;
        }
    }
}
