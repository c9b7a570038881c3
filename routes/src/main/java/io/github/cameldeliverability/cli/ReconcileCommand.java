package io.github.cameldeliverability.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.cameldeliverability.crm.LedgerFile;
import io.github.cameldeliverability.crm.format.SystemDescription;
import io.github.cameldeliverability.crm.format.SystemReader;
import io.github.cameldeliverability.crm.http.Mask;
import io.github.cameldeliverability.crm.http.Sleeper;
import io.github.cameldeliverability.crm.http.Transport;
import io.github.cameldeliverability.crm.pull.PullEngine;
import io.github.cameldeliverability.crm.pull.Pulled;
import io.github.cameldeliverability.crm.pull.Reconciliation;
import io.github.cameldeliverability.crm.push.Connection;
import io.github.cameldeliverability.crm.push.Connection.World;
import io.github.cameldeliverability.crm.push.Ledger;
import io.github.cameldeliverability.mail.Suppression;
import io.github.cameldeliverability.mail.spi.Store;
import io.github.cameldeliverability.mail.spi.SuppressionList;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Compares a suppression list with what a CRM or mail service knows; the stricter side wins. */
@Command(
        name = "reconcile",
        description = {
            "Compares a list with what a CRM or mail service knows.",
            "The stricter side wins: with --apply what only the system knows is added to the list. Nothing is ever"
                    + " removed on either side; what only the list knows is told by the system's sink."
        },
        mixinStandardHelpOptions = true)
final class ReconcileCommand implements Callable<Integer> {

    private static final int PAGE = 1_000;
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    @Mixin
    private StoreOption store;

    @Option(names = "--list", defaultValue = "default", description = "the list (default ${DEFAULT-VALUE})")
    private String list;

    @Option(
            names = "--system",
            required = true,
            paramLabel = "SYSTEM",
            description = "a built-in system (sendgrid, hubspot ...) or file:PATH of a description")
    private String system;

    @Option(
            names = "--settings",
            required = true,
            paramLabel = "FILE",
            description = "a properties file with the system's settings: NAME or deliverability.crm.SYSTEM.NAME")
    private Path settings;

    @Option(
            names = "--state",
            defaultValue = "deliverability-crm.db",
            paramLabel = "FILE",
            description = "where tokens are kept; the one of the system's sink (default ${DEFAULT-VALUE})")
    private Path state;

    @Option(names = "--name", paramLabel = "NAME", description = "the name of the system's sink (default: the system)")
    private String name;

    @Option(
            names = "--since",
            paramLabel = "INSTANT",
            description =
                    "only what the system knows since then, 2026-01-31T00:00:00Z; what only the list knows is not told")
    private Instant since;

    @Option(names = "--apply", description = "add to the list what only the system knows")
    private boolean apply;

    @Option(names = "--json", description = "one JSON object a difference")
    private boolean asJson;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException, SQLException {
        Clock clock = Clock.systemUTC();
        Connection connection;
        try {
            SystemDescription description = SystemReader.read(system);
            if (description.pull().isEmpty()) {
                throw new UserError(description.title() + " has no list that can be read");
            }
            connection = Connection.of(
                    description,
                    given(description),
                    null,
                    new Ledger(LedgerFile.open(state), name == null ? description.system() : name, clock),
                    new World(clock, Sleeper.SYSTEM, Transport.newClient(TIMEOUT), TIMEOUT, PATIENCE));
        } catch (IllegalArgumentException e) {
            throw new UserError(e.getMessage(), e);
        }
        PullEngine engine = new PullEngine(connection, clock);
        List<Pulled> theirs;
        try {
            theirs = engine.pull(Optional.ofNullable(since));
        } catch (IOException e) {
            throw new IOException(Mask.localParts(e.getMessage()), e);
        }
        try (Store open = store.open()) {
            List<Suppression> ours = entries(open.suppressions(), clock.instant());
            Reconciliation r = Reconciliation.of(theirs, ours);
            print(connection, engine, theirs.size(), ours.size(), r);
            if (apply) {
                int added = StoreOption.awaitLong(open.suppressions().addAll(r.entries(list, connection.source())));
                if (!asJson) {
                    spec.commandLine().getOut().printf("%d added%n", added);
                }
            }
        }
        return Deliverability.OK;
    }

    private List<Suppression> entries(SuppressionList lists, Instant now) throws IOException, InterruptedException {
        List<Suppression> all = new ArrayList<>();
        List<Suppression> page = StoreOption.await(lists.list(list, "", PAGE));
        while (!page.isEmpty()) {
            page.stream().filter(s -> s.isActiveAt(now)).forEach(all::add);
            page = StoreOption.await(
                    lists.list(list, page.get(page.size() - 1).address().key(), PAGE));
        }
        return all;
    }

    private Map<String, String> given(SystemDescription description) throws IOException {
        if (!Files.isReadable(settings)) {
            throw new UserError("cannot read " + settings);
        }
        Properties p = new Properties();
        try (Reader in = Files.newBufferedReader(settings)) {
            p.load(in);
        }
        Map<String, String> all = new LinkedHashMap<>();
        for (String setting : description.settings().keySet()) {
            String prefixed = "deliverability.crm." + description.system() + "." + setting;
            String value = p.getProperty(prefixed, p.getProperty(setting));
            if (value != null) {
                all.put(setting, value);
            }
        }
        return all;
    }

    private void print(Connection connection, PullEngine engine, int there, int here, Reconciliation r)
            throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        List<Suppression> onlyHere = since == null ? r.onlyHere() : List.of();
        if (asJson) {
            ObjectMapper json = new ObjectMapper();
            for (Pulled p : r.onlyThere()) {
                out.println(json.writeValueAsString(line("only-there", p)));
            }
            for (Pulled p : r.stricterThere()) {
                out.println(json.writeValueAsString(line("stricter-there", p)));
            }
            for (Suppression s : onlyHere) {
                Map<String, Object> one = new LinkedHashMap<>();
                one.put("difference", "only-here");
                one.put("address", s.address().toString());
                one.put("kind", s.kind().id());
                one.put("from", s.source());
                one.put("at", s.since().toString());
                out.println(json.writeValueAsString(one));
            }
            return;
        }
        out.printf("%s: %d addresses there, %d here%n", connection.system().title(), there, here);
        out.printf("same            %8d%n", r.same());
        out.printf("only there      %8d%s%n", r.onlyThere().size(), apply ? "" : "  (--apply adds them)");
        out.printf("stricter there  %8d%n", r.stricterThere().size());
        if (since == null) {
            out.printf(
                    "only here       %8d  (told by suppression-%s-sink)%n",
                    onlyHere.size(), connection.system().system());
        }
        if (engine.unreadable() > 0) {
            out.printf("no addresses    %8d%n", engine.unreadable());
        }
    }

    private static Map<String, Object> line(String difference, Pulled p) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("difference", difference);
        one.put("address", p.address().toString());
        one.put("kind", p.kind().id());
        one.put("from", p.from());
        one.put("at", p.at().toString());
        return one;
    }
}
