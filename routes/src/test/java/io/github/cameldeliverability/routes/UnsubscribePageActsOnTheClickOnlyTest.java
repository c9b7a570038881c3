package io.github.cameldeliverability.routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.Suppression;
import io.github.cameldeliverability.mail.spi.Store;
import io.github.cameldeliverability.token.LinkToken;
import io.github.cameldeliverability.token.LinkTokens;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnsubscribePageActsOnTheClickOnlyTest {

    private static final String CLICK = "List-Unsubscribe=One-Click";

    @TempDir
    Path folder;

    private Store store;
    private CamelContext context;
    private LinkTokens tokens;

    @BeforeEach
    void start() throws Exception {
        store = Stores.open(folder);
        tokens = new LinkTokens(List.of(
                store.secret(LinkTokens.SECRET_NAME).toCompletableFuture().get(20, TimeUnit.SECONDS)));
        context = new DefaultCamelContext();
        context.getRegistry().bind("store", Store.class, store);
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                // The steps of the template without its HTTP server.
                from("direct:http")
                        .process(new UnsubscribeRequest())
                        .choice()
                        .when(header("CamelSuppressionOperation").isNotNull())
                        .to("suppression:default?store=store")
                        .end()
                        .process(new UnsubscribePage());
            }
        });
        context.start();
    }

    @AfterEach
    void stop() {
        context.stop();
        store.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD"})
    void lookingChangesNothing(String method) throws Exception {
        Exchange answer = request(method, token("ann@example.net", 60), null, "de");
        assertThat(status(answer)).isEqualTo(200);
        assertThat(page(answer))
                .contains("<html lang=\"de\">")
                .contains("Abmelden</button>")
                .contains("method=\"post\"");
        assertThat(suppressed()).isEmpty();
    }

    @Test
    void theClickSuppressesInTheScopeOfTheLink() throws Exception {
        Exchange answer = request("POST", token("ann@example.net", 60), CLICK, "en");
        assertThat(status(answer)).isEqualTo(200);
        assertThat(page(answer)).contains("You are unsubscribed").doesNotContain("<button");
        assertThat(suppressed()).singleElement().satisfies(s -> {
            assertThat(s.address()).hasToString("ann@example.net");
            assertThat(s.scope()).isEqualTo("stream:news");
            assertThat(s.source()).isEqualTo("unsubscribe");
        });
        assertThat(status(request("POST", token("ann@example.net", 60), CLICK, "en")))
                .as("again")
                .isEqualTo(200);
    }

    @Test
    void forgedOldAndHalfRequestsChangeNothingAndSaySo() throws Exception {
        assertThat(status(request("POST", "AAAA", CLICK, "en"))).isEqualTo(403);
        assertThat(status(request("POST", null, CLICK, "en"))).isEqualTo(403);
        assertThat(status(request("POST", token("ann@example.net", -1), CLICK, "en")))
                .isEqualTo(410);
        assertThat(status(request("POST", token("ann@example.net", 60), "", "en")))
                .isEqualTo(400);
        assertThat(status(request("GET", token("ann@example.net", -1), null, "en")))
                .isEqualTo(410);
        LinkToken confirm = new LinkToken(
                LinkToken.Purpose.CONFIRM,
                "default",
                "stream:news",
                EmailAddress.parse("ann@example.net"),
                Instant.now().plusSeconds(60));
        assertThat(status(request("POST", tokens.mint(confirm), CLICK, "en"))).isEqualTo(403);
        assertThat(suppressed()).isEmpty();
    }

    @Test
    void strangersChooseNeitherOperationNorList() throws Exception {
        Exchange answer = context.createProducerTemplate().request("direct:http", e -> e.getMessage()
                .setHeaders(new HashMap<>(Map.of(
                        Exchange.HTTP_METHOD,
                        "GET",
                        "t",
                        "x",
                        "CamelSuppressionOperation",
                        "ADD",
                        "CamelSuppressionAddress",
                        "bob@example.net"))));
        assertThat(status(answer)).isEqualTo(403);
        assertThat(suppressed()).isEmpty();
    }

    @Test
    void thePageGivesNothingAwayAndLoadsNothing() throws Exception {
        Exchange answer = request("GET", token("ann@example.net", 60), null, null);
        assertThat(answer.getMessage().getHeader("Cache-Control")).isEqualTo("no-store");
        assertThat(answer.getMessage().getHeader("Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(answer.getMessage().getHeader("Content-Security-Policy", String.class))
                .contains("default-src 'none'")
                .contains("form-action 'self'");
        assertThat(answer.getMessage().getHeaders().keySet()).noneMatch(h -> h.startsWith("CamelSuppression"));
        assertThat(page(answer)).doesNotContain("ann@").doesNotContain("http").doesNotContain("<script");
    }

    @ParameterizedTest
    @CsvSource({
        "ru,ru",
        "'uk-UA,uk;q=0.9,en;q=0.8',uk",
        "'fr-CH, fr;q=0.9',fr",
        "es-MX,es",
        "ja,en",
        "'*;q=x',en",
        "en,en"
    })
    void theBrowserChoosesTheLanguage(String accepted, String language) throws Exception {
        Exchange answer = request("GET", token("ann@example.net", 60), null, accepted);
        assertThat(page(answer)).contains("<html lang=\"" + language + "\">");
        assertThat(answer.getMessage().getHeader("Content-Language")).isEqualTo(language);
    }

    private String token(String address, long seconds) {
        return tokens.mint(new LinkToken(
                LinkToken.Purpose.UNSUBSCRIBE,
                "default",
                "stream:news",
                EmailAddress.parse(address),
                Instant.now().plusSeconds(seconds)));
    }

    private List<Suppression> suppressed() throws Exception {
        return store.suppressions()
                .list("default", "", 10)
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
    }

    private Exchange request(String method, String token, String body, String languages) {
        return context.createProducerTemplate().request("direct:http", e -> {
            e.getMessage().setHeader(Exchange.HTTP_METHOD, method);
            e.getMessage().setHeader("t", token);
            e.getMessage().setHeader("Accept-Language", languages);
            e.getMessage().setBody(body);
        });
    }

    private static int status(Exchange e) {
        assertThat(e.getException()).isNull();
        return e.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class);
    }

    private static String page(Exchange e) {
        return new String(e.getMessage().getBody(byte[].class), StandardCharsets.UTF_8);
    }
}
