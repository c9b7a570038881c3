package io.github.cameldeliverability.routes.esp;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.cameldeliverability.mail.Reason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Brevo's transactional webhooks, which are protected by a user and a password in their address, or by a bearer token.
 * Source: developers.brevo.com/docs/transactional-webhooks. Batches come as an array.
 */
final class BrevoEvents implements EspFormat {

    @Override
    public void check(EspRequest request, EspSettings settings) throws EspRefusal {
        Signatures.checkPassword(request, settings.secret());
    }

    @Override
    public List<EspEvent> read(EspRequest request) throws EspRefusal {
        JsonNode all = Json.read(request.text());
        List<EspEvent> events = new ArrayList<>();
        if (all.isArray()) {
            all.forEach(e -> event(e).ifPresent(events::add));
        } else if (all.has("event")) {
            event(all).ifPresent(events::add);
        } else {
            throw EspRefusal.unreadable("no event");
        }
        return events;
    }

    private static Optional<EspEvent> event(JsonNode e) {
        String address = Json.text(e, "email");
        String id = Json.text(e, "message-id");
        String seconds = Json.text(e, "ts_event");
        Instant at = Json.time(seconds.isEmpty() ? Json.text(e, "ts") : seconds, Instant.EPOCH);
        String reason = Json.text(e, "reason");
        return switch (Json.text(e, "event")) {
            case "hard_bounce" -> Optional.of(EspEvent.bounce(address, true, Optional.empty(), "", reason, id, at));
            case "invalid_email", "invalid" ->
                Optional.of(EspEvent.bounce(address, true, Optional.of(Reason.USERUNKNOWN), "", reason, id, at));
            case "blocked" ->
                Optional.of(EspEvent.bounce(address, true, Optional.of(Reason.SUPPRESSED), "", reason, id, at));
            case "soft_bounce", "deferred", "error" ->
                Optional.of(EspEvent.bounce(address, false, Optional.empty(), "", reason, id, at));
            case "spam", "complaint" -> Optional.of(EspEvent.complaint(address, "abuse", id, at));
            case "unsubscribed", "unsubscribe" -> Optional.of(EspEvent.unsubscribe(address, "", id, at));
            default -> Optional.empty();
        };
    }
}
