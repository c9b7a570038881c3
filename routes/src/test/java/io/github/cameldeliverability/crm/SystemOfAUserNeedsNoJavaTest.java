package io.github.cameldeliverability.crm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.cameldeliverability.crm.stub.StubReply;
import io.github.cameldeliverability.crm.stub.StubServer;
import io.github.cameldeliverability.mail.SuppressionChange;
import io.github.cameldeliverability.mail.SuppressionKind;
import io.github.cameldeliverability.suppression.SuppressionConstants;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of docs/crm.md, as it stands there. */
class SystemOfAUserNeedsNoJavaTest {

    @TempDir
    Path folder;

    private final ObjectNode ann = JsonNodeFactory.instance
            .objectNode()
            .put("id", 1)
            .put("email", "ann@example.net")
            .put("no_mail", false);
    private final ObjectNode other = JsonNodeFactory.instance
            .objectNode()
            .put("id", 2)
            .put("email", "joann@example.net")
            .put("no_mail", false);
    private final StubServer server = new StubServer(r -> {
        if (!"key-of-mine".equals(r.headers().get("X-Api-Key"))) {
            return StubReply.of(401, "");
        }
        if (r.is("GET", "/contacts")) {
            ObjectNode all = JsonNodeFactory.instance.objectNode();
            all.withArray("items").add(ann.deepCopy()).add(other.deepCopy());
            return StubReply.ok(all);
        }
        if (r.is("PUT", "/contacts/1")) {
            ann.setAll((ObjectNode) r.json());
            return StubReply.ok(ann);
        }
        return null;
    });
    private final DefaultCamelContext context = new DefaultCamelContext();
    private final CrmRig changes = new CrmRig("crm", Path.of("."), java.util.Map.of());

    @BeforeEach
    void start() throws Exception {
        Matcher m = Pattern.compile("```yaml\n(system: mine.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("../docs/crm.md")));
        assertThat(m.find()).isTrue();
        Path file = Files.writeString(folder.resolve("mine.yaml"), m.group(1));
        context.getPropertiesComponent().addInitialProperty("deliverability.crm.mine.apiKey", "key-of-mine");
        context.getPropertiesComponent().addInitialProperty("deliverability.crm.mine.url", server.url());
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from("direct:push")
                        .to("kamelet:suppression-crm-sink?rate=1000/s&system=file:" + file + "&state="
                                + folder.resolve("crm.db"));
            }
        });
        context.start();
    }

    @AfterEach
    void stop() {
        context.stop();
        server.close();
    }

    @Test
    void theContactWithTheAddressIsMarkedAndTheOneThatTheSearchFoundBesideItIsNot() {
        Exchange e = push(changes.change("Ann@Example.net", SuppressionKind.COMPLAINT));
        assertThat(e.getException()).isNull();
        assertThat(ann.path("no_mail").asBoolean()).isTrue();
        assertThat(other.path("no_mail").asBoolean()).isFalse();
        assertThat(push(changes.change("ann@example.net", SuppressionKind.BOUNCE))
                        .getException())
                .isNull();
        assertThat(ann.path("bounce_reason").asText()).isEqualTo("userunknown");
    }

    @Test
    void itsRulesSayWhenToWait() {
        server.trap(r -> StubReply.of(403, "Quota exceeded"));
        Exchange e = push(changes.change("ann@example.net", SuppressionKind.COMPLAINT));
        assertThat(e.getException()).hasMessageContaining("refuses for now");
        assertThat(e.getMessage().getHeader(SuppressionConstants.RETRY_DELAY, Long.class))
                .isBetween(55_000L, 60_000L);
    }

    @Test
    void theFeedsJsonIsUnderstood() {
        Exchange e = context.createProducerTemplate().send("direct:push", x -> x.getMessage()
                .setBody("[{\"sequence\":1,\"list\":\"default\",\"change\":\"added\",\"at\":\"2026-03-01T12:00:00Z\","
                        + "\"address\":\"ann@example.net\",\"scope\":\"global\",\"kind\":\"unsubscribe\"}]"));
        assertThat(e.getException()).isNull();
        assertThat(ann.path("no_mail").asBoolean()).isTrue();
    }

    @Test
    void aMissingSettingIsNamed() {
        assertThatThrownBy(() -> {
                    try (CrmRig rig = new CrmRig(
                            "crm", folder, java.util.Map.of("system", "file:" + folder.resolve("mine.yaml")))) {
                        rig.start();
                    }
                })
                .hasStackTraceContaining("My CRM needs apiKey (API key)");
    }

    private Exchange push(SuppressionChange change) {
        return context.createProducerTemplate()
                .send("direct:push", x -> x.getMessage().setBody(List.of(change)));
    }
}
