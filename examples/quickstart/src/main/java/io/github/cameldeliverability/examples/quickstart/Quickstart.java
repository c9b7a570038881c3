package io.github.cameldeliverability.examples.quickstart;

import io.github.cameldeliverability.cli.Terminal;
import io.github.cameldeliverability.dkim.DkimKeyPair;
import io.github.cameldeliverability.mail.Outcome;
import io.github.cameldeliverability.mail.spi.Spool;
import io.github.cameldeliverability.mail.spi.Store;
import io.github.cameldeliverability.mx.SharedStores;
import io.github.cameldeliverability.testkit.FakeInternet;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.camel.main.Main;

/**
 * Mails 2,000 contacts of a CRM over an embedded internet, reads what comes back, and shows that the CRM is right in the
 * end. Exit code 0 if it is.
 *
 * <p>State is kept in {@code quickstart-data} of the working directory (or the first argument): stop it in the middle and
 * start it again, and it goes on. After a complete run the next start begins afresh.
 */
public final class Quickstart {

    private static final Duration PATIENCE = Duration.ofSeconds(170);
    private static final long TICK_MILLIS = 500;

    private final PrintStream out;
    private final Path directory;
    private final CountDownLatch interrupted = new CountDownLatch(1);

    private Quickstart(PrintStream out, Path directory) {
        this.out = out;
        this.directory = directory;
    }

    /** Runs it. */
    public static void main(String[] args) throws Exception {
        Path directory = Path.of(args.length > 0 ? args[0] : "quickstart-data").toAbsolutePath();
        System.setProperty("quickstart.log", directory.resolve("quickstart.log").toString());
        System.exit(new Quickstart(System.out, directory).run());
    }

    private int run() throws Exception {
        boolean goesOn = openDirectory();
        Crm crm = new Crm(directory.resolve("crm.db"));
        crm.prepare();
        out.println(goesOn ? "Going on where the last start was stopped." : "A CRM with 2,000 contacts, before:");
        out.println(crm.table());
        Progress progress = new Progress(out, Terminal.isAttached());
        try (Scenery scenery = new Scenery(directory)) {
            FakeInternet internet = scenery.internet();
            Main camel = camel(crm, progress, scenery);
            Thread hook = new Thread(
                    () -> {
                        interrupted.countDown();
                        camel.stop();
                    },
                    "quickstart-stop");
            Runtime.getRuntime().addShutdownHook(hook);
            camel.start();
            holdUnsubscribed(camel);
            camel.getCamelContext().getRouteController().startRoute("campaign");
            boolean done = await(crm, progress, camel, internet);
            if (interrupted.getCount() == 0) {
                // The world around ends after the engine, or the last mails would meet closed doors.
                hook.join();
                return 130;
            }
            int result = summary(crm, progress, scenery, internet, done);
            camel.stop();
            if (result == 0) {
                Files.createFile(directory.resolve("finished"));
            }
            return result;
        }
    }

    /** Whether an earlier start left work. */
    private boolean openDirectory() throws IOException {
        if (Files.exists(directory.resolve("finished"))) {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
                    Files.delete(file);
                }
            }
        }
        Files.createDirectories(directory);
        return Files.exists(directory.resolve("crm.db"));
    }

    private Main camel(Crm crm, Progress progress, Scenery scenery) throws IOException {
        Main camel = new Main();
        camel.configure()
                .withRoutesIncludePattern("classpath:camel/*.yaml,classpath:camel-deliverability/templates/*.yaml");
        String store = directory.resolve("deliverability.db").toString();
        for (String component : List.of("mx", "bounce", "suppression")) {
            camel.addInitialProperty("camel.component." + component + ".store", store);
        }
        camel.addInitialProperty(
                "camel.component.mx.dns-servers", scenery.internet().dns());
        camel.addInitialProperty(
                "camel.component.mx.smtp-port", "" + scenery.internet().port());
        camel.addInitialProperty("camel.component.mx.configuration.helo-name", "mail.sender.test");
        camel.addInitialProperty("camel.component.mx.reactions", "classpath:reactions.yaml");
        // The internet of this example lives on loopback addresses; the real one never does.
        camel.addInitialProperty("camel.component.mx.configuration.allow-private-addresses", "true");
        camel.addInitialProperty("quickstart.imapPort", "" + scenery.imapPort());
        camel.addInitialProperty("quickstart.imapPassword", Scenery.IMAP_PASSWORD);
        camel.addInitialProperty("quickstart.dkimSigners", dkimSigners());
        camel.bind("crm", crm.dataSource());
        camel.bind("progress", progress);
        return camel;
    }

    /** An RSA and an Ed25519 key, made at the first start. */
    private String dkimSigners() throws IOException {
        Path rsa = directory.resolve("dkim-rsa.pem");
        Path ed25519 = directory.resolve("dkim-ed25519.pem");
        if (!Files.exists(ed25519)) {
            Files.writeString(
                    rsa, DkimKeyPair.generateRsa(2048, new SecureRandom()).privatePem());
            Files.writeString(
                    ed25519, DkimKeyPair.generateEd25519(new SecureRandom()).privatePem());
        }
        return "sender.test:q1:file:" + rsa + ",sender.test:q1-ed:file:" + ed25519;
    }

    /** Who unsubscribed before is on the list before the first mail goes out. */
    private static void holdUnsubscribed(Main camel) throws Exception {
        camel.getCamelTemplate()
                .sendBodyAndHeaders(
                        "suppression:default?operation=ADD",
                        null,
                        Map.of(
                                "CamelSuppressionAddress", Crm.UNSUBSCRIBED,
                                "CamelSuppressionKind", "UNSUBSCRIBE",
                                "CamelSuppressionEvidence", "unsubscribed in the CRM"));
    }

    private boolean await(Crm crm, Progress progress, Main camel, FakeInternet internet) throws Exception {
        int expectedFlags = crm.expectedFlags(internet::fate);
        long start = System.nanoTime();
        Store store = SharedStores.of(camel.getCamelContext())
                .acquire(directory.resolve("deliverability.db").toString());
        try {
            while (true) {
                Spool.Stats queue = store.spool().stats().toCompletableFuture().get(10, TimeUnit.SECONDS);
                int notQueued = crm.notQueued();
                int flagged = crm.flagged();
                long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
                progress.draw(String.format(
                        "%3d s  contacts to queue %,d   open in the queue %,d   final outcomes %,d   CRM flags %d of %d",
                        seconds, notQueued, queue.openRecipients(), progress.finals(), flagged, expectedFlags));
                boolean done = notQueued == 0 && queue.openRecipients() == 0 && flagged == expectedFlags;
                if (done || seconds > PATIENCE.toSeconds()) {
                    return done;
                }
                if (interrupted.await(TICK_MILLIS, TimeUnit.MILLISECONDS)) {
                    return false;
                }
            }
        } finally {
            SharedStores.of(camel.getCamelContext()).release(store);
        }
    }

    private int summary(Crm crm, Progress progress, Scenery scenery, FakeInternet internet, boolean done)
            throws Exception {
        progress.drawLast("Done; events of this start:");
        out.println();
        out.println("The CRM, after:");
        out.println(crm.table());
        List<String> mistakes = crm.mistakes(internet::fate);
        mistakes.stream().limit(20).forEach(out::println);
        out.printf(
                "delivered %d, deferred %d times, bounced in session %d, suppressed %d; mail sent twice: %d%n",
                progress.of(Outcome.DELIVERED),
                progress.of(Outcome.DEFERRED),
                progress.of(Outcome.BOUNCED),
                progress.of(Outcome.SUPPRESSED),
                scenery.duplicates());
        if (!done) {
            out.println("NOT DONE in " + PATIENCE.toSeconds() + " s; see " + directory.resolve("quickstart.log"));
            return 1;
        }
        out.println(
                mistakes.isEmpty()
                        ? "The CRM agrees with the embedded internet's truth for every contact."
                        : mistakes.size() + " contacts are wrong in the CRM.");
        return mistakes.isEmpty() ? 0 : 1;
    }
}
