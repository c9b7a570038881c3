package io.github.cameldeliverability.crm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.cameldeliverability.mail.SuppressionChange.Operation;
import io.github.cameldeliverability.mail.SuppressionKind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.direct.DirectComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kamelet with something else in camel-kafka's place: what it is given is what camel-kafka writes. */
class KafkaGetsTheChangesTest {

    @TempDir
    Path folder;

    private final Map<String, Object> options = new TreeMap<>();
    private final List<Message> records = new ArrayList<>();
    private final DefaultCamelContext context = new DefaultCamelContext();
    private CrmRig changes;
    private boolean down;

    @BeforeEach
    void start() throws Exception {
        changes = new CrmRig("none", folder, Map.of());
        context.addComponent("kafka", new DirectComponent() {
            @Override
            protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters)
                    throws Exception {
                options.putAll(parameters);
                parameters.clear();
                return super.createEndpoint(uri, remaining, parameters);
            }
        });
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from("direct:push")
                        .to("kamelet:suppression-kafka-sink?topic=suppressions&bootstrapServers=kafka.example:9092");
                from("kafka:suppressions").process(e -> {
                    if (down) {
                        throw new IllegalStateException("no broker");
                    }
                    List<?> sent = e.getMessage().getBody(List.class);
                    sent.forEach(m -> records.add((Message) m));
                });
            }
        });
        context.start();
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    private Exchange push(Object body) {
        return context.createProducerTemplate()
                .send("direct:push", e -> e.getMessage().setBody(body));
    }

    @Test
    void eachChangeIsARecordUnderItsAddress() throws Exception {
        Exchange e = push(List.of(
                changes.change(7, "Ann@Example.net", SuppressionKind.BOUNCE, Operation.ADDED, "global"),
                changes.change(8, "bob@example.net", SuppressionKind.UNSUBSCRIBE, Operation.REMOVED, "stream:news")));
        assertThat(e.getException()).isNull();
        assertThat(records).hasSize(2);
        assertThat(records.get(0).getHeader(KafkaRecords.KEY))
                .isEqualTo(changes.change("Ann@Example.net", SuppressionKind.BOUNCE)
                        .suppression()
                        .address()
                        .key());
        assertThat(records).extracting(m -> m.getHeader(KafkaRecords.ID)).containsExactly("default-7", "default-8");
        JsonNode first = new ObjectMapper().readTree(records.get(0).getBody(String.class));
        assertThat(first.path("kind").asText()).isEqualTo("bounce");
        assertThat(first.path("reason").asText()).isEqualTo("userunknown");
        assertThat(first.path("evidence").asText()).isEqualTo("550 5.1.1 it's \"gone\"");
        JsonNode second = new ObjectMapper().readTree(records.get(1).getBody(String.class));
        assertThat(second.path("change").asText()).isEqualTo("removed");
        assertThat(second.path("scope").asText()).isEqualTo("stream:news");
        assertThat(second.has("reason")).isFalse();
        assertThat(options).containsEntry("brokers", "kafka.example:9092").containsEntry("requestRequiredAcks", "all");
        assertThat(options).doesNotContainKeys("saslMechanism", "saslJaasConfig");
    }

    @Test
    void theJsonOfTheFeedDoesAsWell() {
        push("{\"sequence\":9,\"list\":\"default\",\"address\":\"carl@example.net\",\"kind\":\"complaint\"}");
        assertThat(records).singleElement().satisfies(m -> assertThat(m.getBody(String.class))
                .contains("\"kind\":\"complaint\"")
                .contains("\"id\":\"default-9\""));
    }

    @Test
    void theFeedStandsWhileNoBrokerAnswers() {
        down = true;
        assertThat(push(changes.change("ann@example.net", SuppressionKind.MANUAL))
                        .getException())
                .hasMessageContaining("no broker");
    }
}
