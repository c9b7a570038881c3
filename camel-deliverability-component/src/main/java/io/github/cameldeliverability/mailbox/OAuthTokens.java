package io.github.cameldeliverability.mailbox;

import io.github.cameldeliverability.mail.spi.Notes;
import io.github.cameldeliverability.mail.spi.Store;
import jakarta.mail.AuthenticationFailedException;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.camel.util.json.DeserializationException;
import org.apache.camel.util.json.JsonObject;
import org.apache.camel.util.json.Jsoner;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Access tokens (RFC 6749) by a refresh token or by client credentials. A token is used until shortly before it ends. A
 * refresh token that the issuer replaces is on disk before the access token that came with it is used, so that a crash
 * cannot lose it. Thread-safe.
 */
final class OAuthTokens {

    private static final Logger LOG = LoggerFactory.getLogger(OAuthTokens.class);

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    /** A token is replaced this long before its end, or after four fifths of a shorter life. */
    private static final Duration MARGIN = Duration.ofMinutes(5);

    /** RFC 6749 5.1 only recommends that the issuer states a life. */
    private static final long USUAL_LIFE_SECONDS = 3600;

    private static final int MAX_ANSWER = 64 * 1024;

    private final MailboxConfiguration configuration;
    private final Notes notes;
    private final Clock clock;
    private final URI url;
    private final String note;
    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(TIMEOUT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    private String access;
    private Instant renewAt = Instant.MIN;

    private OAuthTokens(MailboxConfiguration configuration, Notes notes, Clock clock) {
        this.configuration = configuration;
        this.notes = notes;
        this.clock = clock;
        this.url = configuration.getOauth2().tokenUrl(configuration);
        // A refresh token that is configured anew starts anew.
        this.note = "oauth2."
                + sha256(url + "\n" + configuration.getOauth2ClientId() + "\n" + configuration.getUsername() + "\n"
                        + configuration.getOauth2RefreshToken());
    }

    static OAuthTokens of(MailboxConfiguration configuration, Store store, Clock clock) {
        return new OAuthTokens(configuration, store.notes(), clock);
    }

    /**
     * Blocking: a token that is good for some minutes at least.
     *
     * @throws AuthenticationFailedException if the issuer refuses, in its words
     * @throws IOException if the issuer or the store cannot be reached
     */
    synchronized String current() throws IOException, AuthenticationFailedException {
        if (access == null || !clock.instant().isBefore(renewAt)) {
            renew();
        }
        return access;
    }

    /** The present token is worth nothing. */
    synchronized void discard() {
        access = null;
    }

    private void renew() throws IOException, AuthenticationFailedException {
        Optional<String> refresh = refreshToken();
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", refresh.isPresent() ? "refresh_token" : "client_credentials");
        form.put("client_id", configuration.getOauth2ClientId());
        if (configuration.getOauth2ClientSecret() != null) {
            form.put("client_secret", configuration.getOauth2ClientSecret());
        }
        refresh.ifPresent(token -> form.put("refresh_token", token));
        String scope = configuration.getOauth2().scope(configuration);
        if (!scope.isEmpty()) {
            form.put("scope", scope);
        }
        JsonObject answer = ask(form);
        String token = answer.getString("access_token");
        if (token == null || token.isBlank()) {
            throw new IOException("the token endpoint " + url.getHost() + " answers without an access_token");
        }
        String rotated = answer.getString("refresh_token");
        if (rotated != null && refresh.isPresent() && !rotated.equals(refresh.get())) {
            FolderReader.await(notes.write(note, rotated.getBytes(StandardCharsets.UTF_8)));
            LOG.debug("The refresh token of {} was replaced", configuration.getUsername());
        }
        Duration life = Duration.ofSeconds(seconds(answer.get("expires_in")));
        Duration margin = MARGIN.compareTo(life.dividedBy(5)) < 0 ? MARGIN : life.dividedBy(5);
        renewAt = clock.instant().plus(life).minus(margin);
        access = token;
        LOG.debug("A token for {} is good until {}", configuration.getUsername(), renewAt);
    }

    /** The one that replaced the configured one, if one did. */
    private Optional<String> refreshToken() throws IOException {
        if (configuration.getOauth2RefreshToken() == null) {
            return Optional.empty();
        }
        return FolderReader.await(notes.read(note))
                .map(stored -> new String(stored, StandardCharsets.UTF_8))
                .or(() -> Optional.of(configuration.getOauth2RefreshToken()));
    }

    private JsonObject ask(Map<String, String> form) throws IOException, AuthenticationFailedException {
        String body = form.entrySet().stream()
                .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        HttpRequest request = HttpRequest.newBuilder(url)
                .timeout(TIMEOUT)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Accept", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        HttpResponse<java.io.InputStream> response;
        try {
            response = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for the token endpoint " + url.getHost(), e);
        } catch (IOException e) {
            throw new IOException("the token endpoint " + url.getHost() + " cannot be reached", e);
        }
        String text;
        try (var in = response.body()) {
            text = new String(in.readNBytes(MAX_ANSWER), StandardCharsets.UTF_8);
        }
        Object parsed;
        try {
            parsed = Jsoner.deserialize(text);
        } catch (DeserializationException e) {
            parsed = null;
        }
        if (response.statusCode() == 200 && parsed instanceof JsonObject answer) {
            return answer;
        }
        String error = parsed instanceof JsonObject o
                ? o.getStringOrDefault("error", "") + " " + o.getStringOrDefault("error_description", "")
                : "";
        String said = "the token endpoint " + url.getHost() + " answers " + response.statusCode() + " "
                + error.strip().replaceAll("\\s+", " ");
        // RFC 6749 5.2: 400 and 401 are about the request; anything else may pass.
        if (response.statusCode() == 400 || response.statusCode() == 401) {
            throw new AuthenticationFailedException(said
                    + (error.startsWith("invalid_grant") && configuration.getOauth2RefreshToken() != null
                            ? "; the refresh token is no longer good: get a new one for oauth2RefreshToken"
                            : "; check the oauth2 options"));
        }
        throw new IOException(said);
    }

    private static long seconds(Object life) {
        try {
            return life == null ? USUAL_LIFE_SECONDS : Math.max(1, (long) Double.parseDouble(life.toString()));
        } catch (NumberFormatException e) {
            return USUAL_LIFE_SECONDS;
        }
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
