package io.github.cameldeliverability.routes.esp;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.cameldeliverability.mail.Reason;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Mailgun's webhooks: HMAC-SHA256 over timestamp and token with the signing key. The signature does not cover the event, so a
 * token counts for one body only ({@link EspIntake}). Source: documentation.mailgun.com, "Webhooks", "Securing Webhooks".
 */
final class MailgunEvents implements EspFormat {

    @Override
    public void check(EspRequest request, EspSettings settings) throws EspRefusal {
        JsonNode signature = Json.read(request.text()).path("signature");
        String time = Json.text(signature, "timestamp");
        String token = Json.text(signature, "token");
        String stated = Json.text(signature, "signature");
        if (time.isEmpty() || token.isEmpty() || stated.isEmpty()) {
            throw EspRefusal.unauthorized("no signature");
        }
        byte[] wanted =
                Signatures.hmac("HmacSHA256", settings.secret(), (time + token).getBytes(StandardCharsets.UTF_8));
        if (!Signatures.sameHex(stated, wanted)) {
            throw EspRefusal.forbidden("the signature is wrong");
        }
        Signatures.checkAge(Signatures.seconds(time), settings.maxAge(), settings.clock());
    }

    /** What may be used for one body only. */
    static Optional<String> token(EspRequest request) throws EspRefusal {
        return Optional.of(Json.text(Json.read(request.text()), "signature", "token"))
                .filter(t -> !t.isEmpty());
    }

    @Override
    public List<EspEvent> read(EspRequest request) throws EspRefusal {
        JsonNode e = Json.read(request.text()).path("event-data");
        if (!e.isObject()) {
            throw EspRefusal.unreadable("no event-data");
        }
        String address = Json.text(e, "recipient");
        String id = Json.text(e, "message", "headers", "message-id");
        Instant at = Json.time(Json.text(e, "timestamp"), Instant.EPOCH);
        return switch (Json.text(e, "event")) {
            case "failed" -> {
                JsonNode status = e.path("delivery-status");
                String code = Json.text(status, "enhanced-code");
                String words = Json.text(status, "message");
                yield List.of(EspEvent.bounce(
                        address,
                        Json.text(e, "severity").equals("permanent"),
                        stated(Json.text(e, "reason")),
                        code.isEmpty() ? Json.text(status, "code") : code,
                        words.isEmpty() ? Json.text(status, "description") : words,
                        id,
                        at));
            }
            case "complained" -> List.of(EspEvent.complaint(address, "abuse", id, at));
            case "unsubscribed" -> List.of(EspEvent.unsubscribe(address, "", id, at));
            // accepted, rejected (by the service, for content), delivered, opened, clicked, stored
            default -> List.of();
        };
    }

    private static Optional<Reason> stated(String reason) {
        return reason.startsWith("suppress-") ? Optional.of(Reason.SUPPRESSED) : Optional.empty();
    }
}
