package io.github.cameldeliverability.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.cameldeliverability.mail.Effect;
import io.github.cameldeliverability.mail.EffectKey;
import io.github.cameldeliverability.mail.spi.Store;
import io.github.cameldeliverability.shaping.KillSwitch;
import java.io.IOException;
import java.io.PrintWriter;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands about effects; an engine that runs on the store follows within a second or two. */
final class EffectOrders {

    private EffectOrders() {}

    /** Who gives the order, for the record. */
    static String who() {
        return System.getProperty("user.name", "somebody") + " (command line)";
    }

    @Command(
            name = "effects",
            description = "What holds mail back or slows it down: by which rule, on what evidence, until when.",
            mixinStandardHelpOptions = true)
    static final class ListEffects extends StoreCommand {

        @Option(names = "--all", description = "those that are over, too")
        private boolean all;

        @Option(names = "--json", description = "one JSON object an effect")
        private boolean asJson;

        @Override
        void run(Store opened, PrintWriter out) throws IOException, InterruptedException {
            List<Effect> effects = StoreOption.await(opened.effects().effects(all));
            ObjectMapper json = new ObjectMapper();
            for (Effect e : effects) {
                if (asJson) {
                    out.println(json.writeValueAsString(json(e)));
                } else {
                    print(out, e);
                }
            }
            if (effects.isEmpty() && !asJson) {
                out.println("no effects: mail flows within its limits");
            }
        }

        private static void print(PrintWriter out, Effect e) {
            String end = e.phase() == Effect.Phase.IN_FORCE
                    ? e.until()
                            .map(u -> "until " + u.truncatedTo(ChronoUnit.SECONDS))
                            .orElse("until revived")
                    : e.phase().id() + (e.phase() == Effect.Phase.RECOVERING ? ", step " + e.step() : "");
            out.printf("%s  %s  %s  %s%n", e.id(), e.kind().id(), e.key(), end);
            out.printf(
                    "    since %s, rule %s%s: %s%n",
                    e.since().truncatedTo(ChronoUnit.SECONDS),
                    e.rule(),
                    e.failures() > 0 ? ", " + e.failures() + " probes failed" : "",
                    e.why());
            e.evidence().forEach(reply -> out.printf("    > %s%n", reply));
        }

        private static Map<String, Object> json(Effect e) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("id", e.id());
            one.put("kind", e.kind().id());
            one.put("stream", e.key().stream().orElse(null));
            one.put("source", e.key().source().orElse(null));
            one.put("provider", e.key().provider().orElse(null));
            one.put("dkimDomain", e.key().dkimDomain().orElse(null));
            one.put("tag", e.key().tag().orElse(null));
            one.put("perSecond", e.amount() > 0 ? e.amount() : null);
            one.put("rule", e.rule());
            one.put("why", e.why());
            one.put("evidence", e.evidence());
            one.put("since", e.since().toString());
            one.put("until", e.until().map(Instant::toString).orElse(null));
            one.put("phase", e.phase().id());
            one.put("step", e.step());
            one.put("failures", e.failures());
            return one;
        }
    }

    @Command(
            name = "effect",
            description = "Changes an effect.",
            mixinStandardHelpOptions = true,
            synopsisSubcommandLabel = "COMMAND",
            subcommands = {Cancel.class, Extend.class})
    static final class Change {}

    @Command(
            name = "cancel",
            description = "Ends an effect: its mail comes back step by step. Cancelled once more, it is over at once.",
            mixinStandardHelpOptions = true)
    static final class Cancel extends StoreCommand {

        @Parameters(paramLabel = "ID")
        private String id;

        @Override
        void run(Store opened, PrintWriter out) throws IOException, InterruptedException {
            if (!StoreOption.await(opened.effects().cancel(id, who()))) {
                throw new UserError("no effect " + id + " is in force; see: queue effects");
            }
            boolean recovers =
                    StoreOption.await(opened.effects().effects(false)).stream().anyMatch(e -> e.id().equals(id));
            out.println("cancelled " + id + (recovers ? ": recovers by steps" : ": over"));
        }
    }

    @Command(
            name = "extend",
            description = "Sets another end for an effect, from now.",
            mixinStandardHelpOptions = true)
    static final class Extend extends StoreCommand {

        @Parameters(index = "0", paramLabel = "ID")
        private String id;

        @Parameters(index = "1", paramLabel = "TIME", description = "from now: 90s, 30m, 2h, 1d")
        private String time;

        @Override
        void check() {
            duration(time);
        }

        @Override
        void run(Store opened, PrintWriter out) throws IOException, InterruptedException {
            Instant until = Instant.now().plus(duration(time)).truncatedTo(ChronoUnit.MILLIS);
            if (!StoreOption.await(opened.effects().extend(id, until, who()))) {
                throw new UserError("no effect " + id + " is in force; see: queue effects");
            }
            out.println(id + " is in force until " + until.truncatedTo(ChronoUnit.SECONDS));
        }

        private static Duration duration(String text) {
            if (!text.matches("[1-9][0-9]{0,5}[smhd]")) {
                throw new UserError("want a time such as 90s, 30m, 2h or 1d, not " + text);
            }
            long n = Long.parseLong(text.substring(0, text.length() - 1));
            return switch (text.charAt(text.length() - 1)) {
                case 's' -> Duration.ofSeconds(n);
                case 'm' -> Duration.ofMinutes(n);
                case 'h' -> Duration.ofHours(n);
                default -> Duration.ofDays(n);
            };
        }
    }

    /** Which mail a kill-switch covers; what is given must hold together. */
    static final class KeyOptions {

        @Option(names = "--stream", description = "mail of this stream")
        private String stream;

        @Option(names = "--provider", description = "mail to this provider, as in events")
        private String provider;

        @Option(names = "--tag", description = "mail with this tag")
        private String tag;

        EffectKey key() {
            if (stream == null && provider == null && tag == null) {
                throw new UserError("say which mail: --stream, --provider or --tag, together all must hold");
            }
            if (Stream.of(stream, provider, tag).anyMatch(v -> v != null && v.isBlank())) {
                throw new UserError("--stream, --provider and --tag want a name, not an empty text");
            }
            return new EffectKey(
                    Optional.ofNullable(stream),
                    Optional.empty(),
                    Optional.ofNullable(provider),
                    Optional.empty(),
                    Optional.ofNullable(tag));
        }
    }

    @Command(
            name = "kill",
            description = "Stops mail at once, until it is revived; mail is still taken in and waits.",
            mixinStandardHelpOptions = true)
    static final class Kill extends StoreCommand {

        @Mixin
        private KeyOptions which;

        @Option(names = "--why", defaultValue = "", description = "a word for colleagues")
        private String why;

        @Override
        void check() {
            which.key();
        }

        @Override
        void run(Store opened, PrintWriter out) throws IOException, InterruptedException {
            EffectKey key = which.key();
            Effect kill = StoreOption.await(
                    new KillSwitch(opened.effects(), new SecureRandom()).kill(key, who(), why, Instant.now()));
            out.println("killed " + key + ": " + kill.id());
        }
    }

    @Command(
            name = "revive",
            description = "Ends a kill: the mail comes back step by step.",
            mixinStandardHelpOptions = true)
    static final class Revive extends StoreCommand {

        @Mixin
        private KeyOptions which;

        @Override
        void check() {
            which.key();
        }

        @Override
        void run(Store opened, PrintWriter out) throws IOException, InterruptedException {
            EffectKey key = which.key();
            if (!StoreOption.await(new KillSwitch(opened.effects(), new SecureRandom()).revive(key, who()))) {
                throw new UserError(key + " is not killed; see: queue effects");
            }
            out.println("revived " + key);
        }
    }
}
