package io.github.cameldeliverability.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LimitsAreTriedOnRecordedMailTest {

    private static final Instant START = Instant.parse("2026-11-22T10:00:00Z");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final List<String> lines = new ArrayList<>();

    @TempDir
    Path folder;

    @Test
    void aRateDecidesHowLongTheMailTakes() throws IOException {
        for (int i = 0; i < 600; i++) {
            delivered(i, START.plusSeconds(i));
        }
        JsonNode result = simulate("providers: {club: {mx: [mx.club.test], messagesPerSecond: 60/m, burst: 1}}");
        assertThat(result.path("provider").asText()).isEqualTo("club");
        assertThat(result.path("recipients").asInt()).isEqualTo(600);
        assertThat(result.path("delivered").asInt()).isEqualTo(600);
        assertThat(result.path("drainMillis").asLong()).isBetween(590_000L, 620_000L);
        assertThat(result.path("recordedMillis").asLong()).isEqualTo(599_100);
        assertThat(result.path("heldBackBy").path(0).path("why").asText()).contains("message rate");
    }

    @Test
    void oneSessionCarriesOneMessageAtATime() throws IOException {
        for (int i = 0; i < 100; i++) {
            delivered(i, START);
        }
        JsonNode result = simulate(
                "providers: {club: {mx: [mx.club.test], connections: 1, messagesPerSecond: 0, connectionsPerSecond: 0}}");
        // Each took 0.1 s in the record.
        assertThat(result.path("drainMillis").asLong()).isBetween(10_000L, 10_500L);
        assertThat(result.path("heldBackBy").path(0).path("why").asText()).contains("connections 1, all in use");
    }

    @Test
    void aCapOfTheDayPutsTheRestToTheNextDays() throws IOException {
        for (int i = 0; i < 25; i++) {
            delivered(i, START);
        }
        JsonNode result = simulate("providers: {club: {mx: [mx.club.test], dailyCap: 10}}");
        // 10 on the 22nd, 10 on the 23rd, 5 on the 24th: from ten o'clock to midnight and a day.
        assertThat(result.path("delivered").asInt()).isEqualTo(25);
        assertThat(result.path("drainMillis").asLong()).isBetween(38 * 3_600_000L, 38 * 3_600_000L + 120_000);
        assertThat(result.path("heldBackBy").path(0).path("why").asText()).contains("10 is used up");
    }

    @Test
    void deferralsComeAgainAfterTheRecordedPauseAndWhoWasNeverTakenIsOpen() throws IOException {
        event(1, START.plusSeconds(1), "deferred", "greylisted", "451 4.7.1 Greylisted", 1, START.plusSeconds(301));
        event(1, START.plusSeconds(320), "delivered", null, "250 ok", 2, null);
        event(2, START.plusSeconds(1), "deferred", "greylisted", "451 4.7.1 Greylisted", 1, START.plusSeconds(301));
        event(3, START.plusSeconds(1), "bounced", "userunknown", "550 5.1.1 User unknown", 1, null);
        // At-least-once: the same event may stand in the file twice.
        lines.add(lines.get(0));
        JsonNode result = simulate("{}");
        assertThat(result.path("recipients").asInt()).isEqualTo(3);
        assertThat(result.path("delivered").asInt()).isEqualTo(1);
        assertThat(result.path("refused").asInt()).isEqualTo(1);
        assertThat(result.path("open").asInt()).isEqualTo(1);
        assertThat(result.path("deferrals").asInt()).isEqualTo(2);
        assertThat(result.path("drainMillis").asLong()).isBetween(300_000L, 302_000L);
    }

    @Test
    void tooFastSlowsTheLaneUnlessLeftOut() throws IOException {
        for (int i = 0; i < 200; i++) {
            if (i % 20 == 5) {
                event(
                        i,
                        START.plusSeconds(i),
                        "deferred",
                        "ratelimited",
                        "421 4.7.28 Too fast",
                        1,
                        START.plusSeconds(i + 60));
                event(i, START.plusSeconds(i + 60), "delivered", null, "250 ok", 2, null);
            } else {
                delivered(i, START.plusSeconds(i));
            }
        }
        JsonNode slowed = simulate("{}");
        JsonNode free = simulate("{}", "--without-too-fast");
        assertThat(slowed.path("deferrals").asInt()).isEqualTo(10);
        assertThat(free.path("deferrals").asInt()).isZero();
        assertThat(free.path("delivered").asInt()).isEqualTo(200);
        assertThat(free.path("drainMillis").asLong())
                .isLessThan(slowed.path("drainMillis").asLong());
    }

    @Test
    void peopleReadWhatItCannotKnow() throws IOException {
        delivered(1, START);
        assertThat(run("simulate", file().toString())).isZero();
        assertThat(output())
                .contains("shop/mx:mx.club.test")
                .contains("1 events read, 0 of them no attempts or repeated.")
                .contains("at another speed is not known");
    }

    @Test
    void mistakesNameTheFileAndTheLine() throws IOException {
        delivered(1, START);
        lines.add("{\"at\":\"yesterday\"}");
        delivered(2, START);
        assertThat(run("simulate", file().toString())).isEqualTo(Deliverability.FAILED);
        assertThat(errors()).contains("events.ndjson:2: no delivery event");
        Path limits = Files.writeString(folder.resolve("limits.yaml"), "providers: {google: {conections: 1}}");
        lines.remove(1);
        assertThat(run("simulate", "--limits", limits.toString(), file().toString()))
                .isEqualTo(Deliverability.USAGE);
        assertThat(errors()).contains("limits.yaml:1").contains("connections");
        assertThat(run("simulate", folder.resolve("none").toString())).isEqualTo(Deliverability.USAGE);
        lines.clear();
        assertThat(run("simulate", file().toString())).isEqualTo(Deliverability.USAGE);
        assertThat(errors()).contains("no attempts to replay among 0 events");
    }

    @Test
    void aHalfWrittenLastLineIsPassedOver() throws IOException {
        delivered(1, START);
        lines.add("{\"at\":\"2026-11-22T10:0");
        assertThat(run("simulate", file().toString())).isZero();
    }

    private void delivered(int n, Instant at) {
        event(n, at, "delivered", null, "250 2.0.0 ok", 1, null);
    }

    private void event(int n, Instant at, String outcome, String reason, String reply, int attempt, Instant next) {
        lines.add("{\"at\":\"" + at + "\",\"stream\":\"shop\",\"queueId\":\"q" + n + "\",\"recipient\":\"r" + n
                + "@club.test\",\"outcome\":\"" + outcome + "\",\"reason\":" + quoted(reason) + ",\"reply\":"
                + quoted(reply) + ",\"phase\":\"" + (reason == null ? "DOT" : "RCPT")
                + "\",\"provider\":\"mx:mx.club.test\",\"host\":\"mx.club.test [192.0.2.1]\",\"attempt\":" + attempt
                + ",\"elapsedMillis\":100,\"nextAttempt\":" + quoted(next) + "}");
    }

    private static String quoted(Object value) {
        return value == null ? "null" : "\"" + value + "\"";
    }

    private JsonNode simulate(String limits, String... more) throws IOException {
        Path file = Files.writeString(folder.resolve("limits.yaml"), limits);
        List<String> args = new ArrayList<>(List.of("simulate", "--json", "--limits", file.toString()));
        args.addAll(List.of(more));
        args.add(file().toString());
        assertThat(run(args.toArray(String[]::new))).as(errors()).isZero();
        return new ObjectMapper().readTree(output());
    }

    private Path file() throws IOException {
        return Files.write(folder.resolve("events.ndjson"), lines);
    }

    private int run(String... args) {
        out.reset();
        err.reset();
        return Deliverability.run(new PrintStream(out, true), new PrintStream(err, true), args);
    }

    private String output() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String errors() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
