package io.github.cameldeliverability.cli;

import io.github.cameldeliverability.cli.send.Campaign;
import io.github.cameldeliverability.cli.send.EventFile;
import io.github.cameldeliverability.cli.send.MailSource;
import io.github.cameldeliverability.cli.send.SendProgress;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Mails files straight to the recipients' MX hosts and waits until each recipient has a final outcome. */
@Command(
        name = "send",
        description = {
            "Mails .eml files or campaign files (.ndjson) straight to the recipients' MX hosts.",
            "The queue is in the store: after a crash or Ctrl-C, start the same command again. What was queued goes on,"
                    + " what was not is queued, nothing is queued twice. Without files, it works the queue off."
        },
        mixinStandardHelpOptions = true)
final class SendCommand implements Callable<Integer> {

    private static final long TICK_MILLIS = 100;
    private static final int TICKS_A_LINE = 10;

    @Parameters(
            arity = "0..*",
            paramLabel = "DIR|FILE",
            description = "mails, folders of .eml files, or .ndjson campaigns")
    private List<Path> paths = List.of();

    @Option(names = "--stream", required = true, description = "the stream that sends")
    private String stream;

    @Option(names = "--from", description = "the envelope sender where a mail states none")
    private String from;

    @Option(names = "--return-path", description = "base of the reverse-path; with it each recipient gets a VERP token")
    private String returnPath;

    @Option(names = "--dns", paramLabel = "HOST[:PORT]", description = "the resolver (default: the system's)")
    private String dns;

    @Option(names = "--port", defaultValue = "25", description = "the MX hosts' port (default ${DEFAULT-VALUE})")
    private int port;

    @Option(
            names = "--store",
            defaultValue = "deliverability.db",
            paramLabel = "FILE",
            description = "the store (default ${DEFAULT-VALUE})")
    private Path store;

    @Option(
            names = "--sign",
            paramLabel = "DOMAIN:SELECTOR:KEYFILE",
            description = "a DKIM signer; several for several signatures")
    private List<String> signers = List.of();

    @Option(names = "--helo", description = "the name to greet with (default: this host's)")
    private String helo;

    @Option(
            names = "--tls",
            defaultValue = "opportunistic",
            description = "none, opportunistic (default), encrypt, verify")
    private String tls;

    @Option(
            names = "--connections",
            defaultValue = "0",
            description = "connections to one provider at most (default: by provider)")
    private int connections;

    @Option(
            names = "--max-age",
            defaultValue = "5d",
            description = "when to give a recipient up (default ${DEFAULT-VALUE})")
    private String maxAge;

    @Option(names = "--allow-private", description = "use MX hosts with loopback or private addresses")
    private boolean allowPrivate;

    @Option(
            names = "--events",
            paramLabel = "FILE",
            description = "append each delivery event as a JSON line; - for none")
    private Path events;

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            defaultValue = "0",
            description = "stop after so long and leave the rest in the queue (default: no limit)")
    private long patience;

    @Option(names = "--ready", description = "print READY and wait for GO on standard input before reading the files")
    private boolean ready;

    @Option(names = "--quiet", description = "no progress, no summary")
    private boolean quiet;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        for (Path path : paths) {
            if (!Files.isReadable(path)) {
                throw new UserError("cannot read " + path);
            }
        }
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        SendProgress progress = new SendProgress();
        try (EventFile eventFile = EventFile.open(Optional.ofNullable(events));
                Campaign campaign = Campaign.start(store, endpoint(), settings(), progress, eventFile)) {
            if (ready) {
                awaitGo(out);
            }
            long start = System.nanoTime();
            Runtime.getRuntime().addShutdownHook(new Thread(campaign::stop, "send-stop"));
            Thread ticker = ticker(progress, err, start);
            try {
                MailSource.read(paths, campaign::submit);
                long accepted = campaign.awaitAccepted();
                out.printf("accepted %d %.3f%n", accepted, seconds(start));
                out.flush();
                boolean done = campaign.awaitFinal(patience == 0 ? Duration.ofDays(365) : Duration.ofSeconds(patience));
                stop(ticker);
                // The listener hears of an outcome after the queue has forgotten the row; closing waits for the last
                // one.
                campaign.stop();
                if (!quiet) {
                    progress.summary(out, seconds(start));
                }
                campaign.refused().forEach(err::println);
                if (!done) {
                    err.println("send: not all recipients have a final outcome; the rest is in the queue of " + store
                            + ", start the command again without files to go on");
                }
                return done && campaign.refused().isEmpty() ? Deliverability.OK : Deliverability.FAILED;
            } finally {
                stop(ticker);
            }
        }
    }

    private List<String> endpoint() {
        List<String> options = new ArrayList<>();
        options.add("maxAge=" + maxAge);
        options.add("tlsPolicy=" + tls);
        options.add("allowPrivateAddresses=" + allowPrivate);
        if (connections > 0) {
            options.add("maxConnections=" + connections);
        }
        if (from != null) {
            options.add("from=RAW(" + from + ")");
        }
        if (returnPath != null) {
            options.add("returnPath=RAW(" + returnPath + ")");
        }
        if (helo != null) {
            options.add("heloName=" + helo);
        }
        if (!signers.isEmpty()) {
            options.add("dkimSigners=RAW("
                    + String.join(
                            ",", signers.stream().map(SendCommand::fileSigner).toList()) + ")");
        }
        return options;
    }

    /** The endpoint wants a resource URI for the key; people name a file. */
    private static String fileSigner(String signer) {
        String[] parts = signer.split(":", 3);
        if (parts.length != 3) {
            throw new UserError("--sign wants DOMAIN:SELECTOR:KEYFILE, not " + signer);
        }
        String file = parts[2].startsWith("file:") ? parts[2].substring(5) : parts[2];
        if (!Files.isReadable(Path.of(file))) {
            throw new UserError("--sign: cannot read the key file " + file);
        }
        return parts[0] + ":" + parts[1] + ":file:" + Path.of(file).toAbsolutePath();
    }

    private Campaign.Settings settings() {
        return new Campaign.Settings(stream, Optional.ofNullable(dns), port, Optional.ofNullable(from));
    }

    private static void awaitGo(PrintWriter out) throws IOException {
        out.println("READY");
        out.flush();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); !"GO".equals(line); line = in.readLine()) {
            if (line == null) {
                throw new UserError("--ready: standard input ended before GO");
            }
        }
    }

    private Thread ticker(SendProgress progress, PrintWriter err, long start) {
        Thread thread = new Thread(
                () -> {
                    boolean terminal = System.console() != null;
                    for (int tick = 1; !Thread.currentThread().isInterrupted(); tick++) {
                        try {
                            TimeUnit.MILLISECONDS.sleep(TICK_MILLIS);
                        } catch (InterruptedException e) {
                            return;
                        }
                        if (terminal) {
                            err.print("\r" + progress.line(seconds(start)) + "\u001b[K");
                            err.flush();
                        } else if (tick % (TICKS_A_LINE * 10) == 0) {
                            err.println(progress.line(seconds(start)));
                        }
                    }
                },
                "send-progress");
        thread.setDaemon(true);
        if (!quiet) {
            thread.start();
        }
        return thread;
    }

    private static void stop(Thread ticker) throws InterruptedException {
        ticker.interrupt();
        ticker.join(TimeUnit.SECONDS.toMillis(2));
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }
}
