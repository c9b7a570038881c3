package io.github.cameldeliverability.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.cameldeliverability.intake.SuppressionIntake;
import io.github.cameldeliverability.intake.SuppressionPolicy;
import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.Envelope;
import io.github.cameldeliverability.mail.Reason;
import io.github.cameldeliverability.mail.ReversePath;
import io.github.cameldeliverability.mail.Submission;
import io.github.cameldeliverability.mail.Suppression;
import io.github.cameldeliverability.mail.SuppressionChange;
import io.github.cameldeliverability.mail.SuppressionChange.Operation;
import io.github.cameldeliverability.mail.SuppressionIncident;
import io.github.cameldeliverability.mail.SuppressionKind;
import io.github.cameldeliverability.mail.spi.SuppressionList;
import io.github.cameldeliverability.shaping.LimitSettings;
import io.github.cameldeliverability.suppression.SuppressionUndo;
import io.github.cameldeliverability.testkit.FakeDns;
import io.github.cameldeliverability.testkit.FakeMx;
import io.github.cameldeliverability.testkit.TemporaryStore;
import io.github.cameldeliverability.verdict.RulePackEngine;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A user's rule takes a block list's refusal for a dead address: the damage, and the way back. */
class WrongRuleIsUndoneExactlyTest {

    private static final int MAILED = 5_000;

    private static final String RULE =
            """
            pack: ours
            rules:
              - id: gone
                match:
                  code: [550]
                  text: ["access from this host is refused"]
                guarded: false
                verdict: {reason: userunknown, permanence: permanent}
                samples:
                  positive: ["550 5.7.1 access from this host is refused, see the block list"]
                  negative: ["550 5.7.1 try again"]
            """;

    @Test
    void fiveThousandAreFreeAgainAndNobodyElseIsTouched() throws Exception {
        AtomicInteger events = new AtomicInteger();
        try (TemporaryStore store = TemporaryStore.open(Clock.systemUTC());
                FakeMx mx = FakeMx.builder()
                        .address("127.0.0.2")
                        .rejectRecipients(all -> true, "550 5.7.1 access from this host is refused, see the block list")
                        .build();
                FakeDns dns = FakeDns.builder()
                        .mx("refuses.test", 10, "mx.refuses.test")
                        .a("mx.refuses.test", "127.0.0.2")
                        .build()) {
            SuppressionList list = store.suppressions();
            SuppressionIntake intake = new SuppressionIntake(SuppressionPolicy.of("default"), list, Clock.systemUTC());
            // Before: some have left the list, some are dead by another rule, others have nothing to do with it.
            get(list.addAll(List.of(
                    entry("u1@refuses.test", SuppressionKind.UNSUBSCRIBE, "api", Optional.empty()),
                    entry("u2@refuses.test", SuppressionKind.BOUNCE, "dsn", Optional.of("general/userunknown")),
                    entry("else@other.test", SuppressionKind.BOUNCE, "session", Optional.of("general/userunknown")))));
            Instant from = Instant.now();
            try (RealRooms rooms = new RealRooms(
                    store,
                    dns,
                    mx.port(),
                    LimitSettings.NONE.withConnections(20).withMessagesPerConnection(1000),
                    RetryPolicy.defaults(),
                    RulePackEngine.builtIn().withUserPackTexts(List.of(RULE)),
                    e -> intake.apply(e).thenRun(events::incrementAndGet),
                    RealRooms.stream("tx", List.of(), false, Optional.empty()))) {
                rooms.engine.start();
                List<CompletableFuture<String>> all = new ArrayList<>();
                for (int i = 0; i < MAILED; i++) {
                    all.add(rooms.engine.submit(mail(i)).toCompletableFuture());
                }
                CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
                await().atMost(Duration.ofSeconds(60)).until(() -> events.get() == MAILED);
            }
            // Another judgement of the same address, while the wrong one stands: it stays, whatever becomes of the
            // first.
            get(list.add(entry("u3@refuses.test", SuppressionKind.BOUNCE, "dsn", Optional.of("general/userunknown"))));
            Instant to = Instant.now().plusMillis(1);
            assertThat(suppressed(list)).hasSize(MAILED + 1);

            // The same judgement after the incident is evidence of its own.
            get(list.add(get(list.check("default", address("u4"), Set.of(Suppression.GLOBAL), to))
                    .map(s -> later(s, to.plusSeconds(3_600)))
                    .orElseThrow()));
            long before = lastChange(list);
            SuppressionIncident incident = new SuppressionIncident(
                    "default",
                    Optional.of("ours/gone"),
                    Optional.empty(),
                    Optional.of("tx"),
                    Optional.of("session"),
                    from,
                    to);

            SuppressionUndo.Result preview = undo(list, incident, false);
            assertThat(preview.restored()).as("all but four").isEqualTo(MAILED - 4);
            assertThat(preview.kept()).as("u1, u2, u3").isEqualTo(3);
            assertThat(suppressed(list)).as("a preview changes nothing").hasSize(MAILED + 1);
            assertThat(lastChange(list)).isEqualTo(before);

            SuppressionUndo.Result done = undo(list, incident, true);
            assertThat(done.restored()).isEqualTo(preview.restored());
            assertThat(done.kept()).isEqualTo(preview.kept());
            assertThat(suppressed(list))
                    .containsExactly(
                            "else@other.test",
                            "u1@refuses.test",
                            "u2@refuses.test",
                            "u3@refuses.test",
                            "u4@refuses.test");
            assertThat(get(list.list("default", "u2", 1)).get(0).ruleId()).contains("general/userunknown");

            List<SuppressionChange> followUp = get(list.history("default", before, 10_000));
            assertThat(followUp.stream().filter(c -> c.operation() == Operation.RESTORED))
                    .hasSize(MAILED - 4)
                    .allMatch(c -> c.suppression().ruleId().equals(Optional.of("ours/gone"))
                            && c.suppression().reason().equals(Optional.of(Reason.USERUNKNOWN)));
            assertThat(followUp.stream().filter(c -> c.operation() != Operation.RESTORED))
                    .as("u3 stays for its other reason, which the CRM may want to know")
                    .allMatch(c -> c.operation() == Operation.UPDATED);
            assertThat(undo(list, incident, true).restored()).as("again").isZero();
        }
    }

    private static SuppressionUndo.Result undo(SuppressionList list, SuppressionIncident incident, boolean apply) {
        return get(new SuppressionUndo(list, incident, apply, Instant.now(), seen -> {}).run());
    }

    private static Set<String> suppressed(SuppressionList list) {
        Set<String> all = new TreeSet<>();
        get(list.list("default", "", 100_000)).forEach(s -> all.add(s.address().toString()));
        return all;
    }

    private static long lastChange(SuppressionList list) {
        List<SuppressionChange> all = get(list.history("default", 0, 100_000));
        return all.get(all.size() - 1).sequence();
    }

    private static Suppression later(Suppression s, Instant at) {
        return new Suppression(
                s.list(),
                s.scope(),
                s.address(),
                s.kind(),
                s.reason(),
                s.evidence(),
                s.ruleId(),
                s.source(),
                at,
                s.until(),
                s.origin());
    }

    private static Suppression entry(String address, SuppressionKind kind, String source, Optional<String> rule) {
        return new Suppression(
                "default",
                Suppression.GLOBAL,
                EmailAddress.parse(address),
                kind,
                kind == SuppressionKind.BOUNCE ? Optional.of(Reason.USERUNKNOWN) : Optional.empty(),
                "550 5.1.1 no such user",
                rule,
                source,
                Instant.now(),
                Optional.empty());
    }

    private static EmailAddress address(String user) {
        return EmailAddress.parse(user + "@refuses.test");
    }

    private static Submission mail(int i) {
        Envelope envelope = new Envelope(ReversePath.parse("shop@example.com"), List.of(address("u" + i)));
        return new Submission(
                "tx",
                envelope,
                "From: shop@example.com\r\nSubject: hello\r\n\r\nHello\r\n".getBytes(StandardCharsets.US_ASCII));
    }

    private static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
    }
}
