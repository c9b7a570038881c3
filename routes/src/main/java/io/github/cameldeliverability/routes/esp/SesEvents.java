package io.github.cameldeliverability.routes.esp;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.cameldeliverability.mail.Reason;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Amazon SES by way of an SNS topic. SNS signs with a certificate of its own; that proves SNS, not the topic, and everybody may
 * make a topic: so the secret of the route is the ARN of the topic that is believed. A subscription is confirmed for that topic
 * only, at an address of SNS only. Source: docs.aws.amazon.com/sns, "Verifying the signatures of Amazon SNS messages";
 * docs.aws.amazon.com/ses, "Amazon SNS notification contents".
 */
final class SesEvents implements EspFormat {

    /** The hosts of SNS in all partitions of AWS; nobody else gets a name below amazonaws.com that begins with sns. */
    private static final Pattern SNS_HOST = Pattern.compile("sns\\.[a-z0-9-]{3,30}\\.amazonaws\\.com(\\.cn)?");

    private static final List<String> NOTIFICATION =
            List.of("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type");
    private static final List<String> CONFIRMATION =
            List.of("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type");

    @Override
    public void check(EspRequest request, EspSettings settings) throws EspRefusal {
        JsonNode sns = Json.read(request.text());
        String type = Json.text(sns, "Type");
        List<String> fields =
                switch (type) {
                    case "Notification" -> NOTIFICATION;
                    case "SubscriptionConfirmation", "UnsubscribeConfirmation" -> CONFIRMATION;
                    default -> throw EspRefusal.unauthorized("no message of SNS");
                };
        if (!Signatures.same(Json.text(sns, "TopicArn"), settings.secret())) {
            throw EspRefusal.forbidden("the topic is not the one of the parameter secret");
        }
        URI certificate = snsUrl(Json.text(sns, "SigningCertURL"))
                .filter(u -> u.getPath() != null && u.getPath().endsWith(".pem"))
                .orElseThrow(() -> EspRefusal.forbidden("SigningCertURL is no address of SNS"));
        String algorithm =
                switch (Json.text(sns, "SignatureVersion")) {
                    case "1" -> "SHA1withRSA";
                    case "2" -> "SHA256withRSA";
                    default -> throw EspRefusal.forbidden("an unknown SignatureVersion");
                };
        if (!verify(sns, fields, algorithm, certificate, settings.snsKeys())) {
            throw EspRefusal.forbidden("the signature is wrong");
        }
        Signatures.checkAge(Json.time(Json.text(sns, "Timestamp"), Instant.EPOCH), settings.maxAge(), settings.clock());
        if (type.equals("SubscriptionConfirmation")) {
            confirm(sns, settings);
        }
    }

    private static boolean verify(JsonNode sns, List<String> fields, String algorithm, URI certificate, SnsKeys keys)
            throws EspRefusal {
        StringBuilder signed = new StringBuilder();
        for (String field : fields) {
            if (sns.hasNonNull(field)) {
                signed.append(field).append('\n').append(Json.text(sns, field)).append('\n');
            }
        }
        try {
            Signature rsa = Signature.getInstance(algorithm);
            rsa.initVerify(keys.key(certificate));
            rsa.update(signed.toString().getBytes(StandardCharsets.UTF_8));
            return rsa.verify(Base64.getDecoder().decode(Json.text(sns, "Signature")));
        } catch (IOException e) {
            // SNS posts again what is answered with 5xx.
            throw new EspRefusal(503, "the certificate of SNS cannot be fetched: " + e.getMessage());
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return false;
        }
    }

    private static void confirm(JsonNode sns, EspSettings settings) throws EspRefusal {
        URI url = snsUrl(Json.text(sns, "SubscribeURL"))
                .orElseThrow(() -> EspRefusal.forbidden("SubscribeURL is no address of SNS"));
        try {
            settings.snsKeys().confirm(url);
        } catch (IOException e) {
            throw new EspRefusal(503, "the subscription cannot be confirmed: " + e.getMessage());
        }
    }

    /** An https address of SNS, without user, port or anything else that could lead elsewhere. */
    static Optional<URI> snsUrl(String text) {
        try {
            URI url = new URI(text);
            boolean good = "https".equals(url.getScheme())
                    && url.getHost() != null
                    && SNS_HOST.matcher(url.getHost()).matches()
                    && url.getRawUserInfo() == null
                    && (url.getPort() == -1 || url.getPort() == 443);
            return good ? Optional.of(url) : Optional.empty();
        } catch (java.net.URISyntaxException e) {
            return Optional.empty();
        }
    }

    @Override
    public List<EspEvent> read(EspRequest request) throws EspRefusal {
        JsonNode sns = Json.read(request.text());
        if (!Json.text(sns, "Type").equals("Notification")) {
            return List.of();
        }
        JsonNode ses = Json.read(Json.text(sns, "Message"));
        String type = Json.text(ses, "notificationType");
        String id = Json.text(ses, "mail", "messageId");
        List<EspEvent> events = new ArrayList<>();
        switch (type.isEmpty() ? Json.text(ses, "eventType") : type) {
            case "Bounce" -> {
                JsonNode bounce = ses.path("bounce");
                for (JsonNode r : bounce.path("bouncedRecipients")) {
                    events.add(bounce(bounce, r, id));
                }
            }
            case "Complaint" -> {
                JsonNode complaint = ses.path("complaint");
                Instant at = Json.time(Json.text(complaint, "timestamp"), Instant.EPOCH);
                for (JsonNode r : complaint.path("complainedRecipients")) {
                    events.add(EspEvent.complaint(
                            Json.text(r, "emailAddress"), Json.text(complaint, "complaintFeedbackType"), id, at));
                }
            }
            case "Subscription" -> {
                JsonNode subscription = ses.path("subscription");
                if (subscription
                        .path("newTopicPreferences")
                        .path("unsubscribeAll")
                        .asBoolean()) {
                    Instant at = Json.time(Json.text(subscription, "timestamp"), Instant.EPOCH);
                    for (JsonNode r : ses.path("mail").path("destination")) {
                        events.add(EspEvent.unsubscribe(r.asText(), "", id, at));
                    }
                }
            }
            default -> {
                // Send, Delivery, Open, Click, Reject (content), DeliveryDelay, AmazonSnsSubscriptionSucceeded
            }
        }
        return events;
    }

    private static EspEvent bounce(JsonNode bounce, JsonNode recipient, String id) {
        String subType = Json.text(bounce, "bounceSubType").toLowerCase(Locale.ROOT);
        Optional<Reason> stated =
                switch (subType) {
                    case "suppressed", "onaccountsuppressionlist" -> Optional.of(Reason.SUPPRESSED);
                    case "noemail" -> Optional.of(Reason.USERUNKNOWN);
                    case "mailboxfull" -> Optional.of(Reason.MAILBOXFULL);
                    case "messagetoolarge" -> Optional.of(Reason.MESGTOOBIG);
                    default -> Optional.empty();
                };
        return EspEvent.bounce(
                Json.text(recipient, "emailAddress"),
                Json.text(bounce, "bounceType").equals("Permanent"),
                stated,
                Json.text(recipient, "status"),
                Json.text(recipient, "diagnosticCode"),
                id,
                Json.time(Json.text(bounce, "timestamp"), Instant.EPOCH));
    }
}
