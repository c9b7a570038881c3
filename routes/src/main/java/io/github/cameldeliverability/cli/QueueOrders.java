package io.github.cameldeliverability.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.cameldeliverability.mail.spi.QueueControl;
import io.github.cameldeliverability.mail.spi.QueueControl.Affected;
import io.github.cameldeliverability.mail.spi.QueueControl.Selection;
import io.github.cameldeliverability.mail.spi.Store;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The commands that change a queue; an engine that runs on the store follows within a second. */
final class QueueOrders {

    private QueueOrders() {}

    /** Which recipients; all conditions that are given must hold. */
    static final class SelectionOptions {

        @Option(names = "--queue-id", description = "recipients of this message")
        private String queueId;

        @Option(names = "--stream", description = "of this stream")
        private String stream;

        @Option(names = "--domain", description = "at this recipient domain")
        private String domain;

        @Option(names = "--tag", description = "of messages with this tag")
        private String tag;

        Selection selection() {
            if (queueId == null && stream == null && domain == null && tag == null) {
                throw new UserError("say which: --queue-id, --stream, --domain or --tag, together all must hold");
            }
            return new Selection(
                    Optional.ofNullable(queueId),
                    Optional.ofNullable(stream),
                    Optional.ofNullable(domain),
                    Optional.ofNullable(tag));
        }
    }

    /** What cancel and retry have in common. */
    abstract static class Order extends StoreCommand {

        @Mixin
        private SelectionOptions which;

        @Option(names = "--dry-run", description = "only counts")
        private boolean dryRun;

        @Option(names = "--json", description = "one JSON object")
        private boolean asJson;

        abstract CompletionStage<Affected> give(QueueControl control, Selection selection, boolean dry);

        abstract String sentence(Affected affected, boolean dry);

        @Override
        void check() {
            which.selection();
        }

        @Override
        void run(Store opened, PrintWriter out) throws IOException, InterruptedException {
            Selection selection = which.selection();
            Affected affected = StoreOption.awaitLong(give(opened.control(), selection, dryRun));
            if (asJson) {
                Map<String, Object> all = new LinkedHashMap<>();
                all.put("free", affected.free());
                all.put("inWork", affected.held());
                all.put("dryRun", dryRun);
                out.println(new ObjectMapper().writeValueAsString(all));
            } else {
                out.println(sentence(affected, dryRun));
            }
        }
    }

    @Command(
            name = "cancel",
            description = "Withdraws open recipients; each gets the final event CANCELLED."
                    + " What is being transmitted at the moment may still be delivered.",
            mixinStandardHelpOptions = true)
    static final class Cancel extends Order {

        @Override
        CompletionStage<Affected> give(QueueControl control, Selection selection, boolean dry) {
            return control.cancel(selection, dry);
        }

        @Override
        String sentence(Affected affected, boolean dry) {
            return String.format(
                    dry
                            ? "would cancel %,d recipients (%,d waiting, %,d in work)"
                            : "cancelled %,d recipients (%,d at once, %,d as soon as the engine lets go of them)",
                    affected.total(),
                    affected.free(),
                    affected.held());
        }
    }

    @Command(
            name = "retry",
            description = "Makes recipients that wait for a later attempt due now.",
            mixinStandardHelpOptions = true)
    static final class Retry extends Order {

        @Override
        CompletionStage<Affected> give(QueueControl control, Selection selection, boolean dry) {
            return control.retry(selection, dry);
        }

        @Override
        String sentence(Affected affected, boolean dry) {
            return String.format(
                    "%,d recipients %s due now; %,d are in work already",
                    affected.free(), dry ? "would be" : "are", affected.held());
        }
    }

    /** What suspend and resume have in common. */
    abstract static class Hold extends StoreCommand {

        @Option(names = "--stream", required = true, description = "the stream")
        String stream;

        @Option(names = "--domain", description = "only mail to this recipient domain")
        String domain;

        final String what() {
            return stream + (domain == null ? "" : " to " + domain);
        }
    }

    @Command(
            name = "suspend",
            description = "Holds a stream back, or one recipient domain of it; mail is still taken in.",
            mixinStandardHelpOptions = true)
    static final class Suspend extends Hold {

        @Option(names = "--why", defaultValue = "", description = "a word for colleagues")
        private String why;

        @Override
        void run(Store opened, PrintWriter out) throws IOException, InterruptedException {
            boolean isNew = StoreOption.await(opened.control().suspend(stream, Optional.ofNullable(domain), why));
            out.println((isNew ? "suspended " : "was suspended already: ") + what());
        }
    }

    @Command(name = "resume", description = "Ends a suspension.", mixinStandardHelpOptions = true)
    static final class Resume extends Hold {

        @Override
        void run(Store opened, PrintWriter out) throws IOException, InterruptedException {
            boolean wasThere = StoreOption.await(opened.control().resume(stream, Optional.ofNullable(domain)));
            if (!wasThere) {
                throw new UserError(what() + " is not suspended; see: queue stats");
            }
            out.println("resumed " + what());
        }
    }
}
