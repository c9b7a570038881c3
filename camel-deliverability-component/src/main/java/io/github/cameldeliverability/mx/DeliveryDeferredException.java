package io.github.cameldeliverability.mx;

import io.github.cameldeliverability.mail.DeliveryEvent;
import io.github.cameldeliverability.mail.DeliveryReport;
import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.Outcome;
import java.util.List;

/**
 * At least one recipient may still get the message later. Camel's redelivery tries the {@linkplain #getRemaining()
 * remaining} ones only.
 */
public final class DeliveryDeferredException extends DeliveryException {

    private static final long serialVersionUID = 1L;

    private final transient List<EmailAddress> remaining;

    public DeliveryDeferredException(DeliveryReport report) {
        super(message(report), report);
        this.remaining = deferred(report).stream().map(DeliveryEvent::recipient).toList();
    }

    /** The recipients to try again, in envelope order. */
    public List<EmailAddress> getRemaining() {
        return remaining;
    }

    private static List<DeliveryEvent> deferred(DeliveryReport report) {
        return report.recipients().stream()
                .filter(e -> e.outcome() == Outcome.DEFERRED)
                .toList();
    }

    private static String message(DeliveryReport report) {
        List<DeliveryEvent> deferred = deferred(report);
        DeliveryEvent first = deferred.get(0);
        return deferred.size() + " of " + report.recipients().size() + " recipients deferred, messageId="
                + report.messageId() + " domain=" + first.recipient().domain() + " reply="
                + first.reply().map(Object::toString).orElse("none");
    }
}
