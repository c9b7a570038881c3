package io.github.cameldeliverability.routes.esp;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.cameldeliverability.mail.Reason;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Twilio SendGrid's Event Webhook, signed: ECDSA with SHA-256 over timestamp and body; the secret of the route is the public
 * verification key. Source: twilio.com/docs/sendgrid/for-developers/tracking-events.
 */
final class SendGridEvents implements EspFormat {

    @Override
    public void check(EspRequest request, EspSettings settings) throws EspRefusal {
        String stated = request.header("X-Twilio-Email-Event-Webhook-Signature")
                .orElseThrow(() -> EspRefusal.unauthorized("no signature"));
        String time = request.header("X-Twilio-Email-Event-Webhook-Timestamp")
                .orElseThrow(() -> EspRefusal.unauthorized("no time of the signature"));
        boolean good;
        try {
            Signature ecdsa = Signature.getInstance("SHA256withECDSA");
            ecdsa.initVerify(key(settings.secret()));
            ecdsa.update(time.getBytes(StandardCharsets.US_ASCII));
            ecdsa.update(request.body());
            good = ecdsa.verify(Base64.getDecoder().decode(stated));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            good = false;
        }
        if (!good) {
            throw EspRefusal.forbidden("the signature is wrong");
        }
        Signatures.checkAge(Signatures.seconds(time), settings.maxAge(), settings.clock());
    }

    /** As the dashboard shows it: base64 of the key, with or without the lines of PEM. */
    static PublicKey key(String text) throws GeneralSecurityException {
        String base64 = text.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
        return KeyFactory.getInstance("EC")
                .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(base64)));
    }

    @Override
    public List<EspEvent> read(EspRequest request) throws EspRefusal {
        JsonNode all = Json.read(request.text());
        if (!all.isArray()) {
            throw EspRefusal.unreadable("want an array of events");
        }
        List<EspEvent> events = new ArrayList<>();
        for (JsonNode e : all) {
            String address = Json.text(e, "email");
            String id = Json.text(e, "smtp-id");
            Instant at = Json.time(Json.text(e, "timestamp"), Instant.EPOCH);
            String reason = Json.text(e, "reason");
            switch (Json.text(e, "event")) {
                case "bounce" ->
                    events.add(EspEvent.bounce(
                            // "blocked" is a refusal that the service takes for passing.
                            address,
                            !Json.text(e, "type").equals("blocked"),
                            Optional.empty(),
                            Json.text(e, "status"),
                            reason,
                            id,
                            at));
                case "dropped" ->
                    events.add(EspEvent.bounce(address, true, dropped(reason), Json.text(e, "status"), reason, id, at));
                case "deferred" ->
                    events.add(EspEvent.bounce(
                            address,
                            false,
                            Optional.empty(),
                            Json.text(e, "status"),
                            Json.text(e, "response"),
                            id,
                            at));
                case "spamreport" -> events.add(EspEvent.complaint(address, "abuse", id, at));
                case "unsubscribe", "group_unsubscribe" -> events.add(EspEvent.unsubscribe(address, "", id, at));
                default -> {
                    // processed, delivered, open, click, group_resubscribe
                }
            }
        }
        return events;
    }

    /** The service did not send because of what it holds: no word of a mail server. */
    private static Optional<Reason> dropped(String reason) {
        return reason.toLowerCase(Locale.ROOT).contains("invalid")
                ? Optional.of(Reason.SYNTAXERROR)
                : Optional.of(Reason.SUPPRESSED);
    }
}
