package io.github.cameldeliverability.mailbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.cameldeliverability.testkit.MemoryStore;
import jakarta.mail.AuthenticationFailedException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An issuer that replaces the refresh token with each use: the old one is good for nothing. */
class RotatedRefreshTokenIsKeptTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private final MemoryStore store = new MemoryStore(Clock.systemUTC());
    private HttpServer issuer;
    private String good = "refresh-0";
    private int issued;
    private int status = 200;

    @BeforeEach
    void issuer() throws IOException {
        issuer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        issuer.createContext("/token", this::answer);
        issuer.start();
    }

    @AfterEach
    void stop() {
        issuer.stop(0);
    }

    @Test
    void aTokenIsUsedUntilShortlyBeforeItsEnd() throws Exception {
        OAuthTokens first = tokens(NOW);
        assertThat(first.current()).isEqualTo("access-1");
        assertThat(first.current()).isEqualTo("access-1");
        first.discard();
        assertThat(first.current()).isEqualTo("access-2");
    }

    @Test
    void anotherStartGoesOnWithTheTokenThatReplacedTheConfiguredOne() throws Exception {
        assertThat(tokens(NOW).current()).isEqualTo("access-1");
        assertThat(tokens(NOW.plus(Duration.ofHours(2))).current()).isEqualTo("access-2");
        assertThat(good).isEqualTo("refresh-2");
    }

    @Test
    void aRefusalNamesTheOption() {
        good = "another";
        assertThatThrownBy(() -> tokens(NOW).current())
                .isInstanceOf(AuthenticationFailedException.class)
                .hasMessageContainingAll("invalid_grant", "oauth2RefreshToken")
                .hasMessageNotContaining("refresh-0");
    }

    @Test
    void anIssuerInTroubleIsTriedAgainLater() {
        status = 503;
        assertThatThrownBy(() -> tokens(NOW).current())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("503");
    }

    private OAuthTokens tokens(Instant at) {
        MailboxConfiguration c = new MailboxConfiguration();
        c.setUsername("bounces@shop.example");
        c.setOauth2(OAuthProvider.CUSTOM);
        c.setOauth2ClientId("client");
        c.setOauth2RefreshToken("refresh-0");
        c.setOauth2TokenUrl("http://127.0.0.1:" + issuer.getAddress().getPort() + "/token");
        c.check();
        return OAuthTokens.of(c, store, Clock.fixed(at, ZoneOffset.UTC));
    }

    private void answer(HttpExchange exchange) throws IOException {
        String form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        boolean accepted = form.contains("refresh_token=" + good) && status == 200;
        String body = "{\"error\":\"invalid_grant\",\"error_description\":\"used before\"}";
        if (accepted) {
            issued++;
            good = "refresh-" + issued;
            body = "{\"access_token\":\"access-" + issued + "\",\"refresh_token\":\"" + good
                    + "\",\"expires_in\":3600}";
        }
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(accepted ? 200 : status == 200 ? 400 : status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
