package io.github.cameldeliverability.cli.conform;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.cameldeliverability.dkim.Canonicalization;
import io.github.cameldeliverability.dkim.DkimKeyPair;
import io.github.cameldeliverability.dkim.DkimSigner;
import io.github.cameldeliverability.mail.WireMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;

/** {@code dkim.canon} and {@code dkim.sign}. */
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
            reply.put("message", message.prepend(signer.sign(message.content())).content());
        } catch (IllegalArgumentException e) {
            reply.put("refused", e.getMessage());
        }
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
