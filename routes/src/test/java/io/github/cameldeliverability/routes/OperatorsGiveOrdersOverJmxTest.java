package io.github.cameldeliverability.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.cameldeliverability.mx.MxComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OperatorsGiveOrdersOverJmxTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final DefaultCamelContext context = new DefaultCamelContext();
    private MBeanServer server;
    private ObjectName name;

    @TempDir
    Path folder;

    @BeforeEach
    void start() throws Exception {
        Files.writeString(
                folder.resolve("limits.yaml"),
                """
                providers:
                  acme:
                    mx: [mail.acme.example]
                """);
        reactions("acme");
        MxComponent mx = new MxComponent();
        mx.setStore(folder.resolve("mail.db").toString());
        mx.setProviders(folder.resolve("limits.yaml").toString());
        mx.setReactions(folder.resolve("reactions.yaml").toString());
        mx.getConfiguration().setHeloName("mail.example.com");
        context.addComponent("mx", mx);
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:send").to("mx:news");
            }
        });
        context.start();
        server = context.getManagementStrategy().getManagementAgent().getMBeanServer();
        name = server.queryNames(new ObjectName("org.apache.camel:type=components,name=\"mx\",*"), null).stream()
                .filter(n -> n.getKeyProperty("context").contains(context.getManagementName()))
                .findFirst()
                .orElseThrow();
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    @Test
    void killsAreListedExplainedAndRevived() throws Exception {
        String id = (String) call("kill", "stream=news provider=acme", "wrong price");
        await().atMost(PATIENCE).until(() -> lines("effects").stream().anyMatch(l -> l.contains(id)));
        assertThat(lines("effects")).singleElement().asString().contains("stream=news provider=acme", "JMX", "wrong");
        assertThat(lines("explain", "news", "default", "acme")).anyMatch(l -> l.contains(id));

        assertThatThrownBy(() -> call("extendEffect", id, 3_600L)).hasStackTraceContaining("has no end");
        assertThat(call("extendEffect", "nobody", 3_600L)).isEqualTo(false);
        assertThatThrownBy(() -> call("extendEffect", id, 0L)).hasStackTraceContaining("cancelEffect");

        assertThat(call("revive", "stream=news")).as("another key").isEqualTo(false);
        assertThat(call("revive", "provider=acme stream=news")).isEqualTo(true);
        assertThat(call("cancelEffect", id)).as("over at once").isEqualTo(true);
        assertThat(call("cancelEffect", id)).isEqualTo(false);
        await().atMost(PATIENCE).until(() -> lines("effects").isEmpty());
    }

    @Test
    void aMisspeltKeyKillsNothing() throws Exception {
        for (String key : List.of(
                "",
                "news",
                "strem=news provider=acme",
                "stream= provider=acme",
                "stream=news provder=acme",
                "stream=news stream=shop")) {
            assertThatThrownBy(() -> call("kill", key, ""))
                    .as("key %s", key)
                    .hasStackTraceContaining("want stream=NAME");
        }
        assertThat(lines("effects")).isEmpty();
    }

    /** The file of limits and the rules speak of the same providers, also when both are changed. */
    @Test
    void rulesMayNameTheProvidersOfTheLimitsFile() throws Exception {
        reactions("initech");
        assertThatThrownBy(() -> call("reloadReactions")).hasStackTraceContaining("no provider is called \"initech\"");
        Files.writeString(
                folder.resolve("limits.yaml"),
                """
                providers:
                  initech:
                    mx: [mx.initech.example]
                """);
        await().atMost(PATIENCE).ignoreExceptions().untilAsserted(() -> call("reloadReactions"));
    }

    private void reactions(String provider) throws Exception {
        Files.writeString(
                folder.resolve("reactions.yaml"),
                """
                reactions:
                  - id: mine
                    when: {reason: [blocked], fault: sender-ip}
                    scope: {provider: %s}
                    trigger: {count: 5, window: 10m}
                    effect: {suspend: 1h}
                """
                        .formatted(provider));
    }

    @SuppressWarnings("unchecked")
    private List<String> lines(String operation, Object... arguments) throws JMException {
        return (List<String>) call(operation, arguments);
    }

    private Object call(String operation, Object... arguments) throws JMException {
        String[] types = Arrays.stream(arguments)
                .map(a -> a instanceof Long ? "long" : a.getClass().getName())
                .toArray(String[]::new);
        return server.invoke(name, operation, arguments, types);
    }
}
