package io.github.cameldeliverability.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.mail.DeliveryEvent;
import io.github.cameldeliverability.mail.Outcome;
import io.github.cameldeliverability.mail.spi.EventLog.LoggedEvent;
import io.github.cameldeliverability.store.SqliteStore;
import io.github.cameldeliverability.store.StoreOptions;
import io.github.cameldeliverability.testkit.FakeInternet;
import io.github.cameldeliverability.testkit.FakeProvider;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The process that sends is killed like by kill -9, at a random moment, and started again with the same command line.
 * {@code -Ddeliverability.kills=N} kills it N times (default 2); the campaign grows with it.
 */
class KilledCampaignLosesNothingTest {

    private static final int KILLS = Integer.getInteger("deliverability.kills", 2);
    /** Enough that the last kill comes in the middle too. */
    private static final int MESSAGES = Math.max(2_000, 500 * KILLS);
    /** Three providers nobody defined, at ten connections each: the defaults of shaping. */
    private static final long MOST_SESSIONS = 30;

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @TempDir
    private Path directory;

    @Test
    void everyMessageHasExactlyOneFinalOutcome() throws Exception {
        Path campaign = directory.resolve("campaign.ndjson");
        writeCampaign(campaign);
        try (FakeInternet internet = FakeInternet.builder()
                .provider(FakeProvider.named("healthy.test"))
                .provider(FakeProvider.named("grey.test").greylisting(Duration.ofSeconds(2)))
                .provider(FakeProvider.named("strict.test").unknownUsers(local -> local.startsWith("gone")))
                .keep(10)
                .build()) {
            Random random = new Random();
            for (int kill = 1; kill <= KILLS; kill++) {
                Process process = send(internet, campaign);
                long more = internet.deliveries() + 100 + random.nextInt(400);
                Awaitility.await()
                        .atMost(PATIENCE)
                        .pollInterval(Duration.ofMillis(5))
                        .until(() -> internet.deliveries() >= more || !process.isAlive());
                assertThat(process.isAlive()).as("killed in the middle").isTrue();
                process.destroyForcibly().waitFor();
                System.out.printf("killed %d after %,d deliveries%n", kill, internet.deliveries());
            }
            Process last = send(internet, campaign);
            assertThat(last.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .as("the last run ends")
                    .isTrue();
            assertThat(last.exitValue()).as(output()).isZero();

            Map<String, List<DeliveryEvent>> finals = finalEvents();
            assertThat(finals).as("recipients with an outcome").hasSize(MESSAGES);
            assertThat(finals.values()).as("final outcomes of each").allSatisfy(events -> assertThat(events)
                    .hasSize(1));
            finals.forEach((recipient, events) -> assertThat(events.get(0).outcome())
                    .as(recipient)
                    .isEqualTo(recipient.startsWith("gone") ? Outcome.BOUNCED : Outcome.DELIVERED));
            long delivered = finals.values().stream()
                    .filter(events -> events.get(0).outcome() == Outcome.DELIVERED)
                    .count();
            // A message whose final reply was on its way when the process died is sent again: RFC 5321 6.1 prefers that
            // to a loss. No more than the sessions that were open can be in that state.
            System.out.printf(
                    "%,d messages, killed %d times: lost %d, duplicates in the final-dot window %d%n",
                    MESSAGES, KILLS, delivered - internet.received().size(), internet.duplicates());
            assertThat(internet.received()).hasSize((int) delivered);
            assertThat(internet.duplicates()).isLessThanOrEqualTo(MOST_SESSIONS * KILLS);
        }
    }

    private static void writeCampaign(Path file) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < MESSAGES; i++) {
            String to =
                    switch (i % 20) {
                        // So few that the reputation guard does not hold the stream.
                        case 0 -> (i % 400 == 0 ? "gone" : "user") + i + "@strict.test";
                        case 1, 2, 3 -> "user" + i + "@grey.test";
                        default -> "user" + i + "@healthy.test";
                    };
            lines.append(String.format(
                    "{\"id\":\"m%d\",\"from\":\"news@sender.test\",\"to\":\"%s\",\"message\":\"From: news@sender.test\\r\\nTo: %s\\r\\n"
                            + "Subject: News %d\\r\\nMessage-ID: <m%d@sender.test>\\r\\n\\r\\nHello %d\\r\\n\"}%n",
                    i, to, to, i, i, i));
        }
        Files.writeString(file, lines, StandardCharsets.UTF_8);
    }

    private Process send(FakeInternet internet, Path campaign) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Deliverability.class.getName()));
        command.addAll(List.of(
                "send",
                "--stream",
                "news",
                "--dns",
                internet.dns(),
                "--port",
                "" + internet.port(),
                "--store",
                directory.resolve("store.db").toString(),
                "--allow-private",
                "--helo",
                "mail.sender.test",
                "--wait",
                "" + PATIENCE.toSeconds(),
                campaign.toString()));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("send.out").toFile()))
                .start();
    }

    private String output() throws IOException {
        return Files.readString(directory.resolve("send.out"));
    }

    /** The final events of the store's log by recipient. */
    private Map<String, List<DeliveryEvent>> finalEvents() throws Exception {
        Map<String, List<DeliveryEvent>> finals = new HashMap<>();
        try (SqliteStore store = SqliteStore.openAdmin(
                directory.resolve("store.db"),
                StoreOptions.DEFAULT,
                Clock.systemUTC(),
                new SecureRandom(),
                Thread::new,
                Runnable::run)) {
            List<LoggedEvent> page = claim(store);
            while (!page.isEmpty()) {
                for (LoggedEvent logged : page) {
                    if (logged.event().outcome().isFinal()) {
                        finals.computeIfAbsent(logged.event().recipient().toString(), r -> new ArrayList<>())
                                .add(logged.event());
                    }
                }
                store.events()
                        .acknowledge(page.stream().map(LoggedEvent::id).toList())
                        .toCompletableFuture()
                        .get(30, TimeUnit.SECONDS);
                page = claim(store);
            }
        }
        return finals;
    }

    private static List<LoggedEvent> claim(SqliteStore store) throws Exception {
        return store.events()
                .claim("news", 500, Duration.ofMinutes(1))
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
    }
}
