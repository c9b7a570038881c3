package io.github.cameldeliverability.delivery;

import io.github.cameldeliverability.mail.DeliveryEvent;

/** Is told of every event after it was recorded: for metrics and progress. Called on workers, in no certain order. */
@FunctionalInterface
public interface DeliveryListener {

    void onEvent(DeliveryEvent event);
}
