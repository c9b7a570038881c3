package io.github.cameldeliverability.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.Reason;
import io.github.cameldeliverability.mail.Suppression;
import io.github.cameldeliverability.mail.SuppressionKind;
import io.github.cameldeliverability.mail.spi.Store;
import io.github.cameldeliverability.mail.spi.SuppressionList;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Operates the suppression lists of a store, also while an engine runs on it. */
@Command(
        name = "suppress",
        description = "Operates suppression lists.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            SuppressCommand.Add.class,
            SuppressCommand.Remove.class,
            SuppressCommand.ListEntries.class,
            ReconcileCommand.class,
            SuppressTransfer.Import.class,
            SuppressTransfer.Export.class,
            SuppressOrders.Undo.class,
            SuppressOrders.Changes.class,
            SuppressOrders.Erase.class
        })
final class SuppressCommand {

    private static final int PAGE = 1_000;

    /** What all of them need. */
    static final class ListOption {
        @Mixin
        StoreOption store;

        @Option(names = "--list", defaultValue = "default", description = "the list (default ${DEFAULT-VALUE})")
        String list;
    }

    @Command(name = "add", description = "Adds addresses.", mixinStandardHelpOptions = true)
    static final class Add implements Callable<Integer> {

        @Mixin
        private ListOption on;

        @Parameters(arity = "1..*", paramLabel = "ADDRESS")
        private List<String> addresses;

        @Option(names = "--stream", description = "only for this stream (default: for all)")
        private String stream;

        @Option(names = "--kind", defaultValue = "MANUAL", description = "${COMPLETION-CANDIDATES}")
        private SuppressionKind kind;

        @Option(names = "--evidence", defaultValue = "", description = "why, for people")
        private String evidence;

        @Option(names = "--until", paramLabel = "INSTANT", description = "when it ends by itself, 2027-01-31T00:00:00Z")
        private Instant until;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() throws IOException, InterruptedException {
            List<Suppression> entries = new ArrayList<>();
            for (String address : addresses) {
                entries.add(new Suppression(
                        on.list,
                        scope(stream),
                        parse(address),
                        kind,
                        Optional.<Reason>empty(),
                        evidence,
                        Optional.empty(),
                        "command-line",
                        Instant.now(),
                        Optional.ofNullable(until)));
            }
            try (Store store = on.store.open()) {
                int changed = StoreOption.await(store.suppressions().addAll(entries));
                spec.commandLine().getOut().printf("%d of %d changed something%n", changed, entries.size());
            }
            return Deliverability.OK;
        }
    }

    @Command(name = "remove", description = "Removes addresses.", mixinStandardHelpOptions = true)
    static final class Remove implements Callable<Integer> {

        @Mixin
        private ListOption on;

        @Parameters(arity = "1..*", paramLabel = "ADDRESS")
        private List<String> addresses;

        @Option(names = "--stream", description = "only this stream's entry (default: the entries of all scopes)")
        private String stream;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() throws IOException, InterruptedException {
            int removed = 0;
            Optional<String> scope = stream == null ? Optional.empty() : Optional.of(scope(stream));
            List<EmailAddress> parsed =
                    addresses.stream().map(SuppressCommand::parse).toList();
            try (Store store = on.store.open()) {
                for (EmailAddress address : parsed) {
                    removed += StoreOption.await(store.suppressions().remove(on.list, address, scope, Instant.now()))
                            .size();
                }
            }
            spec.commandLine().getOut().printf("%d removed%n", removed);
            return removed > 0 ? Deliverability.OK : Deliverability.FAILED;
        }
    }

    @Command(name = "list", description = "Entries, by address.", mixinStandardHelpOptions = true)
    static final class ListEntries implements Callable<Integer> {

        @Mixin
        private ListOption on;

        @Option(names = "--json", description = "one JSON object an entry")
        private boolean asJson;

        @Option(names = "--addresses", description = "addresses only")
        private boolean addressesOnly;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() throws IOException, InterruptedException {
            ObjectMapper json = new ObjectMapper();
            PrintWriter out = spec.commandLine().getOut();
            try (Store store = on.store.open()) {
                SuppressionList lists = store.suppressions();
                List<Suppression> page = StoreOption.await(lists.list(on.list, "", PAGE));
                while (!page.isEmpty()) {
                    for (Suppression s : page) {
                        if (addressesOnly) {
                            out.println(s.address());
                        } else if (asJson) {
                            out.println(json.writeValueAsString(json(s)));
                        } else {
                            out.printf(
                                    "%s %s %s%s since=%s source=%s %s%n",
                                    s.address(),
                                    s.scope(),
                                    s.kind().id(),
                                    s.reason().map(r -> "/" + r.id()).orElse(""),
                                    s.since(),
                                    s.source(),
                                    s.evidence());
                        }
                    }
                    page = StoreOption.await(lists.list(
                            on.list, page.get(page.size() - 1).address().key(), PAGE));
                }
            }
            return Deliverability.OK;
        }
    }

    static Map<String, Object> json(Suppression s) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("address", s.address().toString());
        one.put("list", s.list());
        one.put("scope", s.scope());
        one.put("kind", s.kind().id());
        one.put("reason", s.reason().map(Reason::id).orElse(null));
        one.put("evidence", s.evidence());
        one.put("ruleId", s.ruleId().orElse(null));
        one.put("source", s.source());
        one.put("since", s.since().toString());
        one.put("until", s.until().map(Instant::toString).orElse(null));
        one.put("stream", s.origin().stream().orElse(null));
        one.put("provider", s.origin().provider().orElse(null));
        return one;
    }

    private static String scope(String stream) {
        return stream == null ? Suppression.GLOBAL : Suppression.streamScope(stream);
    }

    static EmailAddress parse(String address) {
        try {
            return EmailAddress.parse(address);
        } catch (IllegalArgumentException e) {
            throw new UserError(e.getMessage(), e);
        }
    }
}
