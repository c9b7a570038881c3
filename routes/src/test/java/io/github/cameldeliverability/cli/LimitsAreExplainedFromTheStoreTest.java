package io.github.cameldeliverability.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.mail.Lane;
import io.github.cameldeliverability.mail.spi.Shaper.Permit;
import io.github.cameldeliverability.shaping.AdaptiveShaper;
import io.github.cameldeliverability.shaping.LimitBook;
import io.github.cameldeliverability.shaping.LimitSettings;
import io.github.cameldeliverability.shaping.LocalMeters;
import io.github.cameldeliverability.shaping.StreamFacts;
import io.github.cameldeliverability.store.SqliteStore;
import io.github.cameldeliverability.store.StoreOptions;
import io.github.cameldeliverability.testkit.FakeDns;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LimitsAreExplainedFromTheStoreTest {

    private static final Lane GOOGLE = new Lane("tx", "default", "google");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    Path folder;

    /** What an engine leaves behind that has sent a little. */
    @BeforeEach
    void engine() throws Exception {
        String limits = "timeZone: Europe/Kyiv\nproviders:\n  google: {dailyCap: 100000}\n"
                + "warmup: [{stream: tx, start: " + LocalDate.now(ZoneOffset.UTC) + "}]\n";
        try (SqliteStore store = SqliteStore.open(
                file(), StoreOptions.DEFAULT, Clock.systemUTC(), new SecureRandom(), Thread::new, Runnable::run)) {
            AdaptiveShaper shaper = new AdaptiveShaper(
                    Clock.systemUTC(), LimitBook.parse("limits.yaml", limits), store.counters(), new LocalMeters());
            shaper.ready().toCompletableFuture().get(10, TimeUnit.SECONDS);
            shaper.describeStream("tx", StreamFacts.NONE.withOwn(LimitSettings.NONE.withMessagesPerSecond(1000)));
            int sent = 0;
            for (int i = 0; i < 10_000 && sent < 7; i++) {
                if (shaper.send(GOOGLE, 1) instanceof Permit.Go) {
                    shaper.delivered(GOOGLE);
                    sent++;
                } else {
                    TimeUnit.MILLISECONDS.sleep(1);
                }
            }
            shaper.close().toCompletableFuture().get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void aLaneIsExplainedWithWhoSetWhat() {
        assertThat(run("explain", "tx/default/google")).isZero();
        assertThat(output())
                .contains("lane tx/default/google")
                .contains("connections = 3 (warm-up of stream tx)")
                .contains("messagesPerSecond = 1000.0/s (options of stream tx)")
                .contains("dailyCap = 20, 7 used, 13 left until ")
                .contains("(warm-up of stream tx by plan standard, day 1 of 30)")
                .contains("dailyCap = 100000, 7 used, 99993 left until ")
                .contains("(provider google in limits.yaml:3)");
        assertThat(run("explain", "tx/default/google", "--json")).isZero();
        assertThat(output()).contains("{\"lane\":\"tx/default/google\",\"limits\":[{");
    }

    @Test
    void aRecipientIsExplainedByTheMailHostsOfHisDomain() throws Exception {
        try (FakeDns dns =
                FakeDns.builder().mx("customer.test", 10, "aspmx.l.google.com").build()) {
            assertThat(run("explain", "user@customer.test", "--dns", dns.server()))
                    .isZero();
            assertThat(output()).contains("lane tx/default/google").contains("7 used");
            assertThat(run("explain", "user@nowhere.test", "--dns", dns.server()))
                    .isNotZero();
            assertThat(errors()).contains("nowhere.test has no mail hosts now");
        }
    }

    @Test
    void warmUpsTellWhereTheyAre() {
        assertThat(run("warmup")).isZero();
        assertThat(output()).containsPattern("stream tx +google +standard +1/30 +20 +7");
        assertThat(run("warmup", "--json")).isZero();
        assertThat(output())
                .contains("\"target\":\"stream tx\"")
                .contains("\"day\":1")
                .contains("\"cap\":20");
    }

    private Path file() {
        return folder.resolve("mail.db");
    }

    private int run(String command, String... args) {
        String[] all = new String[args.length + 4];
        all[0] = "queue";
        all[1] = command;
        all[2] = "--store";
        all[3] = file().toString();
        System.arraycopy(args, 0, all, 4, args.length);
        out.reset();
        err.reset();
        return Deliverability.run(new PrintStream(out), new PrintStream(err), all);
    }

    private String output() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String errors() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
