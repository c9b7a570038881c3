package io.github.cameldeliverability.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.cameldeliverability.dkim.DkimKeyPair;
import io.github.cameldeliverability.dkim.DkimSigner;
import io.github.cameldeliverability.mail.DeliveryEvent;
import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.Outcome;
import io.github.cameldeliverability.mail.Reason;
import io.github.cameldeliverability.mail.StreamConfig;
import io.github.cameldeliverability.mail.spi.EventLog.LoggedEvent;
import io.github.cameldeliverability.mail.spi.ReturnTokens;
import io.github.cameldeliverability.shaping.LimitSettings;
import io.github.cameldeliverability.testkit.FakeDns;
import io.github.cameldeliverability.testkit.FakeMx;
import io.github.cameldeliverability.testkit.ReceivedMessage;
import io.github.cameldeliverability.testkit.TemporaryStore;
import io.github.cameldeliverability.token.HmacReturnTokens;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** All rooms together: SQLite, dnsjava, Netty, rule packs, DKIM, against servers with tempers. */
class MailReachesTheFakeInternetThroughARestartTest {

    private static final int EACH = 125;

    @Test
    void fiveHundredMessagesEndWell() throws Exception {
        DkimSigner signer = DkimSigner.builder("example.com", "s1", DkimKeyPair.generateEd25519(new SecureRandom()))
                .build();
        StreamConfig stream = RealRooms.stream("tx", List.of(signer), true, Optional.of("default"));
        RetryPolicy retries = RetryPolicy.of(RetryPolicy.Schedule.of("1s", "2s"));
        try (TemporaryStore store = TemporaryStore.open(Clock.systemUTC());
                FakeMx plain = FakeMx.builder().address("127.0.0.2").startTls().build();
                FakeMx grey = FakeMx.builder()
                        .address("127.0.0.3")
                        .port(plain.port())
                        .greylist(Duration.ofMillis(500))
                        .build();
                FakeMx unknown = FakeMx.builder()
                        .address("127.0.0.4")
                        .port(plain.port())
                        .rejectRecipients(
                                a -> a.startsWith("gone"),
                                "550 5.1.1 The email account that you tried to reach does not exist")
                        .build();
                FakeMx throttling = FakeMx.builder()
                        .address("127.0.0.5")
                        .port(plain.port())
                        .maxConnections(3)
                        .maxRate(40, Duration.ofSeconds(1))
                        .build();
                FakeDns dns = FakeDns.builder()
                        .mx("plain.test", 10, "mx.plain.test")
                        .a("mx.plain.test", "127.0.0.2")
                        .mx("grey.test", 10, "mx.grey.test")
                        .a("mx.grey.test", "127.0.0.3")
                        .mx("unknown.test", 10, "mx.unknown.test")
                        .a("mx.unknown.test", "127.0.0.4")
                        .mx("throttling.test", 10, "mx.throttling.test")
                        .a("mx.throttling.test", "127.0.0.5")
                        .nullMx("null.test")
                        .build()) {
            List<String> ids = new ArrayList<>();
            try (RealRooms rooms = rooms(store, dns, plain.port(), retries, stream)) {
                rooms.engine.start();
                List<CompletableFuture<String>> submitted = new ArrayList<>();
                for (int i = 0; i < EACH; i++) {
                    for (String to : List.of(
                            "u" + i + "@plain.test",
                            "u" + i + "@grey.test",
                            (i % 2 == 0 ? "gone" : "here") + i + "@unknown.test",
                            "u" + i + "@throttling.test")) {
                        submitted.add(
                                rooms.engine.submit(Scene.message("tx", to)).toCompletableFuture());
                    }
                }
                submitted.add(rooms.engine
                        .submit(Scene.message("tx", "x@null.test", "x@nowhere.test"))
                        .toCompletableFuture());
                for (CompletableFuture<String> f : submitted) {
                    ids.add(f.get());
                }
                await().atMost(Duration.ofSeconds(20)).until(() -> plain.accepted() > 20);
            }
            store.reopen();
            try (RealRooms rooms = rooms(store, dns, plain.port(), retries, stream)) {
                rooms.engine.start();
                await().atMost(Duration.ofSeconds(90))
                        .pollInterval(Duration.ofMillis(200))
                        .untilAsserted(() -> assertThat(openRecipients(store))
                                .as(() -> "open recipients; "
                                        + rooms.engine
                                                .snapshot()
                                                .toCompletableFuture()
                                                .join())
                                .isZero());
                assertThat(rooms.engine.snapshot().toCompletableFuture().get().unsettled())
                        .isZero();
            }

            Map<String, List<DeliveryEvent>> events = new HashMap<>();
            for (String id : ids) {
                for (LoggedEvent e :
                        store.events().history(id).toCompletableFuture().get()) {
                    events.computeIfAbsent(e.event().recipient().toString(), r -> new ArrayList<>())
                            .add(e.event());
                }
            }
            assertThat(events).hasSize(4 * EACH + 2);
            events.forEach((recipient, list) -> {
                assertThat(list.stream().filter(e -> e.outcome().isFinal()))
                        .as("final outcomes of %s", recipient)
                        .hasSize(1);
                Outcome last = list.get(list.size() - 1).outcome();
                boolean dead = recipient.startsWith("gone") || recipient.startsWith("x@");
                assertThat(last).as(recipient).isEqualTo(dead ? Outcome.BOUNCED : Outcome.DELIVERED);
            });
            assertThat(events.get("gone0@unknown.test")
                            .get(0)
                            .verdict()
                            .orElseThrow()
                            .reason())
                    .isEqualTo(Reason.USERUNKNOWN);
            assertThat(events.get("u0@plain.test").get(0).tls()).isPresent();
            assertThat(events.get("u0@grey.test").get(0).verdict().orElseThrow().reason())
                    .isEqualTo(Reason.GREYLISTED);
            List<String> taken = Stream.of(plain, grey, unknown, throttling)
                    .flatMap(mx -> mx.messages().stream())
                    .flatMap(m -> m.to().stream())
                    .toList();
            assertThat(taken).as("nothing twice").doesNotHaveDuplicates();
            assertThat(taken).hasSize(4 * EACH - (EACH + 1) / 2);
            checkContent(plain.messages().get(0));
        }
    }

    private static void checkContent(ReceivedMessage m) {
        assertThat(m.text())
                .startsWith("DKIM-Signature:")
                .contains("\r\nMessage-ID: <")
                .contains("\r\nDate: ");
        ReturnTokens tokens = new HmacReturnTokens(RealRooms.SECRET);
        EmailAddress from = EmailAddress.parse(m.from());
        ReturnTokens.Token token = tokens.read(from).orElseThrow();
        assertThat(tokens.proves(token, EmailAddress.parse(m.to().get(0)))).isTrue();
    }

    private static long openRecipients(TemporaryStore store) throws Exception {
        return store.spool().stats().toCompletableFuture().get().openRecipients();
    }

    private static RealRooms rooms(
            TemporaryStore store, FakeDns dns, int port, RetryPolicy retries, StreamConfig stream) {
        return new RealRooms(store, dns, port, LimitSettings.NONE, retries, e -> {}, stream);
    }
}
