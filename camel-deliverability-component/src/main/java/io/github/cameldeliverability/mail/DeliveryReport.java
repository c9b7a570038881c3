package io.github.cameldeliverability.mail;

import java.util.List;

/**
 * The result of one attempt without a queue ({@code deliveryMode=DIRECT}): one event a recipient, in envelope order.
 */
public record DeliveryReport(String queueId, String messageId, List<DeliveryEvent> recipients) {

    public DeliveryReport {
        recipients = List.copyOf(recipients);
    }

    public boolean allDelivered() {
        return recipients.stream().allMatch(e -> e.outcome() == Outcome.DELIVERED);
    }

    public boolean anyDeferred() {
        return recipients.stream().anyMatch(e -> e.outcome() == Outcome.DEFERRED);
    }
}
