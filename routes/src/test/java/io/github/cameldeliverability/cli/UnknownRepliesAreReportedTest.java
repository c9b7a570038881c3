package io.github.cameldeliverability.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.mail.DeliveryEvent;
import io.github.cameldeliverability.mail.DsnRequest;
import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.Outcome;
import io.github.cameldeliverability.mail.Permanence;
import io.github.cameldeliverability.mail.Reason;
import io.github.cameldeliverability.mail.Recipient;
import io.github.cameldeliverability.mail.RecipientKey;
import io.github.cameldeliverability.mail.ReversePath;
import io.github.cameldeliverability.mail.SmtpPhase;
import io.github.cameldeliverability.mail.SmtpReply;
import io.github.cameldeliverability.mail.SpooledMessage;
import io.github.cameldeliverability.mail.Verdict;
import io.github.cameldeliverability.mail.spi.Store;
import io.github.cameldeliverability.store.SqliteStore;
import io.github.cameldeliverability.store.StoreOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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

    @Test
    void ofAStoreOverManyPages() throws Exception {
        Path file = folder.resolve("mail.db");
        try (Store store = SqliteStore.open(
                file, StoreOptions.DEFAULT, Clock.systemUTC(), new SecureRandom(), Thread::new, Runnable::run)) {
            List<CompletableFuture<?>> all = new ArrayList<>();
            for (int i = 0; i < 1_250; i++) {
                boolean known = i % 5 == 0;
                SmtpReply reply = SmtpReply.parse(
                                known ? "550 5.1.1 User unknown" : "450 frobbed <u" + i + "@isp.test>")
                        .orElseThrow();
                settle(store, "q" + i, reply, known ? Reason.USERUNKNOWN : Reason.UNDEFINED, all);
            }
            CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
        }

        assertThat(run("report", "unknown-replies", "--store", file.toString())).isZero();

        assertThat(out.toString(StandardCharsets.UTF_8))
                .containsSubsequence(
                        "1,000  450 frobbed <address>",
                        "from isp 1000",
                        "1,000 of 1,250 refusals and deferrals are known to no rule, in 1 shapes");
    }

    @Test
    void withoutASourceItSaysWhichThereAre() {
        assertThat(run("report", "unknown-replies")).isNotZero();
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("--store").contains("--events");
        assertThat(run(
                        "report",
                        "unknown-replies",
                        "--store",
                        folder.resolve("none.db").toString()))
                .isNotZero();
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("no store at");
    }

    private static void settle(Store store, String id, SmtpReply reply, Reason reason, List<CompletableFuture<?>> all) {
        Instant now = Instant.now();
        EmailAddress to = EmailAddress.parse("a@isp.test");
        SpooledMessage m = new SpooledMessage(
                id,
                "shop",
                "<" + id + "@example.com>",
                "Subject: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
                false,
                false,
                Optional.empty(),
                false,
                now,
                now.plusSeconds(3600),
                now,
                Set.of(),
                List.of(new Recipient(to, ReversePath.NULL, DsnRequest.NONE)));
        DeliveryEvent event = new DeliveryEvent(
                "shop",
                id,
                m.messageId(),
                to,
                Outcome.BOUNCED,
                Optional.of(reply),
                Optional.of(SmtpPhase.RCPT),
                Optional.of(Verdict.of(reason, Permanence.PERMANENT, "test/rule", reply.text())),
                Optional.of("isp"),
                Optional.of("mx.isp.test [192.0.2.1]"),
                1,
                now,
                Optional.empty(),
                Duration.ofMillis(100),
                Optional.empty());
        all.add(store.spool()
                .add(m, true)
                .thenCompose(ok -> store.spool().settle(new RecipientKey(id, 0), event))
                .toCompletableFuture());
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
