package io.github.cameldeliverability.mx;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.mail.DeliveryReport;
import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.Outcome;
import io.github.cameldeliverability.mail.WireMessage;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RedeliveryAddressesOnlyWhoIsLeftTest {

    private static final String MX = "mx:news?deliveryMode=direct&from=s@example.com";

    private ScriptedContext context;

    @BeforeEach
    void start() throws Exception {
        context = ScriptedContext.started(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:retry")
                        .errorHandler(defaultErrorHandler()
                                .maximumRedeliveries(3)
                                .redeliveryDelay(1)
                                .asyncDelayedRedelivery())
                        .to(MX);
                from("direct:once").to(MX);
                from("direct:strict").to(MX + "&failOnBounce=true");
            }
        });
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    @Test
    void deliveredAndBouncedAreNotTriedAgain() {
        AtomicInteger tries = new AtomicInteger();
        context.engine.outcome = a -> switch (a.localPart()) {
            case "late" -> tries.incrementAndGet() < 3 ? Outcome.DEFERRED : Outcome.DELIVERED;
            case "gone" -> Outcome.BOUNCED;
            default -> Outcome.DELIVERED;
        };

        Exchange done = send("direct:retry", "ok@example.net, late@example.net, gone@example.net");

        assertThat(done.getException()).isNull();
        assertThat(context.engine.submissions)
                .extracting(s -> s.envelope().recipients().stream()
                        .map(EmailAddress::localPart)
                        .toList()
                        .toString())
                .containsExactly("[ok, late, gone]", "[late]", "[late]");
        assertThat(context.engine.submissions)
                .extracting(
                        s -> WireMessage.of(s.content()).header("Message-ID").orElseThrow())
                .as("one message, one Message-ID")
                .containsOnly(done.getMessage().getHeader(MxConstants.MESSAGE_ID, String.class));
        DeliveryReport report = done.getMessage().getBody(DeliveryReport.class);
        assertThat(report.recipients())
                .extracting(e -> e.recipient().localPart() + " " + e.outcome().id())
                .containsExactly("ok delivered", "late delivered", "gone bounced");
        assertThat(done.getMessage().getBody(String.class)).contains("outcome=bounced recipient=gone@example.net");
    }

    @Test
    void theExceptionSaysWhoIsLeft() {
        context.engine.outcome = a -> a.localPart().equals("late") ? Outcome.DEFERRED : Outcome.DELIVERED;
        Exchange done = send("direct:once", "ok@example.net, late@example.net");

        assertThat(done.getException()).isInstanceOfSatisfying(DeliveryDeferredException.class, e -> {
            assertThat(e.getRemaining()).extracting(EmailAddress::toString).containsExactly("late@example.net");
            assertThat(e.getReport().recipients()).hasSize(2);
            assertThat(e).hasMessageContaining("1 of 2").hasMessageContaining("451 4.7.1");
            assertThat(e.getMessage()).as("no local parts in logs").doesNotContain("late");
        });
        assertThat(done.getMessage().getHeader(MxConstants.ENVELOPE_TO)).isEqualTo("late@example.net");
    }

    @Test
    void aBounceAloneIsAResultUnlessTheRouteWantsAnException() {
        context.engine.outcome = a -> Outcome.BOUNCED;
        assertThat(send("direct:once", "gone@example.net").getException()).isNull();
        assertThat(send("direct:strict", "gone@example.net").getException())
                .isInstanceOf(DeliveryBouncedException.class);
    }

    @Test
    void anotherMessageStartsAfresh() {
        context.engine.outcome = a -> Outcome.DELIVERED;
        send("direct:retry", "a@example.net");
        send("direct:retry", "a@example.net");
        assertThat(context.engine.submissions).hasSize(2);
    }

    private Exchange send(String uri, String to) {
        return context.send(uri, e -> {
            e.getMessage().setHeader("To", to);
            e.getMessage().setBody("x");
        });
    }
}
