package io.github.cameldeliverability.routes.esp;

import io.github.cameldeliverability.mail.FeedbackKind;
import io.github.cameldeliverability.mail.Reason;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * One event of a sending service, as stated.
 *
 * @param kind what it is
 * @param address whom it is about
 * @param permanent whether the service will not try again
 * @param stated the reason that the service states in its own classes, where that is one of ours
 * @param status the code that it states, such as 550 or 5.1.1
 * @param diagnostic the remote server's words, or the service's
 * @param type of a complaint
 * @param messageId of the mail, as the service calls it
 * @param at when it happened
 */
record EspEvent(
        FeedbackKind kind,
        String address,
        boolean permanent,
        Optional<Reason> stated,
        String status,
        String diagnostic,
        Optional<String> type,
        String messageId,
        Instant at) {

    EspEvent {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(stated, "stated");
        Objects.requireNonNull(at, "at");
    }

    static EspEvent bounce(
            String address,
            boolean permanent,
            Optional<Reason> stated,
            String status,
            String diagnostic,
            String messageId,
            Instant at) {
        return new EspEvent(
                permanent ? FeedbackKind.BOUNCE : FeedbackKind.DELIVERY_NOTICE,
                address,
                permanent,
                stated,
                status,
                diagnostic,
                Optional.empty(),
                messageId,
                at);
    }

    static EspEvent complaint(String address, String type, String messageId, Instant at) {
        return new EspEvent(
                FeedbackKind.COMPLAINT,
                address,
                true,
                Optional.of(Reason.FEEDBACK),
                "",
                "",
                Optional.of(type.isBlank() ? "abuse" : type),
                messageId,
                at);
    }

    static EspEvent unsubscribe(String address, String words, String messageId, Instant at) {
        return new EspEvent(
                FeedbackKind.UNSUBSCRIBE,
                address,
                true,
                Optional.of(Reason.FEEDBACK),
                "",
                words,
                Optional.empty(),
                messageId,
                at);
    }
}
