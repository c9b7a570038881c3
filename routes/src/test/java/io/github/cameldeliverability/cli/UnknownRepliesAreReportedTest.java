package io.github.cameldeliverability.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnknownRepliesAreReportedTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    Path folder;

    private Path events;

    @BeforeEach
    void record() throws IOException {
        events = folder.resolve("events.ndjson");
        Files.writeString(
                events,
                event(
                                "a@club.test",
                                "deferred",
                                "undefined",
                                "450 frobbed <a@club.test> id 4bXc7k1H9z",
                                "mx:mx.club.test")
                        + event(
                                "b@club.test",
                                "deferred",
                                "undefined",
                                "450 frobbed <b@club.test> id 9kQQ22aZ01",
                                "mx:mx.club.test")
                        + event("c@club.test", "deferred", "undefined", "450 frobbed <c@isp.test> id 1kQQ22aZ07", "isp")
                        + event("d@club.test", "bounced", "undefined", "554 zzyzx", "isp")
                        + event("e@club.test", "bounced", "userunknown", "550 5.1.1 User unknown", "isp")
                        + event("f@club.test", "delivered", "", "250 ok", "isp"));
    }

    @Test
    void byShapeWithCountProvidersAndOneSample() {
        assertThat(run("report", "unknown-replies", "--events", events.toString()))
                .isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .containsSubsequence(
                        "3  450 frobbed <address> id <id>",
                        "from mx:mx.club.test 2, isp 1",
                        "450 frobbed <a@club.test> id 4bXc7k1H9z",
                        "1  554 zzyzx",
                        "4 of 5 refusals and deferrals are known to no rule, in 2 shapes");
    }

    @Test
    void programsReadJson() {
        assertThat(run("report", "unknown-replies", "--events", events.toString(), "--json", "--limit", "1"))
                .isZero();
        assertThat(out.toString(StandardCharsets.UTF_8).strip())
                .startsWith("{\"shape\":\"450 frobbed <address> id <id>\",\"count\":3,\"providers\":{")
                .doesNotContain("zzyzx");
    }

    @Test
    void whatOwnRulesKnowByNowIsLeftOut() throws IOException {
        Path rules = Files.writeString(
                folder.resolve("ours.yaml"),
                """
                pack: ours
                rules:
                  - id: frobbed
                    match: {text: [frobbed]}
                    verdict: {reason: ratelimited}
                    samples: {positive: ["450 frobbed"], negative: ["450 fine"]}
                """);
        assertThat(run("report", "unknown-replies", "--events", events.toString(), "--rules", rules.toString()))
                .isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .doesNotContain("frobbed")
                .contains("1 of 5");
    }

    private static String event(String recipient, String outcome, String reason, String reply, String provider) {
        return "{\"at\":\"2026-11-22T10:00:00Z\",\"stream\":\"shop\",\"queueId\":\"q\",\"recipient\":\"" + recipient
                + "\",\"outcome\":\"" + outcome + "\",\"reason\":" + (reason.isEmpty() ? "null" : "\"" + reason + "\"")
                + ",\"reply\":\"" + reply + "\",\"phase\":\"RCPT\",\"provider\":\"" + provider
                + "\",\"attempt\":1,\"elapsedMillis\":100}\n";
    }

    private int run(String... args) {
        return Deliverability.run(new PrintStream(out, true), new PrintStream(err, true), args);
    }
}
