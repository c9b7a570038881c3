package io.github.cameldeliverability.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.cameldeliverability.mail.DeliveryEvent;
import io.github.cameldeliverability.mail.SmtpReply;
import io.github.cameldeliverability.mail.spi.EventLog;
import io.github.cameldeliverability.mail.spi.QueueControl.Suspension;
import io.github.cameldeliverability.mail.spi.Spool;
import io.github.cameldeliverability.mail.spi.Store;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Looks into the queue of a store and changes it, also while an engine runs on it. */
@Command(
        name = "queue",
        description = "Looks into a queue (counts, rows, the history of a message) and changes it.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            QueueCommand.Stats.class,
            QueueCommand.ListRows.class,
            QueueCommand.Explain.class,
            QueueLimits.Warmup.class,
            QueueOrders.Cancel.class,
            QueueOrders.Retry.class,
            QueueOrders.Suspend.class,
            QueueOrders.Resume.class,
            EffectOrders.ListEffects.class,
            EffectOrders.Change.class,
            EffectOrders.Kill.class,
            EffectOrders.Revive.class
        })
final class QueueCommand {

    @Command(name = "stats", description = "Counts by stream.", mixinStandardHelpOptions = true)
    static final class Stats extends StoreCommand {

        @Option(names = "--json", description = "one JSON object")
        private boolean asJson;

        @Override
        void run(Store opened, PrintWriter out) throws IOException, InterruptedException {
            Spool.Stats stats = StoreOption.await(opened.spool().stats());
            List<Suspension> suspensions = StoreOption.await(opened.control().suspensions());
            if (asJson) {
                out.println(new ObjectMapper().writeValueAsString(json(stats, suspensions)));
            } else {
                print(out, stats);
                suspensions.forEach(s -> out.printf(
                        "suspended: %s%s for %s%s%n",
                        s.stream(),
                        s.domain().map(d -> " to " + d).orElse(""),
                        age(s.since()),
                        s.why().isEmpty() ? "" : " (" + s.why() + ")"));
            }
        }

        private static void print(PrintWriter out, Spool.Stats stats) {
            out.printf("%-24s %10s %10s %10s %10s  %s%n", "stream", "open", "in work", "due", "deferred", "oldest");
            for (Spool.StreamStats s : stats.streams()) {
                out.printf(
                        "%-24s %,10d %,10d %,10d %,10d  %s%n",
                        s.stream(),
                        s.open(),
                        s.held(),
                        s.due(),
                        s.deferred(),
                        s.oldest().map(QueueCommand::age).orElse("-"));
            }
            out.printf("%,d messages, %,d open recipients%n", stats.messages(), stats.openRecipients());
        }

        private static Map<String, Object> json(Spool.Stats stats, List<Suspension> suspensions) {
            Map<String, Object> all = new LinkedHashMap<>();
            all.put("messages", stats.messages());
            all.put("openRecipients", stats.openRecipients());
            all.put(
                    "streams",
                    stats.streams().stream()
                            .map(s -> {
                                Map<String, Object> one = new LinkedHashMap<>();
                                one.put("stream", s.stream());
                                one.put("open", s.open());
                                one.put("held", s.held());
                                one.put("due", s.due());
                                one.put("deferred", s.deferred());
                                one.put(
                                        "oldest",
                                        s.oldest().map(Instant::toString).orElse(null));
                                return one;
                            })
                            .toList());
            all.put(
                    "suspended",
                    suspensions.stream()
                            .map(s -> {
                                Map<String, Object> one = new LinkedHashMap<>();
                                one.put("stream", s.stream());
                                one.put("domain", s.domain().orElse(null));
                                one.put("since", s.since().toString());
                                one.put("why", s.why());
                                return one;
                            })
                            .toList());
            return all;
        }
    }

    @Command(name = "list", description = "Open recipients, oldest first.", mixinStandardHelpOptions = true)
    static final class ListRows extends StoreCommand {

        @Option(names = "--stream", description = "only this stream")
        private String stream;

        @Option(names = "--domain", description = "only this recipient domain")
        private String domain;

        @Option(names = "--limit", defaultValue = "50", description = "at most this many (default ${DEFAULT-VALUE})")
        private int limit;

        @Option(names = "--json", description = "one JSON object a row")
        private boolean asJson;

        @Override
        void run(Store opened, PrintWriter out) throws IOException, InterruptedException {
            ObjectMapper json = new ObjectMapper();
            Spool.ListRequest request =
                    new Spool.ListRequest(Optional.ofNullable(stream), Optional.ofNullable(domain), limit);
            List<Spool.Row> rows = StoreOption.await(opened.spool().list(request));
            for (Spool.Row r : rows) {
                if (asJson) {
                    out.println(json.writeValueAsString(json(r)));
                } else {
                    out.printf(
                            "%s %s stream=%s attempts=%d age=%s %s%s%n",
                            r.key().queueId(),
                            r.recipient(),
                            r.stream(),
                            r.attempts(),
                            age(r.acceptedAt()),
                            r.held() ? "in work" : "due=" + r.dueAt().truncatedTo(ChronoUnit.SECONDS),
                            r.lastReply()
                                    .map(reply -> " last=\"" + reply + "\"")
                                    .orElse(""));
                }
            }
        }

        private static Map<String, Object> json(Spool.Row r) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("queueId", r.key().queueId());
            one.put("recipient", r.recipient());
            one.put("stream", r.stream());
            one.put("attempts", r.attempts());
            one.put("acceptedAt", r.acceptedAt().toString());
            one.put("dueAt", r.dueAt().toString());
            one.put("expiresAt", r.expiresAt().toString());
            one.put("held", r.held());
            one.put("lastReply", r.lastReply().orElse(null));
            return one;
        }
    }

    @Command(
            name = "explain",
            description =
                    "What became of a message so far; or what limits hold for a recipient or a lane, and who set them.",
            mixinStandardHelpOptions = true)
    static final class Explain extends StoreCommand {

        @Parameters(
                paramLabel = "QUEUE-ID|RECIPIENT|LANE",
                description = "a lane is stream/source/provider, for example tx/default/google")
        private String queueId;

        @Option(
                names = "--dns",
                paramLabel = "HOST[:PORT]",
                description = "for a recipient: the resolver (default: the system's)")
        private String dns;

        @Option(names = "--json", description = "for a recipient or a lane: one JSON object a lane")
        private boolean asJson;

        @Override
        void run(Store opened, PrintWriter out) throws IOException, InterruptedException {
            if (QueueLimits.isAboutLimits(queueId)) {
                QueueLimits.explain(opened, queueId, Optional.ofNullable(dns), asJson, out);
                return;
            }
            List<EventLog.LoggedEvent> history =
                    StoreOption.await(opened.events().history(queueId));
            boolean open = StoreOption.await(opened.spool().load(queueId)).isPresent();
            if (history.isEmpty() && !open) {
                throw new UserError("nothing is known of " + queueId + " in this store");
            }
            for (EventLog.LoggedEvent logged : history) {
                DeliveryEvent e = logged.event();
                out.printf(
                        "%s %s attempt=%d %s%s %s%s%n",
                        e.at().truncatedTo(ChronoUnit.MILLIS),
                        e.recipient(),
                        e.attempt(),
                        e.outcome().id(),
                        e.verdict()
                                .map(v -> "/" + v.reason().id() + " [" + v.ruleId() + "]")
                                .orElse(""),
                        e.reply().map(SmtpReply::format).orElse(""),
                        e.nextAttempt()
                                .map(t -> " next=" + t.truncatedTo(ChronoUnit.SECONDS))
                                .orElse(""));
            }
            out.println(open ? "still open" : "done");
        }
    }

    private static String age(Instant since) {
        Duration age = Duration.between(since, Instant.now());
        return age.toDays() > 0
                ? age.toDays() + "d" + age.toHoursPart() + "h"
                : age.toHours() > 0
                        ? age.toHours() + "h" + age.toMinutesPart() + "m"
                        : age.toMinutes() > 0
                                ? age.toMinutes() + "m" + age.toSecondsPart() + "s"
                                : age.toSeconds() + "s";
    }
}
