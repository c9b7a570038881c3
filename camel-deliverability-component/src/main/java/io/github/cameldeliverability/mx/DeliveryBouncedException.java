package io.github.cameldeliverability.mx;

import io.github.cameldeliverability.mail.DeliveryEvent;
import io.github.cameldeliverability.mail.DeliveryReport;
import io.github.cameldeliverability.mail.Outcome;
import java.util.List;

/** At least one recipient cannot get the message; thrown only with {@code failOnBounce=true}. */
public final class DeliveryBouncedException extends DeliveryException {

    private static final long serialVersionUID = 1L;

    public DeliveryBouncedException(DeliveryReport report) {
        super(message(report), report);
    }

    private static String message(DeliveryReport report) {
        List<DeliveryEvent> failed = report.recipients().stream()
                .filter(e -> e.outcome() != Outcome.DELIVERED)
                .toList();
        DeliveryEvent first = failed.get(0);
        return failed.size() + " of " + report.recipients().size() + " recipients failed, messageId="
                + report.messageId() + " outcome=" + first.outcome().id() + " domain="
                + first.recipient().domain() + " reply="
                + first.reply().map(Object::toString).orElse("none");
    }
}
