package io.github.cameldeliverability.mx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.cameldeliverability.dkim.DkimKeyPair;
import io.github.cameldeliverability.mail.DeliveryReport;
import io.github.cameldeliverability.testkit.FakeInternet;
import io.github.cameldeliverability.testkit.FakeProvider;
import io.github.cameldeliverability.testkit.ReceivedMessage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MailTravelsThroughTheWholeHouseTest {

    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    Path dir;

    private FakeInternet internet;

    @BeforeEach
    void internet() {
        internet = FakeInternet.builder()
                .provider(FakeProvider.named("healthy.test").unknownUsers(u -> u.startsWith("nobody")))
                .provider(FakeProvider.named("grey.test").greylisting(Duration.ofHours(1)))
                .provider(
                        FakeProvider.named("down.test").behaving(mx -> mx.rejectMessages(m -> true, "451 4.3.0 later")))
                .build();
    }

    @AfterEach
    void end() {
        internet.close();
    }

    @Test
    void queuedSignedDeliveredReported() throws Exception {
        Path rsa = Files.writeString(
                dir.resolve("rsa.pem"),
                DkimKeyPair.generateRsa(2048, new SecureRandom()).privatePem());
        Path ed = Files.writeString(
                dir.resolve("ed.pem"),
                DkimKeyPair.generateEd25519(new SecureRandom()).privatePem());
        List<Exchange> events = new CopyOnWriteArrayList<>();
        RouteBuilder routes = new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:out")
                        .to("mx:shop?from=Shop <shop@example.com>&returnPath=bounces@example.com"
                                + "&dkimDomain=example.com&dkimSelector=2026r&dkimKey=" + rsa
                                + "&dkimSigners=example.com:2026e:" + ed);
                from("mx:shop").process(e -> events.add(e.copy()));
            }
        };
        try (RealContext context = RealContext.of(internet, dir.resolve("a.db"), routes)) {
            Exchange sent = context.send("direct:out", e -> {
                e.getMessage().setBody("Grüße");
                e.getMessage().setHeader("To", "ann@healthy.test, nobody@healthy.test");
                e.getMessage().setHeader("Subject", "Ihre Bestellung – danke");
            });
            assertThat(sent.getException()).isNull();
            String queueId = sent.getMessage().getHeader(MxConstants.QUEUE_ID, String.class);
            assertThat(queueId).isNotEmpty();
            await().atMost(SOON).until(() -> events.size() == 2);

            ReceivedMessage mail = internet.host("healthy.test").messages().get(0);
            assertThat(mail.to()).containsExactly("ann@healthy.test");
            assertThat(mail.from()).matches("bounces\\+[0-9a-z]+@example.com");
            assertThat(mail.text())
                    .contains("a=rsa-sha256")
                    .contains("a=ed25519-sha256")
                    .contains("From: Shop <shop@example.com>")
                    .contains("Message-ID: " + sent.getMessage().getHeader(MxConstants.MESSAGE_ID));
            assertThat(events)
                    .extracting(e -> e.getMessage().getHeader(MxConstants.RECIPIENT) + " "
                            + e.getMessage().getHeader(MxConstants.OUTCOME) + " "
                            + e.getMessage().getHeader(MxConstants.REASON, "-", String.class) + " "
                            + e.getMessage().getHeader(MxConstants.HARD))
                    .satisfiesExactlyInAnyOrder(
                            s -> assertThat(s)
                                    .startsWith("ann@healthy.test delivered")
                                    .endsWith("false"),
                            s -> assertThat(s).isEqualTo("nobody@healthy.test bounced userunknown true"));
            assertThat(events).allSatisfy(e -> assertThat(e.getMessage().getHeader(MxConstants.QUEUE_ID))
                    .isEqualTo(queueId));
        }
    }

    @Test
    void directGivesAnOutcomeForEach() throws Exception {
        try (RealContext context = RealContext.of(internet, dir.resolve("a.db"))) {
            String mx = "mx:now?deliveryMode=DIRECT&from=a@example.com";
            Exchange good =
                    context.send(mx, e -> e.getMessage().setHeader("To", "ann@healthy.test, nobody@healthy.test"));
            assertThat(good.getException()).isNull();
            assertThat(good.getMessage().getBody(DeliveryReport.class).recipients())
                    .extracting(e -> e.recipient() + " " + e.outcome().id())
                    .containsExactly("ann@healthy.test delivered", "nobody@healthy.test bounced");

            Exchange later = context.send(mx, e -> e.getMessage().setHeader("To", "ann@healthy.test, bob@grey.test"));
            assertThat(later.getException())
                    .isInstanceOfSatisfying(DeliveryDeferredException.class, e -> assertThat(e.getRemaining())
                            .extracting(Object::toString)
                            .containsExactly("bob@grey.test"));
        }
    }

    @Test
    void aReadyMessageGoesAsItIs() throws Exception {
        try (RealContext context = RealContext.of(internet, dir.resolve("a.db"))) {
            Exchange sent = context.send(
                    "mx:ready?messageFormat=RFC5322",
                    e -> e.getMessage()
                            .setBody(
                                    """
                            From: a@example.com
                            To: ann@healthy.test
                            Bcc: bob@healthy.test
                            Subject: x
                            Message-ID: <1@example.com>

                            .leading dot
                            """));
            assertThat(sent.getException()).isNull();
            assertThat(sent.getMessage().getHeader(MxConstants.MESSAGE_ID)).isEqualTo("<1@example.com>");
            await().atMost(SOON).until(() -> internet.deliveries() == 2);
            assertThat(internet.host("healthy.test").messages()).allSatisfy(m -> assertThat(m.text())
                    .contains("\r\n\r\n.leading dot\r\n")
                    .doesNotContain("bob@healthy.test"));
        }
    }

    @Test
    void whatIsQueuedOutlivesTheContext() throws Exception {
        Path store = dir.resolve("a.db");
        String mx = "mx:news?from=a@example.com";
        String queueId;
        try (RealContext context = RealContext.of(internet, store)) {
            Exchange sent = context.send(mx, e -> {
                e.getMessage().setHeader("To", "ann@healthy.test");
                e.getMessage().setHeader(MxConstants.SEND_AT, Instant.now().plusSeconds(8));
            });
            assertThat(sent.getException()).isNull();
            queueId = sent.getMessage().getHeader(MxConstants.QUEUE_ID, String.class);
        }
        assertThat(internet.deliveries()).isZero();
        List<Object> ids = new CopyOnWriteArrayList<>();
        RouteBuilder routes = new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:never").to(mx);
                from("mx:news").process(e -> ids.add(e.getMessage().getHeader(MxConstants.QUEUE_ID)));
            }
        };
        try (RealContext context = RealContext.of(internet, store, routes)) {
            await().atMost(SOON).until(() -> !ids.isEmpty());
            assertThat(internet.deliveries()).isEqualTo(1);
            assertThat(ids).containsExactly(queueId);
            assertThat(context.isStarted()).isTrue();
        }
    }

    @Test
    void anEventWhoseExchangeFailsComesAgain() throws Exception {
        List<Object> tries = new CopyOnWriteArrayList<>();
        RouteBuilder routes = new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from("mx:news?failureDelay=100ms").process(e -> {
                    tries.add(e.getMessage().getHeader(MxConstants.EVENT_ID));
                    if (tries.size() < 3) {
                        throw new IllegalStateException("the CRM is down");
                    }
                });
            }
        };
        try (RealContext context = RealContext.of(internet, dir.resolve("a.db"), routes)) {
            Exchange sent = context.send(
                    "mx:news?from=a@example.com", e -> e.getMessage().setHeader("To", "ann@healthy.test"));
            assertThat(sent.getException()).isNull();
            await().atMost(SOON).until(() -> tries.size() == 3);
            assertThat(tries).containsOnly(tries.get(0));
        }
    }
}
