package io.github.cameldeliverability.shaping;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.mail.Effect;
import io.github.cameldeliverability.mail.EffectKey;
import io.github.cameldeliverability.mail.Lane;
import io.github.cameldeliverability.mail.Permanence;
import io.github.cameldeliverability.mail.Reason;
import io.github.cameldeliverability.mail.Verdict;
import io.github.cameldeliverability.mail.spi.EffectStore.Report;
import io.github.cameldeliverability.mail.spi.EffectStore.ReportKind;
import io.github.cameldeliverability.mail.spi.Shaper.Permit;
import io.github.cameldeliverability.store.SqliteStore;
import io.github.cameldeliverability.store.StoreOptions;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KilledProcessRemembersItsEffectsTest {

    private static final Lane STOPPED = new Lane("news", "192.0.2.7", "yahoo");
    private static final Lane NEARLY = new Lane("news", "192.0.2.7", "google");
    private static final Lane SLOWED = new Lane("tx", "192.0.2.7", "microsoft-365");
    private static final Verdict LISTED = Verdict.of(
            Reason.BLOCKED, Permanence.PERMANENT, "block-lists/spamhaus", "550 5.7.1 blocked using zen.spamhaus.org");
    private static final Verdict TOO_MANY =
            Verdict.of(Reason.TOOMANYCONN, Permanence.TRANSIENT, "x/many", "421 4.7.0 too many sessions");

    /** A shaper on a store. */
    private static final class Engine {
        final SqliteStore store;
        final EffectShaper shaper =
                new EffectShaper(new AdaptiveShaper(Clock.systemUTC()), Clock.systemUTC(), new Random(1));
        final ShapingMemory memory;

        Engine(Path file, ExecutorService completions) throws Exception {
            store = SqliteStore.open(
                    file, StoreOptions.DEFAULT, Clock.systemUTC(), new SecureRandom(), Thread::new, completions);
            memory = new ShapingMemory(store.effects(), store.control(), shaper, Clock.systemUTC());
            shaper.use(Rules.builtIn());
            memory.load().toCompletableFuture().join();
            memory.follow();
        }

        /** What is in force and counted, a line each; the effects that differ from one another come first. */
        List<String> state() {
            List<String> lines = new ArrayList<>();
            shaper.effects().forEach(e -> lines.add(e.describe() + " " + e.evidence()));
            lines.add(shaper.counted("source-refused", EffectKey.of(NEARLY)).orElseThrow());
            shaper.explain(NEARLY).forEach(x -> lines.add(x.toString()));
            lines.add(shaper.limits(SLOWED).toString());
            return lines;
        }
    }

    /** Makes an effect, counts up to one less for another, slows a lane down, and says so when it is on disk. */
    static final class Victim {

        private Victim() {}

        public static void main(String[] args) throws Exception {
            Engine engine = new Engine(Path.of(args[0]), Executors.newSingleThreadExecutor());
            for (int i = 0; i < 5; i++) {
                engine.shaper.observed(STOPPED, LISTED, Set.of());
            }
            for (int i = 0; i < 4; i++) {
                engine.shaper.observed(NEARLY, LISTED, Set.of());
            }
            for (int i = 0; i < 5; i++) {
                engine.shaper.delivered(NEARLY);
            }
            engine.store
                    .effects()
                    .report(new Report(
                            0, ReportKind.COMPLAINT, "news", "google", Instant.now(), Instant.now(), "complaint"))
                    .toCompletableFuture()
                    .join();
            for (int i = 0; i < 3; i++) {
                engine.shaper.connect(SLOWED);
            }
            engine.shaper.observed(SLOWED, TOO_MANY);
            while (!engine.store
                    .effects()
                    .reports(10)
                    .toCompletableFuture()
                    .join()
                    .isEmpty()) {
                engine.memory.save();
            }
            engine.memory.saveAll().toCompletableFuture().join();
            engine.state().forEach(line -> System.out.println("S " + line));
            System.out.println("READY");
            new CountDownLatch(1).await();
        }
    }

    @Test
    void effectsCountersAndLearntLimitsAreWhatTheyWere(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("mail.db");
        List<String> before = new ArrayList<>();
        Process victim = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Victim.class.getName(),
                        file.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader out = victim.inputReader()) {
            for (String line = out.readLine(); line != null && !line.equals("READY"); line = out.readLine()) {
                if (line.startsWith("S ")) {
                    before.add(line.substring(2));
                }
            }
            // SIGKILL: no shutdown hook, no close.
            victim.destroyForcibly().waitFor();
        }
        assertThat(before).as("what the victim said").hasSizeGreaterThan(5);

        ExecutorService completions = Executors.newSingleThreadExecutor();
        Engine again = new Engine(file, completions);
        try {
            assertThat(again.state()).isEqualTo(before);
            assertThat(again.shaper.limits(SLOWED).connections()).isEqualTo(2);
            assertThat(again.shaper.effects()).extracting(Effect::key).containsExactly(EffectKey.of(STOPPED));
            assertThat(again.shaper.send(STOPPED, 1)).isInstanceOf(Permit.Wait.class);
            assertThat(again.shaper.counted("source-refused", EffectKey.of(NEARLY)))
                    .contains("4/9");
            assertThat(again.shaper.send(NEARLY, 1)).isEqualTo(Permit.GO);

            again.shaper.observed(NEARLY, LISTED, Set.of());

            assertThat(again.shaper.send(NEARLY, 1)).as("the fifth of them").isInstanceOf(Permit.Wait.class);
        } finally {
            again.store.close();
            completions.shutdown();
        }
    }
}
