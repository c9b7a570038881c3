package io.github.cameldeliverability.routes.esp;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.cameldeliverability.mail.Reason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * SparkPost's event webhooks, which are protected by HTTP Basic or a bearer token of OAuth 2.0. Source:
 * developers.sparkpost.com, "Webhooks"; bounce classes from "Bounce Classification Codes".
 */
final class SparkPostEvents implements EspFormat {

    @Override
    public void check(EspRequest request, EspSettings settings) throws EspRefusal {
        Signatures.checkPassword(request, settings.secret());
    }

    @Override
    public List<EspEvent> read(EspRequest request) throws EspRefusal {
        JsonNode all = Json.read(request.text());
        if (!all.isArray()) {
            throw EspRefusal.unreadable("want an array of events");
        }
        List<EspEvent> events = new ArrayList<>();
        for (JsonNode one : all) {
            // message_event, unsubscribe_event, gen_event, track_event
            for (JsonNode e : one.path("msys")) {
                event(e).ifPresent(events::add);
            }
        }
        return events;
    }

    private static Optional<EspEvent> event(JsonNode e) {
        String address = Json.text(e, "rcpt_to");
        String id = Json.text(e, "message_id");
        Instant at = Json.time(Json.text(e, "timestamp"), Instant.EPOCH);
        String raw = Json.text(e, "raw_reason");
        String words = raw.isEmpty() ? Json.text(e, "reason") : raw;
        String bounceClass = Json.text(e, "bounce_class");
        return switch (Json.text(e, "type")) {
            case "bounce", "out_of_band" ->
                Optional.of(EspEvent.bounce(
                        address, !isSoft(bounceClass), stated(bounceClass), Json.text(e, "error_code"), words, id, at));
            case "delay" ->
                Optional.of(EspEvent.bounce(
                        address, false, stated(bounceClass), Json.text(e, "error_code"), words, id, at));
            case "policy_rejection", "generation_rejection" ->
                Optional.of(EspEvent.bounce(
                        address, true, Optional.of(Reason.SUPPRESSED), Json.text(e, "error_code"), words, id, at));
            case "spam_complaint" -> Optional.of(EspEvent.complaint(address, Json.text(e, "fbtype"), id, at));
            case "list_unsubscribe", "link_unsubscribe" -> Optional.of(EspEvent.unsubscribe(address, "", id, at));
            default -> Optional.empty();
        };
    }

    /** Classes 20 to 24, 40, 50 to 60, 70 and 100 pass, or are about us. */
    private static boolean isSoft(String bounceClass) {
        return switch (bounceClass) {
            case "20", "21", "22", "23", "24", "40", "60", "70", "100" -> true;
            default -> false;
        };
    }

    private static Optional<Reason> stated(String bounceClass) {
        return switch (bounceClass) {
            case "10" -> Optional.of(Reason.USERUNKNOWN);
            case "22" -> Optional.of(Reason.MAILBOXFULL);
            case "23" -> Optional.of(Reason.MESGTOOBIG);
            case "50", "51", "53", "54" -> Optional.of(Reason.BLOCKED);
            case "52" -> Optional.of(Reason.SPAMDETECTED);
            case "60" -> Optional.of(Reason.VACATION);
            case "25" -> Optional.of(Reason.SUPPRESSED);
            default -> Optional.empty();
        };
    }
}
