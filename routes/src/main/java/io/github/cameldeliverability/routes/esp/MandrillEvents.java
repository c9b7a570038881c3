package io.github.cameldeliverability.routes.esp;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.cameldeliverability.mail.Reason;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Mailchimp Transactional (Mandrill): a form, signed with HMAC-SHA1 over the address that is posted to and the sorted fields.
 * Source: mailchimp.com/developer/transactional/guides/track-respond-activity-webhooks, "Authenticating webhook requests".
 */
final class MandrillEvents implements EspFormat {

    @Override
    public void check(EspRequest request, EspSettings settings) throws EspRefusal {
        String stated =
                request.header("X-Mandrill-Signature").orElseThrow(() -> EspRefusal.unauthorized("no signature"));
        StringBuilder signed = new StringBuilder(settings.url());
        for (Map.Entry<String, String> field : new TreeMap<>(request.form()).entrySet()) {
            signed.append(field.getKey()).append(field.getValue());
        }
        byte[] wanted =
                Signatures.hmac("HmacSHA1", settings.secret(), signed.toString().getBytes(StandardCharsets.UTF_8));
        if (!Signatures.sameBase64(stated, wanted)) {
            throw EspRefusal.forbidden("the signature is wrong (the parameter url must be the address as it was"
                    + " given to the service)");
        }
    }

    @Override
    public List<EspEvent> read(EspRequest request) throws EspRefusal {
        JsonNode all = Json.read(request.form().getOrDefault("mandrill_events", ""));
        if (!all.isArray()) {
            throw EspRefusal.unreadable("no field mandrill_events with an array of events");
        }
        List<EspEvent> events = new ArrayList<>();
        for (JsonNode e : all) {
            event(e).ifPresent(events::add);
        }
        return events;
    }

    private static Optional<EspEvent> event(JsonNode e) {
        JsonNode msg = e.path("msg");
        String address = Json.text(msg, "email");
        String id = Json.text(msg, "_id");
        Instant at = Json.time(Json.text(e, "ts"), Instant.EPOCH);
        String diag = Json.text(msg, "diag");
        String description = Json.text(msg, "bounce_description");
        String words = diag.isEmpty() ? description : diag;
        return switch (Json.text(e, "event")) {
            case "hard_bounce" -> Optional.of(EspEvent.bounce(address, true, stated(description), "", words, id, at));
            case "soft_bounce", "deferral" ->
                Optional.of(EspEvent.bounce(address, false, stated(description), "", words, id, at));
            case "reject" ->
                Optional.of(EspEvent.bounce(address, true, Optional.of(Reason.SUPPRESSED), "", words, id, at));
            case "spam" -> Optional.of(EspEvent.complaint(address, "abuse", id, at));
            case "unsub" -> Optional.of(EspEvent.unsubscribe(address, "", id, at));
            default -> Optional.empty();
        };
    }

    private static Optional<Reason> stated(String description) {
        return switch (description.toLowerCase(Locale.ROOT)) {
            case "bad_mailbox" -> Optional.of(Reason.USERUNKNOWN);
            case "invalid_domain" -> Optional.of(Reason.HOSTUNKNOWN);
            case "mailbox_full" -> Optional.of(Reason.MAILBOXFULL);
            default -> Optional.empty();
        };
    }
}
