package io.github.cameldeliverability.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.mail.Lane;
import io.github.cameldeliverability.mail.spi.Shaper.Permit;
import io.github.cameldeliverability.shaping.AdaptiveShaper;
import io.github.cameldeliverability.shaping.LimitBook;
import io.github.cameldeliverability.shaping.LocalMeters;
import io.github.cameldeliverability.store.SqliteStore;
import io.github.cameldeliverability.store.StoreOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real process, a real database file, a real SIGKILL. */
class KilledProcessNeverExceedsItsCapTest {

    private static final int CAP = 1000;

    /** Prints a line for every permit, until the cap is used up. */
    static final class Victim {

        private Victim() {}

        public static void main(String[] args) throws Exception {
            // The day must not end in the middle of the test.
            Clock noon = Clock.fixed(Instant.parse("2026-11-22T12:00:00Z"), ZoneOffset.UTC);
            SqliteStore store = SqliteStore.open(
                    Path.of(args[0]), StoreOptions.DEFAULT, noon, new SecureRandom(), Thread::new, Runnable::run);
            AdaptiveShaper shaper = new AdaptiveShaper(
                    noon,
                    LimitBook.parse("f.yaml", "streams: {tx: {dailyCap: " + CAP + "}}"),
                    store.counters(),
                    new LocalMeters());
            Lane lane = new Lane("tx", Lane.DEFAULT_SOURCE, "google");
            for (int i = 0; i < 1_000_000; i++) {
                if (shaper.send(lane, 1) instanceof Permit.Wait wait) {
                    if (wait.until().isAfter(noon.instant().plusSeconds(60))) {
                        System.out.println("used up");
                        Runtime.getRuntime().halt(0);
                    }
                    LockSupport.parkNanos(100_000);
                } else {
                    System.out.println("sent");
                }
            }
        }
    }

    @Test
    void threeLivesSendTheCapAndNotOneMore(@TempDir Path directory) throws Exception {
        int first = live(directory, 200);
        int second = live(directory, 200);
        int third = live(directory, Integer.MAX_VALUE);
        assertThat(first).isGreaterThanOrEqualTo(200);
        assertThat(second).isGreaterThanOrEqualTo(200);
        // Each kill costs two blocks of a fiftieth at most.
        assertThat(first + second + third).isBetween(CAP - 2 * 2 * (CAP / 50), CAP);
    }

    /** Lets a process live until it has sent so many; gives what it sent. */
    private static int live(Path directory, int kill) throws IOException, InterruptedException {
        Process victim = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Victim.class.getName(),
                        directory.resolve("mail.db").toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        int sent = 0;
        try (BufferedReader out = victim.inputReader()) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                sent += line.equals("sent") ? 1 : 0;
                if (sent == kill) {
                    victim.destroyForcibly();
                }
            }
        } catch (IOException e) {
            assertThat(victim.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }
        victim.destroyForcibly().waitFor();
        return sent;
    }
}
