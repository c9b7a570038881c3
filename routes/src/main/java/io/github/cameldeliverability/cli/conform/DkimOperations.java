package io.github.cameldeliverability.cli.conform;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.cameldeliverability.dkim.Canonicalization;
import io.github.cameldeliverability.dkim.DkimKeyPair;
import io.github.cameldeliverability.dkim.DkimSigner;
import io.github.cameldeliverability.dkim.DkimVerifier;
import io.github.cameldeliverability.dkim.KeyLookup;
import io.github.cameldeliverability.dns.DnsClient;
import io.github.cameldeliverability.dns.DnsLookup;
import io.github.cameldeliverability.dns.DnsOptions;
import io.github.cameldeliverability.mail.WireMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** {@code dkim.canon}, {@code dkim.sign} and {@code dkim.verify}. */
final class DkimOperations {

    void canonicalize(JsonNode request, ObjectNode reply) {
        Canonicalization canon = canonicalization(request, "canon");
        byte[] input = bytes(request, "input");
        reply.put("output", request.path("kind").asText().equals("header") ? canon.header(input) : canon.body(input));
    }

    void sign(JsonNode request, ObjectNode reply) {
        DkimKeyPair key = DkimKeyPair.parse(request.path("privateKeyPem").asText(), "privateKeyPem");
        try {
            WireMessage message = WireMessage.of(bytes(request, "message"));
            DkimSigner signer = DkimSigner.builder(
                            request.path("domain").asText(),
                            request.path("selector").asText(),
                            key)
                    .canonicalization(canonicalization(request, "headerCanon"), canonicalization(request, "bodyCanon"))
                    .build();
            reply.put("message", message.prepend(signer.sign(message)).content());
        } catch (IllegalArgumentException e) {
            reply.put("refused", e.getMessage());
        }
    }

    /** Fills {@code reply} once the keys have been fetched from the request's DNS server. */
    CompletionStage<Void> verify(JsonNode request, ObjectNode reply, Executor executor) {
        Clock clock = request.has("now")
                ? Clock.fixed(Instant.ofEpochSecond(request.path("now").asLong()), ZoneOffset.UTC)
                : Clock.systemUTC();
        DnsLookup dns = new DnsClient(
                List.of(request.path("dns").asText()), Clock.systemUTC(), executor, DnsOptions.DEFAULTS.withoutCache());
        boolean legacy = request.path("legacy").asBoolean();
        return new DkimVerifier(name -> dns.txt(name).thenApply(DkimOperations::keys), clock, executor, legacy)
                .verify(bytes(request, "message"))
                .thenAccept(results -> {
                    ArrayNode signatures = reply.putArray("signatures");
                    results.forEach(r -> signatures
                            .addObject()
                            .put("domain", r.domain())
                            .put("selector", r.selector())
                            .put("result", r.result().id())
                            .put("reason", r.reason()));
                });
    }

    private static KeyLookup.Answer keys(DnsLookup.Answer<String> answer) {
        if (answer instanceof DnsLookup.Answer.Found<String> found) {
            return new KeyLookup.Answer.Records(found.records());
        } else if (answer instanceof DnsLookup.Answer.TemporaryFailure<String> failure) {
            return new KeyLookup.Answer.TemporaryFailure(failure.detail());
        }
        return new KeyLookup.Answer.None();
    }

    private static Canonicalization canonicalization(JsonNode request, String field) {
        return Canonicalization.valueOf(request.path(field).asText("relaxed").toUpperCase(Locale.ROOT));
    }

    private static byte[] bytes(JsonNode request, String field) {
        try {
            return request.path(field).binaryValue();
        } catch (IOException e) {
            throw new UncheckedIOException("field " + field + " is not base64", e);
        }
    }
}
