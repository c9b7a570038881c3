package io.github.cameldeliverability.cli.conform;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.cameldeliverability.testkit.Behaviour;
import io.github.cameldeliverability.testkit.FakeDns;
import io.github.cameldeliverability.testkit.FakeMx;
import io.github.cameldeliverability.testkit.FakeMxBuilder;
import io.github.cameldeliverability.testkit.Moment;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DeliveryIsAnsweredAsItWentTest {

    private final ObjectMapper json = new ObjectMapper();
    private final ConformOperations operations = new ConformOperations();

    @Test
    void takenAndRefusedRecipientsAreToldApart() throws Exception {
        JsonNode reply = deliver(
                FakeMx.builder().rejectRecipients(a -> a.startsWith("nobody@"), "550 5.1.1 no such user"),
                "a@there.test",
                "nobody@there.test",
                "b@there.test>\r\nRCPT TO:<c@there.test");
        assertThat(reply.at("/recipients/0/outcome").asText()).isEqualTo("delivered");
        assertThat(reply.at("/recipients/0/mx").asText()).isEqualTo("mx.there.test");
        assertThat(reply.at("/recipients/1/outcome").asText()).isEqualTo("bounced");
        assertThat(reply.at("/recipients/1/reply").asText()).isEqualTo("550 5.1.1 no such user");
        assertThat(reply.at("/recipients/1").has("refused")).isFalse();
        assertThat(reply.at("/recipients/2/refused").asBoolean()).isTrue();
    }

    @Test
    void aLostReplyToTheFinalDotIsUncertain() throws Exception {
        JsonNode reply = deliver(FakeMx.builder().on(Moment.DOT, Behaviour.usualThenDrop()), "a@there.test");
        assertThat(reply.at("/recipients/0/outcome").asText()).isEqualTo("uncertain");
    }

    @Test
    void anEnforcedPolicyHoldsMailBackFromHostsWithoutTls() throws Exception {
        ObjectNode policy = json.createObjectNode().put("mode", "enforce");
        policy.putArray("mx").add("*.there.test");
        try (FakeMx mx = FakeMx.start()) {
            assertThat(deliver(mx, policy, "a@there.test")
                            .at("/recipients/0/outcome")
                            .asText())
                    .isEqualTo("deferred");
            policy.put("mode", "testing");
            assertThat(deliver(mx, policy, "a@there.test")
                            .at("/recipients/0/outcome")
                            .asText())
                    .isEqualTo("delivered");
        }
    }

    private JsonNode deliver(FakeMxBuilder server, String... to) throws Exception {
        try (FakeMx mx = server.build()) {
            return deliver(mx, json.createObjectNode(), to);
        }
    }

    private JsonNode deliver(FakeMx mx, ObjectNode policy, String... to) throws Exception {
        try (FakeDns dns = FakeDns.builder()
                .mx("there.test", 10, "mx.there.test")
                .a("mx.there.test", "127.0.0.1")
                .build()) {
            ObjectNode request = json.createObjectNode()
                    .put("op", "smtp.deliver")
                    .put("from", "s@here.test")
                    .put("message", "Subject: hello\r\n\r\nHello.\r\n".getBytes(StandardCharsets.US_ASCII))
                    .put("dns", dns.server())
                    .put("port", mx.port())
                    .put("helo", "client.here.test");
            for (String one : to) {
                request.withArray("to").add(one);
            }
            request.set("mtaSts", policy);
            ObjectNode reply = json.createObjectNode();
            JsonNode sent = json.readTree(request.toString());
            operations
                    .answerLater(sent, reply)
                    .orElseThrow()
                    .toCompletableFuture()
                    .get(20, TimeUnit.SECONDS);
            return reply;
        }
    }
}
