package io.github.cameldeliverability.mx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.cameldeliverability.dkim.DkimKeyPair;
import io.github.cameldeliverability.mail.spi.Store;
import io.github.cameldeliverability.store.SqliteStore;
import io.github.cameldeliverability.store.StoreOptions;
import io.github.cameldeliverability.testkit.FakeInternet;
import io.github.cameldeliverability.testkit.FakeInternetExtension;
import io.github.cameldeliverability.testkit.FakeProvider;
import io.github.cameldeliverability.testkit.ReceivedMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class FallbackGetsWhatFailedForGoodTest {

    private static final Duration SOON = Duration.ofSeconds(30);

    @RegisterExtension
    final FakeInternetExtension world = new FakeInternetExtension(() -> FakeInternet.builder()
            .provider(FakeProvider.named("healthy.test").unknownUsers(u -> u.startsWith("nobody")))
            .provider(FakeProvider.named("office.test"))
            .provider(FakeProvider.named("strict.test")
                    .behaving(mx -> mx.rejectMessages(m -> true, "550 5.7.1 Message refused by policy")))
            .build());

    @TempDir
    private Path dir;

    private final List<Message> handedOver = new CopyOnWriteArrayList<>();
    private final List<String> events = new CopyOnWriteArrayList<>();

    @Test
    void onceWithTheMessageAndWhyItFailed(FakeInternet internet) throws Exception {
        Path key = Files.writeString(
                dir.resolve("ed.pem"),
                DkimKeyPair.generateEd25519(new SecureRandom()).privatePem());
        String mx = "mx:shop?from=shop@office.test&fallback=direct:sms&notifySender=FAILURE"
                + "&dkimDomain=example.com&dkimSelector=2026e&dkimKey=" + key;
        try (RealContext context = RealContext.of(internet, dir.resolve("a.db"), routes(mx, 0))) {
            Exchange sent = send(context, "ann@healthy.test, bob@strict.test, nobody@healthy.test");
            await().atMost(SOON).until(() -> events.size() == 4);

            assertThat(events)
                    .containsExactlyInAnyOrder(
                            "ann@healthy.test delivered -",
                            "nobody@healthy.test bounced -",
                            "bob@strict.test bounced pending",
                            "bob@strict.test fallback done");
            assertThat(handedOver).hasSize(1);
            Message m = handedOver.get(0);
            String queueId = sent.getMessage().getHeader(MxConstants.QUEUE_ID, String.class);
            assertThat(m.getHeaders())
                    .containsEntry(MxConstants.STREAM, "shop")
                    .containsEntry(MxConstants.QUEUE_ID, queueId)
                    .containsEntry(MxConstants.RECIPIENT, "bob@strict.test")
                    .containsEntry(MxConstants.ENVELOPE_FROM, "shop@office.test")
                    .containsEntry(MxConstants.ENVELOPE_TO, "bob@strict.test")
                    .containsEntry(MxConstants.REASON, "policyviolation")
                    .containsEntry(MxConstants.REPLY_CODE, 550)
                    .containsEntry(MxConstants.STATUS, "5.7.1")
                    .containsEntry(MxConstants.FALLBACK_FROM, "shop")
                    .containsEntry(MxConstants.IDEMPOTENCY_KEY, "fallback/" + queueId + "/1")
                    .containsKey(MxConstants.RULE);
            assertThat(m.getHeader(MxConstants.REPLY, String.class)).contains("refused by policy");
            assertThat(new String(m.getBody(byte[].class), StandardCharsets.UTF_8))
                    .contains("Subject: order 7")
                    .contains("Message-ID: " + sent.getMessage().getHeader(MxConstants.MESSAGE_ID))
                    .doesNotContain("DKIM-Signature");
            // The sender is told of the dead address only.
            await().atMost(SOON).untilAsserted(() -> assertThat(
                            internet.host("office.test").messages())
                    .singleElement()
                    .satisfies(n -> assertThat(n.text()).contains("Final-Recipient: rfc822; nobody@healthy.test")));
        }
    }

    @Test
    void againUntilItTakesIt(FakeInternet internet) throws Exception {
        String mx = "mx:shop?from=shop@office.test&fallback=direct:sms";
        try (RealContext context = RealContext.of(internet, dir.resolve("a.db"), routes(mx, 2))) {
            send(context, "bob@strict.test");
            await().atMost(SOON)
                    .until(() -> !context.mx.streams().trouble("shop").isEmpty());
            assertThat(context.mx.streams().trouble("shop"))
                    .singleElement()
                    .asString()
                    .contains("1 messages of stream shop")
                    .contains("direct://sms");
            await().atMost(SOON).until(() -> events.size() == 4);
            assertThat(events)
                    .containsExactly(
                            "bob@strict.test bounced pending",
                            "bob@strict.test fallback retrying",
                            "bob@strict.test fallback retrying",
                            "bob@strict.test fallback done");
            assertThat(handedOver)
                    .hasSize(3)
                    .extracting(m -> m.getHeader(MxConstants.IDEMPOTENCY_KEY))
                    .containsOnly(handedOver.get(0).getHeader(MxConstants.IDEMPOTENCY_KEY));
            await().atMost(SOON)
                    .until(() -> context.mx.streams().trouble("shop").isEmpty());
        }
    }

    @Test
    void untilTheTimeIsOverAndThenTheSenderIsTold(FakeInternet internet) throws Exception {
        String mx = "mx:shop?from=shop@office.test&fallback=direct:sms&notifySender=FAILURE&maxAge=2s";
        try (RealContext context = RealContext.of(internet, dir.resolve("a.db"), routes(mx, 1000))) {
            send(context, "bob@strict.test");
            await().atMost(SOON).until(() -> events.contains("bob@strict.test fallback failed"));
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(internet.host("office.test").messages())
                            .singleElement()
                            .satisfies(n -> assertThat(n.text()).contains("Diagnostic-Code: smtp; 550 5.7.1")));
        }
    }

    @Test
    void againAfterACrashUnderTheSameKey(FakeInternet internet) throws Exception {
        Path file = dir.resolve("a.db");
        String mx = "mx:shop?from=shop@office.test&fallback=direct:sms";
        try (Store store = forgetful(file);
                RealContext context = RealContext.of(internet, store, routes(mx, 0))) {
            send(context, "bob@strict.test");
            await().atMost(SOON)
                    .until(() -> !context.mx.streams().trouble("shop").isEmpty());
            assertThat(handedOver).as("while the process lives it knows").hasSize(1);
        }
        try (RealContext context = RealContext.of(internet, file, routes(mx, 0))) {
            await().atMost(SOON).until(() -> events.contains("bob@strict.test fallback done"));
            assertThat(context.isStarted()).isTrue();
        }
        assertThat(handedOver).hasSize(2);
        assertThat(handedOver)
                .extracting(m -> m.getHeader(MxConstants.IDEMPOTENCY_KEY))
                .containsOnly(handedOver.get(0).getHeader(MxConstants.IDEMPOTENCY_KEY));
    }

    @Test
    void anotherStreamGetsItOnceThroughCrashes(FakeInternet internet) throws Exception {
        Path file = dir.resolve("a.db");
        int relay = internet.host("healthy.test").port();
        String address = internet.host("healthy.test").address().getHostAddress();
        String relayed = "mx:relayed?smarthost=smtp://" + address + ":" + relay + "&smarthostTls=NONE";
        RouteBuilder routes = new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:out").to("mx:shop?from=shop@office.test&fallback=RAW(" + relayed + ")");
                from("mx:shop").process(FallbackGetsWhatFailedForGoodTest.this::event);
                from("mx:relayed").process(FallbackGetsWhatFailedForGoodTest.this::event);
            }
        };
        try (Store store = forgetful(file);
                RealContext context = RealContext.of(internet, store, routes)) {
            send(context, "bob@strict.test");
            await().atMost(SOON).until(() -> events.contains("bob@strict.test delivered -"));
        }
        try (RealContext context = RealContext.of(internet, file, routes)) {
            await().atMost(SOON).until(() -> events.contains("bob@strict.test fallback done"));
            assertThat(context.isStarted()).isTrue();
        }
        List<ReceivedMessage> got = internet.host("healthy.test").messages();
        assertThat(got).hasSize(1);
        assertThat(got.get(0).to()).containsExactly("bob@strict.test");
        assertThat(got.get(0).from()).isEqualTo("shop@office.test");
    }

    @Test
    void camelMailGetsTheWholeMessageForTheOneRecipient(FakeInternet internet) throws Exception {
        var relay = internet.host("healthy.test");
        String smtp = "smtp://" + relay.address().getHostAddress() + ":" + relay.port();
        String mx = "mx:shop?from=shop@office.test&fallback=RAW(" + smtp + "?connectionTimeout=5000)";
        try (RealContext context = RealContext.of(internet, dir.resolve("a.db"), routes(mx, 0))) {
            Exchange sent = send(context, "carl@strict.test, bob@strict.test");
            await().atMost(SOON)
                    .until(() -> events.stream()
                                    .filter(e -> e.endsWith("fallback done"))
                                    .count()
                            == 2);
            assertThat(relay.messages())
                    .hasSize(2)
                    .allSatisfy(m -> assertThat(m.from()).isEqualTo("shop@office.test"))
                    .allSatisfy(m -> assertThat(m.text())
                            .contains("To: carl@strict.test, bob@strict.test\r\n")
                            .contains("Subject: order 7\r\n")
                            .contains("Message-ID: " + sent.getMessage().getHeader(MxConstants.MESSAGE_ID)))
                    .extracting(ReceivedMessage::to)
                    .containsExactlyInAnyOrder(List.of("carl@strict.test"), List.of("bob@strict.test"));
        }
    }

    @Test
    void aCircleIsRefusedAtStart(FakeInternet internet) {
        RouteBuilder routes = new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:a").to("mx:a?from=a@example.com&fallback=mx:b");
                from("direct:b").to("mx:b?from=a@example.com&fallback=mx:a");
            }
        };
        assertThatThrownBy(() -> RealContext.of(internet, dir.resolve("a.db"), routes))
                .hasStackTraceContaining("fallback goes round in a circle: a -> b -> a");
    }

    @Test
    void aCircleThatCannotBeSeenEndsWithItsFirstRound(FakeInternet internet) throws Exception {
        RouteBuilder routes = new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:out").to("mx:a?from=shop@office.test&fallback=direct:b&notifySender=FAILURE");
                from("direct:b").to("mx:b?fallback=direct:a&notifySender=FAILURE");
                from("direct:a").to("mx:a");
                from("mx:a").process(FallbackGetsWhatFailedForGoodTest.this::event);
                from("mx:b").process(FallbackGetsWhatFailedForGoodTest.this::event);
            }
        };
        try (RealContext context = RealContext.of(internet, dir.resolve("a.db"), routes)) {
            send(context, "bob@strict.test");
            await().atMost(SOON).until(() -> events.size() == 4);
            assertThat(events)
                    .containsExactlyInAnyOrder(
                            "bob@strict.test bounced pending",
                            "bob@strict.test fallback done",
                            "bob@strict.test bounced pending",
                            "bob@strict.test fallback failed");
        }
    }

    @Test
    void aDirectDeliveryHasNone(FakeInternet internet) throws Exception {
        try (RealContext context = RealContext.of(internet, dir.resolve("a.db"))) {
            assertThatThrownBy(() -> context.getEndpoint("mx:x?deliveryMode=DIRECT&fallback=direct:y")
                            .createProducer()
                            .start())
                    .hasMessageContaining("fallback and deliveryMode=DIRECT");
            assertThatThrownBy(() -> context.getEndpoint("mx:z?fallbackOn=full")
                            .createProducer()
                            .start())
                    .hasMessageContaining("fallbackOn needs fallback");
            assertThatThrownBy(() -> context.getEndpoint("mx:w?fallback=direct:y&fallbackOn=suppressed")
                            .createProducer()
                            .start())
                    .hasMessageContaining("fallbackOn=suppressed");
        }
    }

    private RouteBuilder routes(String mx, int failures) {
        return new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:out").to(mx);
                from("direct:sms").errorHandler(noErrorHandler()).process(e -> {
                    handedOver.add(e.getMessage().copy());
                    if (handedOver.size() <= failures) {
                        throw new IllegalStateException("no signal");
                    }
                });
                from("mx:shop").process(FallbackGetsWhatFailedForGoodTest.this::event);
            }
        };
    }

    private void event(Exchange e) {
        Message m = e.getMessage();
        String recipient = m.getHeader(MxConstants.RECIPIENT, String.class);
        if (!recipient.equals("shop@office.test")) {
            events.add(recipient + " " + m.getHeader(MxConstants.OUTCOME) + " "
                    + m.getHeader(MxConstants.FALLBACK, "-", String.class));
        }
    }

    private static Store forgetful(Path file) throws IOException {
        return new ForgetfulStore(SqliteStore.open(
                file, StoreOptions.DEFAULT, Clock.systemUTC(), new SecureRandom(), Thread::new, Runnable::run));
    }

    private static Exchange send(RealContext context, String to) throws Exception {
        Exchange sent = context.send("direct:out", e -> {
            e.getMessage().setBody("hello");
            e.getMessage().setHeader("To", to);
            e.getMessage().setHeader("Subject", "order 7");
        });
        assertThat(sent.getException()).isNull();
        return sent;
    }
}
