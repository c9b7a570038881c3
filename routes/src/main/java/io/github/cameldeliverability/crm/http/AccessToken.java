package io.github.cameldeliverability.crm.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.cameldeliverability.crm.format.Outcome;
import io.github.cameldeliverability.crm.format.Scope;
import io.github.cameldeliverability.crm.format.SystemDescription.Auth;
import io.github.cameldeliverability.crm.format.Template;
import io.github.cameldeliverability.crm.http.TokenStore.Tokens;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * The access token of a sink (RFC 6749 4.4 client credentials, 6 refresh; RFC 7523 2.1 JWT bearer; or a vendor's login).
 * Fetched once for all threads, renewed before it runs out and when it is refused, kept over restarts. Thread-safe.
 */
final class AccessToken {

    private static final Duration EARLY = Duration.ofSeconds(60);
    private static final long DEFAULT_SECONDS = 900;

    /** Makes a call without credentials. */
    interface Endpoint {
        Answer call(HttpCall call) throws InterruptedException;
    }

    private final Auth auth;
    private final String base;
    private final Scope settings;
    private final TokenStore store;
    private final Clock clock;
    private final Endpoint endpoint;
    private final String origin;

    private Tokens tokens;

    AccessToken(Auth auth, String base, Scope settings, TokenStore store, Clock clock, Endpoint endpoint) {
        this.auth = auth;
        this.base = base;
        this.settings = settings;
        this.store = store;
        this.clock = clock;
        this.endpoint = endpoint;
        this.origin = fingerprint(setting("refreshToken"));
    }

    /** Blocking: the token, fetched if there is none that lasts. */
    synchronized String current() throws InterruptedException, CallFailed {
        String fixed = auth.fixed() == null ? "" : Template.render(auth.fixed(), settings);
        if (!fixed.isEmpty()) {
            return fixed;
        }
        if (tokens == null) {
            tokens = store.load().filter(t -> t.origin().equals(origin)).orElse(null);
        }
        if (tokens == null
                || tokens.access().isEmpty()
                || !clock.instant().plus(EARLY).isBefore(tokens.expires())) {
            fetch();
        }
        return tokens.access();
    }

    synchronized void refused(String used) {
        if (tokens != null && tokens.access().equals(used)) {
            tokens = new Tokens("", Instant.EPOCH, tokens.refresh(), origin);
        }
    }

    private void fetch() throws InterruptedException, CallFailed {
        String refresh = tokens == null || tokens.refresh().isEmpty() ? setting("refreshToken") : tokens.refresh();
        Scope scope = settings.with("refreshToken", refresh);
        if (auth.jwt() != null && !Template.render(auth.jwt().key(), settings).isEmpty()) {
            try {
                scope = scope.with("jwt", JwtAssertion.of(auth.jwt(), settings, clock.instant()));
            } catch (GeneralSecurityException | IllegalArgumentException e) {
                throw new CallFailed(Answer.none(
                        Outcome.STOP,
                        "the private key for the JWT cannot be used (PKCS#8 in PEM is wanted): " + e.getMessage(),
                        Optional.empty(),
                        false));
            }
        }
        Answer answer = endpoint.call(HttpCall.of(auth.token(), base, Map.of(), scope));
        if (!answer.isOk()) {
            throw new CallFailed(refusal(answer));
        }
        Scope with = settings.with("answer", answer.json());
        String access = Template.render(auth.access() == null ? "${answer.access_token}" : auth.access(), with);
        if (access.isEmpty()) {
            throw new CallFailed(answer.ruled(
                    Outcome.STOP,
                    "the answer to the request for a token has none: " + answer.excerpt(),
                    Optional.empty()));
        }
        JsonNode rotated = answer.json().path("refresh_token");
        Tokens fresh = new Tokens(
                access,
                clock.instant().plusSeconds(answer.json().path("expires_in").asLong(DEFAULT_SECONDS)),
                rotated.asText("").isEmpty() ? refresh : rotated.asText(),
                origin);
        // Before its first use: if we die now, the new refresh token is the only one that still works.
        store.save(fresh);
        tokens = fresh;
    }

    /** A refused login is no fault of a record: the feed stands until somebody mends it. */
    private static Answer refusal(Answer answer) {
        boolean later = answer.outcome() == Outcome.RETRY || answer.outcome() == Outcome.THROTTLED;
        return new Answer(
                answer.status(),
                answer.headers(),
                answer.text(),
                answer.json(),
                later ? answer.outcome() : Outcome.STOP,
                later
                        ? "no access token: " + answer.reason()
                        : "no access token: " + answer.status() + " " + answer.excerpt()
                                + " (check the client's id, secret and refresh token; authorise the client again if it was"
                                + " revoked)",
                answer.after(),
                false);
    }

    private String setting(String name) {
        return Template.render("${settings." + name + "}", settings);
    }

    private static String fingerprint(String s) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(s.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 8);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
