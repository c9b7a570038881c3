package io.github.cameldeliverability.mx;

import io.github.cameldeliverability.mail.DeliveryEvent;
import io.github.cameldeliverability.mail.DeliveryReport;
import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.Outcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.camel.Exchange;

/**
 * What earlier attempts in {@code DIRECT} mode did for an exchange, so that a redelivery addresses only those who have no
 * final outcome. It rides in an exchange property because Camel restores headers and body before a redelivery.
 *
 * @param endpoint whose attempts these are
 * @param recipients whom the exchange asks for
 * @param messageId of the message, the same in all attempts
 * @param events the last event of each recipient, by {@link EmailAddress#key()}
 */
record DirectProgress(
        String endpoint, List<EmailAddress> recipients, String messageId, Map<String, DeliveryEvent> events) {

    private static final String PROPERTY = "CamelMxDirectProgress";

    DirectProgress {
        events = Map.copyOf(events);
    }

    static Optional<DirectProgress> of(Exchange exchange, String endpoint) {
        return Optional.ofNullable(exchange.getProperty(PROPERTY, DirectProgress.class))
                .filter(p -> p.endpoint.equals(endpoint));
    }

    static void clear(Exchange exchange) {
        exchange.removeProperty(PROPERTY);
    }

    void keep(Exchange exchange) {
        exchange.setProperty(PROPERTY, this);
    }

    /** Whether these attempts were for the same message to the same people. */
    boolean isFor(List<EmailAddress> asked) {
        return recipients.equals(asked);
    }

    List<EmailAddress> remaining() {
        return recipients.stream()
                .filter(r -> {
                    DeliveryEvent e = events.get(r.key());
                    return e == null || !e.outcome().isFinal();
                })
                .toList();
    }

    DirectProgress with(DeliveryReport report) {
        Map<String, DeliveryEvent> merged = new LinkedHashMap<>(events);
        report.recipients().forEach(e -> merged.put(e.recipient().key(), e));
        return new DirectProgress(endpoint, recipients, messageId, merged);
    }

    /** All attempts as one, in envelope order. */
    DeliveryReport report(String queueId) {
        List<DeliveryEvent> all = new ArrayList<>();
        recipients.stream()
                .map(r -> events.get(r.key()))
                .filter(Objects::nonNull)
                .forEach(all::add);
        return new DeliveryReport(queueId, messageId, all);
    }

    static boolean anyFailed(DeliveryReport report) {
        return report.recipients().stream().anyMatch(e -> e.outcome() != Outcome.DELIVERED);
    }
}
