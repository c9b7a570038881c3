package io.github.cameldeliverability.cli;

import io.github.cameldeliverability.mail.SuppressionKind;
import io.github.cameldeliverability.mail.spi.Store;
import io.github.cameldeliverability.suppression.SuppressionConfiguration;
import io.github.cameldeliverability.suppression.SuppressionExport;
import io.github.cameldeliverability.suppression.SuppressionFormat;
import io.github.cameldeliverability.suppression.SuppressionImport;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Whole lists in and out, as CSV or NDJSON, read and written as they come. */
final class SuppressTransfer {

    private static final int PAGE = 1_000;

    private SuppressTransfer() {}

    private static SuppressionFormat format(SuppressionFormat stated, Path file) {
        if (stated != null) {
            return stated;
        }
        boolean csv = file != null && file.toString().toLowerCase(Locale.ROOT).endsWith(".csv");
        return csv ? SuppressionFormat.CSV : SuppressionFormat.NDJSON;
    }

    @Command(
            name = "import",
            description = "Adds the rows of a file; rows that are not understood are named and do not stop the others.",
            mixinStandardHelpOptions = true)
    static final class Import implements Callable<Integer> {

        @Mixin
        private SuppressCommand.ListOption on;

        @Parameters(paramLabel = "FILE", description = "- reads the standard input")
        private Path file;

        @Option(names = "--format", description = "${COMPLETION-CANDIDATES} (default: CSV for *.csv, else NDJSON)")
        private SuppressionFormat format;

        @Option(
                names = "--scope",
                description = "for rows that do not say: global, stream:NAME, list:NAME, tenant:NAME")
        private String scope;

        @Option(
                names = "--kind",
                defaultValue = "MANUAL",
                description = "for rows that do not say: ${COMPLETION-CANDIDATES}")
        private SuppressionKind kind;

        @Option(names = "--dry-run", description = "say what it would do")
        private boolean dryRun;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() throws IOException {
            boolean standardInput = file.toString().equals("-");
            if (!standardInput && !Files.isReadable(file)) {
                throw new UserError("cannot read " + file);
            }
            SuppressionConfiguration c = new SuppressionConfiguration();
            c.setFormat(format(format, standardInput ? null : file));
            c.setScope(scope);
            c.setKind(kind);
            c.setDryRun(dryRun);
            c.setLimit(PAGE);
            PrintWriter err = spec.commandLine().getErr();
            boolean watched = Terminal.isAttached();
            SuppressionImport.Result result;
            try (Store store = on.store.open();
                    InputStream in = standardInput ? System.in : Files.newInputStream(file)) {
                result = new SuppressionImport(on.list, c, store.suppressions(), Clock.systemUTC(), rows -> {
                            if (watched) {
                                err.printf("\r%,d rows", rows);
                                err.flush();
                            }
                        })
                        .read(in);
            } catch (IllegalArgumentException e) {
                throw new UserError(e.getMessage(), e);
            }
            if (watched) {
                err.println();
            }
            result.rejected().forEach(err::println);
            if (result.rejectedRows() > result.rejected().size()) {
                err.printf(
                        "... and %d more%n",
                        result.rejectedRows() - result.rejected().size());
            }
            spec.commandLine()
                    .getOut()
                    .printf(
                            dryRun
                                    ? "%d rows: %d addresses would be new, %d rows not understood%n"
                                    : "%d rows: %d entries are new or stronger, %d rows not understood%n",
                            result.rows(),
                            result.changed(),
                            result.rejectedRows());
            return result.rejectedRows() == 0 ? Deliverability.OK : Deliverability.FAILED;
        }
    }

    @Command(name = "export", description = "Writes the list.", mixinStandardHelpOptions = true)
    static final class Export implements Callable<Integer> {

        @Mixin
        private SuppressCommand.ListOption on;

        @Parameters(paramLabel = "FILE", arity = "0..1", description = "default: the standard output")
        private Path file;

        @Option(names = "--format", description = "${COMPLETION-CANDIDATES} (default: CSV for *.csv, else NDJSON)")
        private SuppressionFormat format;

        @Option(names = "--hashed", description = "keyed hashes instead of addresses, and no evidence")
        private boolean hashed;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() throws IOException {
            try (Store store = on.store.open();
                    InputStream in =
                            new SuppressionExport(store.suppressions(), on.list, format(format, file), PAGE, hashed)) {
                if (file == null) {
                    PrintWriter out = spec.commandLine().getOut();
                    // As it comes: a list may be larger than the memory.
                    new InputStreamReader(in, StandardCharsets.UTF_8).transferTo(out);
                    out.flush();
                } else {
                    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
                        in.transferTo(out);
                    }
                }
            }
            return Deliverability.OK;
        }
    }
}
