package io.github.cameldeliverability.routes.esp;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.cameldeliverability.mail.Reason;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * UniSender Go (UniOne): the field {@code auth} is the MD5 of the body in which the API key stands in its place. Source:
 * godocs.unisender.ru, "Webhook", field auth. MD5 with a secret in the middle is what the service offers.
 */
final class UniSenderGoEvents implements EspFormat {

    @Override
    public void check(EspRequest request, EspSettings settings) throws EspRefusal {
        String auth = Json.text(Json.read(request.text()), "auth");
        if (!auth.matches("[0-9a-fA-F]{32}")) {
            throw EspRefusal.unauthorized("no field auth");
        }
        // Octets as received: reading and writing the JSON anew would change what was hashed.
        String body = new String(request.body(), StandardCharsets.ISO_8859_1);
        String key = new String(settings.secret().getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        int at = body.indexOf(auth);
        String keyed = body.substring(0, at) + key + body.substring(at + auth.length());
        if (!Signatures.sameHex(auth, md5(keyed.getBytes(StandardCharsets.ISO_8859_1)))) {
            throw EspRefusal.forbidden("the field auth is wrong");
        }
    }

    private static byte[] md5(byte[] data) {
        try {
            return MessageDigest.getInstance("MD5").digest(data);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has MD5", e);
        }
    }

    @Override
    public List<EspEvent> read(EspRequest request) throws EspRefusal {
        JsonNode users = Json.read(request.text()).path("events_by_user");
        if (!users.isArray()) {
            throw EspRefusal.unreadable("no events_by_user");
        }
        List<EspEvent> events = new ArrayList<>();
        for (JsonNode user : users) {
            for (JsonNode e : user.path("events")) {
                if (Json.text(e, "event_name").equals("transactional_email_status")) {
                    event(e.path("event_data")).ifPresent(events::add);
                }
            }
        }
        return events;
    }

    private static Optional<EspEvent> event(JsonNode e) {
        String address = Json.text(e, "email");
        String id = Json.text(e, "job_id");
        Instant at = Json.time(Json.text(e, "event_time"), Instant.EPOCH);
        String words = Json.text(e, "delivery_info", "destination_response");
        Optional<Reason> stated = stated(Json.text(e, "delivery_info", "delivery_status"));
        return switch (Json.text(e, "status")) {
            case "hard_bounced" -> Optional.of(EspEvent.bounce(address, true, stated, "", words, id, at));
            case "soft_bounced" -> Optional.of(EspEvent.bounce(address, false, stated, "", words, id, at));
            case "spam" -> Optional.of(EspEvent.complaint(address, "abuse", id, at));
            case "unsubscribed" -> Optional.of(EspEvent.unsubscribe(address, "", id, at));
            default -> Optional.empty();
        };
    }

    private static Optional<Reason> stated(String status) {
        return switch (status.toLowerCase(Locale.ROOT)) {
            case "err_user_unknown" -> Optional.of(Reason.USERUNKNOWN);
            case "err_user_inactive" -> Optional.of(Reason.SUSPEND);
            case "err_mailbox_full" -> Optional.of(Reason.MAILBOXFULL);
            case "err_domain_inactive" -> Optional.of(Reason.HOSTUNKNOWN);
            case "err_spam_rejected", "err_spam_folder" -> Optional.of(Reason.SPAMDETECTED);
            case "err_too_large" -> Optional.of(Reason.MESGTOOBIG);
            case "err_unsubscribed", "err_skip_letter" -> Optional.of(Reason.SUPPRESSED);
            default -> Optional.empty();
        };
    }
}
