package io.github.cameldeliverability.store;

import static io.github.cameldeliverability.store.Samples.NOW;
import static io.github.cameldeliverability.store.StoreContract.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.cameldeliverability.mail.RecipientKey;
import io.github.cameldeliverability.mail.SpooledMessage;
import io.github.cameldeliverability.mail.spi.EventLog.LoggedEvent;
import io.github.cameldeliverability.mail.spi.Spool.Claim;
import io.github.cameldeliverability.mail.spi.Spool.ClaimRequest;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KilledProcessLosesNothingItConfirmedTest {

    /** Adds messages, settles every second one, and prints each id when its stage has completed. */
    static final class Victim {

        private Victim() {}

        public static void main(String[] args) throws Exception {
            ExecutorService completions = Executors.newSingleThreadExecutor();
            SqliteStore store = open(Path.of(args[0]), completions);
            Semaphore underWay = new Semaphore(200);
            // An end of its own, should the killer never come.
            for (int i = 0; i < 1_000_000; i++) {
                SpooledMessage m = Samples.message(String.format("q%09d", i), "user" + i + "@example.net");
                boolean settle = i % 2 == 0;
                underWay.acquire();
                store.spool()
                        .add(m, true)
                        .thenCompose(v -> {
                            System.out.println("A " + m.queueId());
                            return settle
                                    ? store.spool().settle(Samples.key(m, 0), Samples.delivered(m, 0))
                                    : CompletableFuture.<Void>completedFuture(null);
                        })
                        .whenComplete((v, e) -> {
                            if (settle && e == null) {
                                System.out.println("S " + m.queueId());
                            }
                            underWay.release();
                        });
            }
        }
    }

    @Test
    void everyConfirmedMessageIsThereAndEverySettledOneIsGone(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("mail.db");
        ExecutorService completions = Executors.newSingleThreadExecutor();
        Set<String> added = new HashSet<>();
        Set<String> settled = new HashSet<>();
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
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                if (line.startsWith("A ")) {
                    added.add(line.substring(2));
                } else if (line.startsWith("S ")) {
                    settled.add(line.substring(2));
                }
                if (added.size() == 1_000) {
                    assertThatThrownBy(() -> open(file, completions))
                            .isInstanceOf(IOException.class)
                            .hasMessageContaining("in use by process " + victim.pid());
                }
                if (added.size() == 3_000) {
                    // SIGKILL: no shutdown hook, no close. What it managed to print before it died counts, too.
                    victim.destroyForcibly();
                }
            }
        } catch (IOException e) {
            // The pipe may break in the middle of a line when its writer is killed.
            assertThat(victim.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }
        victim.destroyForcibly().waitFor();
        // The last line may have been cut.
        added.removeIf(id -> id.length() != 10);
        settled.removeIf(id -> id.length() != 10);
        assertThat(added).hasSizeGreaterThanOrEqualTo(3_000);

        try (SqliteStore store = open(file, completions)) {
            // Without waiting for any lease: the lock proves that the killed owner is gone.
            List<Claim> open = get(store.spool()
                    .claim(new ClaimRequest("transactional", NOW, Integer.MAX_VALUE, Integer.MAX_VALUE, Set.of())));
            List<LoggedEvent> events =
                    get(store.events().claim("transactional", Integer.MAX_VALUE, Duration.ofMinutes(1)));
            Set<String> openIds = new HashSet<>();
            open.forEach(c -> openIds.add(c.key().queueId()));
            Set<String> finished = new HashSet<>();
            events.forEach(e -> finished.add(e.key().queueId()));

            assertThat(finished).containsAll(settled).doesNotContainAnyElementsOf(openIds);
            added.removeAll(finished);
            assertThat(openIds).containsAll(added);
            String one = added.iterator().next();
            assertThat(get(store.events().recipientOf(new RecipientKey(one, 0))))
                    .isPresent();
            assertThat(get(store.spool().load(one)).orElseThrow().content()).isNotEmpty();
            assertThat(get(store.spool().stats()).openRecipients()).isEqualTo(openIds.size());
        } finally {
            completions.shutdown();
        }
    }

    private static SqliteStore open(Path file, ExecutorService completions) throws IOException {
        return SqliteStore.open(
                file, StoreOptions.DEFAULT, Clock.systemUTC(), new SecureRandom(), Thread::new, completions);
    }
}
