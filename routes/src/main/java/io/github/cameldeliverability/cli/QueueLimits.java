package io.github.cameldeliverability.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.cameldeliverability.dns.AddressFamily;
import io.github.cameldeliverability.dns.DnsClient;
import io.github.cameldeliverability.dns.DnsMxResolver;
import io.github.cameldeliverability.dns.DnsOptions;
import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.Lane;
import io.github.cameldeliverability.mail.spi.MxResolver.MxAnswer;
import io.github.cameldeliverability.mail.spi.MxResolver.MxHost;
import io.github.cameldeliverability.mail.spi.Store;
import io.github.cameldeliverability.shaping.Explanation;
import io.github.cameldeliverability.shaping.StoredLimits;
import io.github.cameldeliverability.shaping.WarmupStatus;
import java.io.IOException;
import java.io.PrintWriter;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What tells of limits: why mail waits, where warm-ups are. */
final class QueueLimits {

    private QueueLimits() {}

    /** Whether {@code queue explain} is asked about a lane or a recipient instead of a message. */
    static boolean isAboutLimits(String what) {
        return what.indexOf('/') >= 0 || what.indexOf('@') >= 0;
    }

    /** Blocking: prints what holds for a lane, or for the lanes of a recipient. */
    static void explain(Store store, String what, Optional<String> dns, boolean asJson, PrintWriter out)
            throws IOException, InterruptedException {
        StoredLimits limits = StoreOption.await(StoredLimits.read(store.counters(), Clock.systemUTC()));
        ObjectMapper json = new ObjectMapper();
        for (Lane lane : lanes(limits, what, dns)) {
            List<Explanation> lines = limits.explain(lane);
            if (asJson) {
                Map<String, Object> one = new LinkedHashMap<>();
                one.put("lane", lane.toString());
                one.put(
                        "limits",
                        lines.stream()
                                .map(e -> Map.of("limit", e.limit(), "value", e.value(), "setBy", e.setBy()))
                                .toList());
                out.println(json.writeValueAsString(one));
            } else {
                out.println("lane " + lane);
                lines.forEach(e -> out.println("  " + e));
            }
        }
        out.flush();
    }

    private static List<Lane> lanes(StoredLimits limits, String what, Optional<String> dns)
            throws IOException, InterruptedException {
        if (what.indexOf('/') >= 0) {
            try {
                return List.of(Lane.parse(what));
            } catch (IllegalArgumentException e) {
                throw new UserError(e.getMessage());
            }
        }
        EmailAddress recipient;
        try {
            recipient = EmailAddress.parse(what);
        } catch (IllegalArgumentException e) {
            throw new UserError(what + " is no address: " + e.getMessage());
        }
        if (limits.streams().isEmpty()) {
            throw new UserError("no stream has run on this store yet; ask about a lane: stream/source/provider");
        }
        String provider = provider(limits, recipient.asciiDomain(), dns);
        List<Lane> lanes = new ArrayList<>();
        for (String stream : new TreeSet<>(limits.streams())) {
            lanes.add(new Lane(stream, Lane.DEFAULT_SOURCE, provider));
        }
        return lanes;
    }

    private static String provider(StoredLimits limits, String domain, Optional<String> dns)
            throws IOException, InterruptedException {
        ExecutorService threads = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "deliverability-dns");
            thread.setDaemon(true);
            return thread;
        });
        try {
            DnsMxResolver resolver = new DnsMxResolver(
                    new DnsClient(dns.map(List::of).orElse(List.of()), Clock.systemUTC(), threads, DnsOptions.DEFAULTS),
                    new SecureRandom(),
                    AddressFamily.V4_FIRST);
            MxAnswer answer = StoreOption.await(resolver.mx(domain));
            if (answer instanceof MxAnswer.Hosts hosts) {
                return limits.provider(
                        domain, hosts.hosts().stream().map(MxHost::name).toList());
            }
            throw new UserError(domain + " has no mail hosts now: " + answer);
        } finally {
            threads.shutdownNow();
        }
    }

    @Command(
            name = "warmup",
            description = "Where the warm-ups of addresses, domains and streams are.",
            mixinStandardHelpOptions = true)
    static final class Warmup extends StoreCommand {

        @Option(names = "--json", description = "one JSON object a line")
        private boolean asJson;

        @Override
        void run(Store opened, PrintWriter out) throws IOException, InterruptedException {
            StoredLimits limits = StoreOption.await(StoredLimits.read(opened.counters(), Clock.systemUTC()));
            List<WarmupStatus> all = limits.warmups();
            if (asJson) {
                ObjectMapper json = new ObjectMapper();
                for (WarmupStatus w : all) {
                    out.println(json.writeValueAsString(json(w)));
                }
            } else if (all.isEmpty()) {
                out.println("nothing is being warmed up");
            } else {
                out.printf(
                        "%-28s %-20s %-12s %8s %10s %10s  %s%n", "what", "provider", "plan", "day", "cap", "tried", "");
                all.forEach(w -> out.printf(
                        "%-28s %-20s %-12s %8s %10s %,10d  %s%n",
                        w.target(),
                        w.provider().isEmpty() ? "-" : w.provider(),
                        w.plan(),
                        w.day() + "/" + w.days(),
                        w.cap().isPresent() ? String.format("%,d", w.cap().getAsLong()) : "none",
                        w.attempts(),
                        w.note()));
            }
        }

        private static Map<String, Object> json(WarmupStatus w) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("target", w.target());
            one.put("provider", w.provider());
            one.put("plan", w.plan());
            one.put("day", w.day());
            one.put("days", w.days());
            one.put("cap", w.cap().isPresent() ? w.cap().getAsLong() : null);
            one.put("attempts", w.attempts());
            one.put("note", w.note());
            return one;
        }
    }
}
