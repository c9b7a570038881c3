package io.github.cameldeliverability.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.github.cameldeliverability.mail.SuppressionKind;
import io.github.cameldeliverability.mail.spi.Store;
import io.github.cameldeliverability.suppression.SuppressionConstants;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WebhookIsPostedUntilTakenTest {

    private static final String SECRET = "s3cr&t+of%ours";

    /** What the receiver got. */
    private record Hit(String body, String key, String signature, String type, Set<String> headers, long nanos) {}

    /** What the receiver answers. */
    private record Answer(int status, Map<String, String> headers) {
        static Answer of(int status) {
            return new Answer(status, Map.of());
        }
    }

    @TempDir
    Path folder;

    private final List<Hit> hits = new CopyOnWriteArrayList<>();
    private volatile Function<Integer, Answer> receiver = n -> Answer.of(204);
    private HttpServer server;
    private Store store;
    private CamelContext context;

    @BeforeEach
    void start() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/hook", x -> {
            String body = new String(x.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            hits.add(new Hit(
                    body,
                    x.getRequestHeaders().getFirst("Idempotency-Key"),
                    x.getRequestHeaders().getFirst(WebhookSignature.HEADER),
                    x.getRequestHeaders().getFirst("Content-Type"),
                    x.getRequestHeaders().keySet(),
                    System.nanoTime()));
            Answer a = receiver.apply(hits.size());
            a.headers().forEach(x.getResponseHeaders()::set);
            x.sendResponseHeaders(a.status(), -1);
            x.close();
        });
        server.start();
        store = Stores.open(folder);
        context = new DefaultCamelContext();
        context.getRegistry().bind("store", Store.class, store);
        context.start();
        Templates.load(context, "webhook");
    }

    @AfterEach
    void stop() {
        context.stop();
        store.close();
        server.stop(0);
    }

    private void hook(Map<String, Object> more) {
        Map<String, Object> parameters = new HashMap<>(Map.of(
                "store", "store",
                "consumer", "hook",
                "url", "http://localhost:" + server.getAddress().getPort() + "/hook?tenant=1&x=y",
                "secret", SECRET,
                "retryDelay", "10",
                "delay", "20",
                "deadLetters",
                        "file:" + folder.resolve("dead") + "?fileName=${header.CamelSuppressionIdempotencyKey}.json"));
        parameters.putAll(more);
        Templates.add(context, "deliverability-webhook", "hook", parameters);
    }

    @Test
    void aChangeIsPostedAsSignedJson() throws Exception {
        hook(Map.of());
        Stores.suppress(store, "ann@example.net", SuppressionKind.BOUNCE);
        await().untilAsserted(() -> assertThat(hits).hasSize(1));
        Hit hit = hits.get(0);
        assertThat(hit.body())
                .contains("\"address\":\"ann@example.net\"")
                .contains("\"kind\":\"bounce\"")
                .contains("\"change\":\"added\"")
                .contains("\"evidence\":\"550 5.1.1 it's \\\"gone\\\"\"");
        assertThat(hit.type()).isEqualTo("application/json");
        assertThat(hit.key()).isEqualTo("default-1");
        assertThat(hit.headers()).noneMatch(h -> h.startsWith("Camel"));
        assertThat(hit.signature()).isEqualTo(signature(hit));
    }

    @Test
    void aReceiverThatFailsGetsTheSameChangeAgainBeforeTheNext() throws Exception {
        receiver = n -> Answer.of(n <= 3 ? 500 : 200);
        hook(Map.of());
        Stores.suppress(store, "ann@example.net", SuppressionKind.BOUNCE);
        Stores.suppress(store, "bob@example.net", SuppressionKind.COMPLAINT);
        await().untilAsserted(() -> assertThat(hits).hasSize(5));
        assertThat(hits.stream().map(Hit::key))
                .containsExactly("default-1", "default-1", "default-1", "default-1", "default-2");
        for (Hit hit : hits) {
            assertThat(hit.signature()).isEqualTo(signature(hit));
        }
        // 10, 20 and 40 ms
        assertThat(hits.get(3).nanos() - hits.get(0).nanos())
                .isGreaterThan(Duration.ofMillis(65).toNanos());
    }

    @Test
    void theReceiverSaysWhenToComeBack() {
        receiver = n -> n == 1 ? new Answer(429, Map.of("Retry-After", "1")) : Answer.of(200);
        hook(Map.of());
        Stores.suppress(store, "ann@example.net", SuppressionKind.BOUNCE);
        await().untilAsserted(() -> assertThat(hits).hasSize(2));
        assertThat(hits.get(1).nanos() - hits.get(0).nanos())
                .isGreaterThan(Duration.ofMillis(990).toNanos());
    }

    @Test
    void whatFailsForGoodGoesToTheDeadLettersAndTheFeedGoesOn() throws Exception {
        receiver = n -> Answer.of(
                hits.get(n - 1).body().contains("ann@")
                        ? 400
                        : hits.get(n - 1).body().contains("bob@") ? 503 : 200);
        hook(Map.of("maxAttempts", "3"));
        Stores.suppress(store, "ann@example.net", SuppressionKind.BOUNCE);
        Stores.suppress(store, "bob@example.net", SuppressionKind.BOUNCE);
        Stores.suppress(store, "eve@example.net", SuppressionKind.BOUNCE);
        await().untilAsserted(() -> assertThat(hits).hasSize(5));
        assertThat(hits.stream().map(Hit::key))
                .containsExactly("default-1", "default-2", "default-2", "default-2", "default-3");
        assertThat(Files.readString(folder.resolve("dead/default-1.json"))).contains("ann@example.net");
        assertThat(Files.readString(folder.resolve("dead/default-2.json"))).contains("bob@example.net");
        assertThat(folder.resolve("dead/default-3.json")).doesNotExist();
    }

    @Test
    void retryAfterMayBeADate() {
        WebhookRetry retry = new WebhookRetry(Clock.fixed(Instant.parse("2026-03-01T12:00:00Z"), ZoneOffset.UTC));
        assertThat(delay(retry, "Sun, 1 Mar 2026 12:05:00 GMT")).isEqualTo(300_000L);
        assertThat(delay(retry, "Sun, 1 Mar 2026 11:00:00 GMT")).isEqualTo(0L);
        assertThat(delay(retry, "999999")).isEqualTo(999_999_000L);
        assertThat(delay(retry, "99999999999999999999")).isNull();
        assertThat(delay(retry, "soon")).isNull();
        assertThat(delay(retry, "")).isNull();
    }

    private Object delay(WebhookRetry retry, String value) {
        Exchange exchange = new DefaultExchange(context);
        Exception refusal = new HttpOperationFailedException(
                "http://localhost", 503, "Unavailable", null, Map.of("retry-after", value), null);
        exchange.setProperty(Exchange.EXCEPTION_CAUGHT, refusal);
        assertThatThrownBy(() -> retry.process(exchange)).isSameAs(refusal);
        return exchange.getMessage().getHeader(SuppressionConstants.RETRY_DELAY);
    }

    private static String signature(Hit hit) throws Exception {
        String time = hit.signature().substring(2, hit.signature().indexOf(','));
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return "t=" + time + ",v1="
                + HexFormat.of().formatHex(mac.doFinal((time + "." + hit.body()).getBytes(StandardCharsets.UTF_8)));
    }
}
