package io.github.cameldeliverability.mx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.cameldeliverability.mail.StreamConfig;
import io.github.cameldeliverability.mail.spi.TlsPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EndpointsOfAStreamMustAgreeTest {

    @Test
    void twoAnswersToOneQuestionFailAtStart() {
        assertThatThrownBy(() -> routes("mx:news?maxAge=1h&from=a@example.com", "mx:news?maxAge=2h"))
                .hasStackTraceContaining("maxAge")
                .hasStackTraceContaining("mx://news?from=a%40example.com&maxAge=1h")
                .hasStackTraceContaining("mx://news?maxAge=2h");
    }

    @Test
    void theDefaultStatedIsAnAnswerToo() {
        assertThatThrownBy(() -> routes("mx:news?tlsPolicy=VERIFY", "mx:news?tlsPolicy=opportunistic"))
                .hasStackTraceContaining("tlsPolicy");
    }

    @Test
    void secretsAreNotShown() {
        assertThatThrownBy(() -> routes("mx:news?dkimKey=RAW(one)", "mx:news?dkimKey=RAW(two)"))
                .hasStackTraceContaining("dkimKey")
                .satisfies(e ->
                        assertThat(root(e).getMessage()).doesNotContain("one)").doesNotContain("two)"));
    }

    @Test
    void whatOneStatesAllShare() throws Exception {
        try (ScriptedContext context = routes(
                "mx:news?from=a@example.com&to=b@example.net",
                "mx:news?maxAge=2h&returnPath=r@example.com",
                "mx:other")) {
            assertThat(context.engine.streams.get("news"))
                    .returns(Duration.ofHours(2), StreamConfig::maxAge)
                    .returns(true, StreamConfig::verp);
            assertThat(context.engine.streams.get("other")).returns(StreamConfig.DEFAULT_MAX_AGE, StreamConfig::maxAge);
            context.send("direct:0", e -> e.getMessage().setBody("x"));
            assertThat(context.engine.submissions.get(0).envelope().from()).hasToString("r@example.com");
        }
    }

    @Test
    void aLateEndpointCannotChangeARunningStream() throws Exception {
        try (ScriptedContext context = routes("mx:news?maxAge=2h")) {
            assertThatThrownBy(() -> context.getEndpoint("mx:news?heloName=other.example.com"))
                    .hasStackTraceContaining("heloName")
                    .hasStackTraceContaining("mx://news?maxAge=2h");
            assertThat(context.getEndpoint("mx:news?subject=x&maxAge=2h")).isNotNull();
        }
    }

    @Test
    void aConsumerAloneDeliversNothing() throws Exception {
        ScriptedContext context = ScriptedContext.started(new RouteBuilder() {
            @Override
            public void configure() {
                from("mx:news").to("mock:events");
            }
        });
        try (context) {
            assertThat(context.engine.streams).isEmpty();
        }
    }

    @Test
    void theEngineEndsWithTheContext() throws Exception {
        ScriptedContext context = routes("mx:news");
        assertThat(context.engine.streams).containsKey("news");
        context.close();
        assertThat(context.engine.closed).isTrue();
        assertThat(context.store.closed).as("the bean is the application's").isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mx:news?heloName=localhost | heloName",
                "mx:news?heloName=192.0.2.1 | heloName",
                "mx:news?maxAge=-1 | maxAge",
                "mx:news?verp=true | returnPath",
                "mx:news?returnPath=nobody | returnPath",
                "mx:news?sourceAddress=mail.example.com | sourceAddress",
                "mx:news?dkimDomain=example.com | dkimSelector",
                "mx:news?dkimSigners=example.com:s | domain:selector:key",
                "mx:news?dkimDomain=example.com&dkimSelector=s&dkimKey=nowhere.pem | nowhere.pem",
                "mx:news?messageRate=-1 | messageRate",
                "mx:news?concurrentConsumers=0 | concurrentConsumers",
                "mx:news?nonsense=1 | nonsense",
                "mx:news?deliveryMode=later | later",
                "mx:a/b | mx:transactional",
            })
    void badOptionsAreNamed(String uri, String named) {
        assertThatThrownBy(() -> routes(uri)).hasStackTraceContaining(named);
    }

    @Test
    void keysComeFromFilesResourcesAndText(@TempDir Path dir) throws Exception {
        Path pem = Files.writeString(
                dir.resolve("k.pem"), "-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----\n");
        String uri = "mx:news?dkimDomain=example.com&dkimSelector=a&dkimKey=" + pem + "&dkimSigners=example.com:b:file:"
                + pem + ",example.org:c:" + pem;
        try (ScriptedContext context = routes(uri)) {
            assertThat(context.engine.keys).containsExactly("example.com:a", "example.com:b", "example.org:c");
            assertThat(context.engine.streams.get("news").signers()).hasSize(3);
            assertThat(context.engine.streams.get("news").tls()).isEqualTo(TlsPolicy.OPPORTUNISTIC);
        }
    }

    private static Throwable root(Throwable e) {
        return e.getCause() == null ? e : root(e.getCause());
    }

    private static ScriptedContext routes(String... uris) throws Exception {
        ScriptedContext context = ScriptedContext.prepared();
        try {
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    for (int i = 0; i < uris.length; i++) {
                        from("direct:" + i).to(uris[i]);
                    }
                }
            });
            context.start();
            return context;
        } catch (Exception e) {
            context.close();
            throw e;
        }
    }
}
