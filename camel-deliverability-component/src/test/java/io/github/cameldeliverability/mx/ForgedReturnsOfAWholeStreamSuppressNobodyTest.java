package io.github.cameldeliverability.mx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.cameldeliverability.bounce.BounceConstants;
import io.github.cameldeliverability.suppression.SuppressionConstants;
import io.github.cameldeliverability.testkit.FakeInternet;
import io.github.cameldeliverability.testkit.FakeProvider;
import io.github.cameldeliverability.testkit.ReceivedMessage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An attacker knows all addresses of a campaign, and got one of its mails. The real route, the default policy. */
class ForgedReturnsOfAWholeStreamSuppressNobodyTest {

    private static final int VICTIMS = 12;
    private static final String MALLORY = "mallory@healthy.test";

    @TempDir
    Path dir;

    private FakeInternet internet;
    private final List<String> victims = new ArrayList<>();
    private final Map<String, String> returnPaths = new HashMap<>();

    @BeforeEach
    void internet() {
        internet = FakeInternet.builder()
                .provider(FakeProvider.named("healthy.test"))
                .build();
        for (int i = 0; i < VICTIMS; i++) {
            victims.add("user" + i + "@healthy.test");
        }
    }

    @AfterEach
    void end() {
        internet.close();
    }

    @Test
    void forgedAndReplayedReturnsAreVisibleAndChangeNothing() throws Exception {
        try (RealContext context = RealContext.of(internet, dir.resolve("a.db"), routes())) {
            campaign(context);
            String stolen = returnPaths.get(MALLORY);
            for (String victim : victims) {
                assertForged(context, victim, "bounces@example.com");
                assertForged(context, victim, "bounces+k3kzq7m2w5x4a9b8c7d6e5f4g3h2@example.com");
                assertForged(context, victim, altered(returnPaths.get(victim)));
                assertForged(context, victim, stolen);
            }
            assertThat(suppressed(context)).isEmpty();

            // The control: the same report with the victim's own token is believed.
            Exchange honest = returned(context, victims.get(0), returnPaths.get(victims.get(0)));
            assertThat(honest.getMessage().getHeader(BounceConstants.AUTHENTICATED))
                    .isEqualTo(true);
            assertThat(suppressed(context)).containsExactly(victims.get(0));
        }
    }

    @Test
    void whoSendsWithoutTokensSaysSo() throws Exception {
        try (RealContext context = RealContext.of(internet, dir.resolve("a.db"), routes())) {
            Exchange believed = context.send("direct:returned-believed", e -> e.getMessage()
                    .setBody(report(victims.get(0), "bounces@example.com")));
            assertThat(believed.getException()).isNull();
            assertThat(believed.getMessage().getHeader(BounceConstants.AUTHENTICATED))
                    .isEqualTo(false);
            assertThat(suppressed(context)).containsExactly(victims.get(0));
        }
    }

    private RouteBuilder routes() {
        String store = "store=" + dir.resolve("a.db");
        return new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:out").to("mx:news?from=news@example.com&returnPath=bounces@example.com");
                from("direct:returned")
                        .to("bounce:default?" + store)
                        .to("suppression:default?operation=APPLY&" + store);
                from("direct:returned-believed")
                        .to("bounce:default?" + store)
                        .to("suppression:default?operation=APPLY&unauthenticated=ACCEPT&" + store);
                from("direct:check").to("suppression:default?operation=CHECK&" + store);
            }
        };
    }

    private void campaign(RealContext context) throws Exception {
        List<String> all = new ArrayList<>(victims);
        all.add(MALLORY);
        for (String to : all) {
            Exchange sent = context.send("direct:out", e -> {
                e.getMessage().setHeader("To", to);
                e.getMessage().setHeader("Subject", "offers");
                e.getMessage().setBody("hello");
            });
            assertThat(sent.getException()).isNull();
        }
        await().atMost(Duration.ofSeconds(60)).until(() -> internet.deliveries() == all.size());
        for (ReceivedMessage m : internet.host("healthy.test").messages()) {
            returnPaths.put(m.to().get(0), m.from());
        }
    }

    private static void assertForged(RealContext context, String victim, String returnedTo) throws Exception {
        Exchange e = returned(context, victim, returnedTo);
        assertThat(e.getMessage().getHeader(BounceConstants.AUTHENTICATED))
                .as(returnedTo)
                .isEqualTo(false);
        assertThat(e.getMessage().getHeader(SuppressionConstants.QUARANTINED))
                .as(returnedTo)
                .isEqualTo(1);
        assertThat(e.getMessage().getHeader(SuppressionConstants.CHANGED, 0, Integer.class))
                .as(returnedTo)
                .isZero();
    }

    private static Exchange returned(RealContext context, String victim, String returnedTo) throws Exception {
        Exchange e = context.send("direct:returned", x -> x.getMessage().setBody(report(victim, returnedTo)));
        assertThat(e.getException()).isNull();
        return e;
    }

    private List<String> suppressed(RealContext context) throws Exception {
        List<String> all = new ArrayList<>();
        List<String> asked = new ArrayList<>(victims);
        asked.add(MALLORY);
        for (String address : asked) {
            Exchange e = context.send("direct:check", x -> x.getMessage().setBody(address));
            assertThat(e.getException()).isNull();
            if (e.getMessage().getHeader(SuppressionConstants.SUPPRESSED, Boolean.class)) {
                all.add(address);
            }
        }
        return all;
    }

    /** The return address with another token in the same form. */
    private static String altered(String returnPath) {
        int at = returnPath.indexOf('@');
        char last = returnPath.charAt(at - 1);
        return returnPath.substring(0, at - 1) + (last == 'a' ? 'b' : 'a') + returnPath.substring(at);
    }

    private static String report(String victim, String returnedTo) {
        return """
                Return-Path: <>
                Delivered-To: %2$s
                From: MAILER-DAEMON@healthy.test
                To: %2$s
                Subject: Undelivered Mail Returned to Sender
                MIME-Version: 1.0
                Content-Type: multipart/report; report-type=delivery-status; boundary="b"

                --b
                Content-Type: text/plain

                <%1$s>: User unknown
                --b
                Content-Type: message/delivery-status

                Reporting-MTA: dns; healthy.test

                Final-Recipient: rfc822; %1$s
                Action: failed
                Status: 5.1.1
                Diagnostic-Code: smtp; 550 5.1.1 <%1$s>: User unknown

                --b
                Content-Type: message/rfc822

                From: news@example.com
                To: %1$s
                Subject: offers

                hello
                --b--
                """
                .formatted(victim, returnedTo);
    }
}
