package io.github.cameldeliverability.routes.esp;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.cameldeliverability.mail.Reason;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Postmark's webhooks, which are protected by a user and a password in their address, or by a header that one defines.
 * Source: postmarkapp.com/developer/webhooks, "Bounce types".
 */
final class PostmarkEvents implements EspFormat {

    @Override
    public void check(EspRequest request, EspSettings settings) throws EspRefusal {
        Signatures.checkPassword(request, settings.secret());
    }

    @Override
    public List<EspEvent> read(EspRequest request) throws EspRefusal {
        JsonNode e = Json.read(request.text());
        String id = Json.text(e, "MessageID");
        switch (Json.text(e, "RecordType")) {
            case "Bounce" -> {
                Instant at = Json.time(Json.text(e, "BouncedAt"), Instant.EPOCH);
                String words = Json.text(e, "Details");
                return List.of(bounce(e, words.isEmpty() ? Json.text(e, "Description") : words, id, at));
            }
            case "SpamComplaint" -> {
                return List.of(EspEvent.complaint(
                        Json.text(e, "Email"), "abuse", id, Json.time(Json.text(e, "BouncedAt"), Instant.EPOCH)));
            }
            case "SubscriptionChange" -> {
                // Its bounces and complaints are told by events of their own.
                return e.path("SuppressSending").asBoolean()
                                && Json.text(e, "SuppressionReason").equals("ManualSuppression")
                        ? List.of(EspEvent.unsubscribe(
                                Json.text(e, "Recipient"), "", id, Json.time(Json.text(e, "ChangedAt"), Instant.EPOCH)))
                        : List.of();
            }
            case "" -> throw EspRefusal.unreadable("no RecordType");
            // Delivery, Open, Click
            default -> {
                return List.of();
            }
        }
    }

    private static EspEvent bounce(JsonNode e, String words, String id, Instant at) {
        String address = Json.text(e, "Email");
        String type = Json.text(e, "Type");
        return switch (type) {
            case "SpamNotification", "SpamComplaint" -> EspEvent.complaint(address, "abuse", id, at);
            case "Unsubscribe" -> EspEvent.unsubscribe(address, "", id, at);
            case "AutoResponder", "Subscribe", "AddressChange", "OpenRelayTest", "ChallengeVerification" ->
                EspEvent.bounce(address, false, Optional.of(Reason.VACATION), "", words, id, at);
            default ->
                EspEvent.bounce(
                        address,
                        !type.toLowerCase(Locale.ROOT).matches("transient|softbounce|dnserror"),
                        stated(type),
                        "",
                        words,
                        id,
                        at);
        };
    }

    private static Optional<Reason> stated(String type) {
        return switch (type) {
            case "BadEmailAddress" -> Optional.of(Reason.USERUNKNOWN);
            case "ManuallyDeactivated", "InactiveRecipient" -> Optional.of(Reason.SUPPRESSED);
            case "Blocked" -> Optional.of(Reason.BLOCKED);
            case "VirusNotification" -> Optional.of(Reason.VIRUSDETECTED);
            case "DMARCPolicy" -> Optional.of(Reason.AUTHFAILURE);
            default -> Optional.empty();
        };
    }
}
