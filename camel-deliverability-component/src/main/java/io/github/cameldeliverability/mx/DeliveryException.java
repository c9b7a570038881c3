package io.github.cameldeliverability.mx;

import io.github.cameldeliverability.mail.DeliveryReport;
import java.util.Objects;

/** An attempt in {@code DIRECT} mode did not deliver to everybody. */
public abstract class DeliveryException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient DeliveryReport report;

    DeliveryException(String message, DeliveryReport report) {
        super(message);
        this.report = Objects.requireNonNull(report, "report");
    }

    /** What became of each recipient so far, earlier attempts of the exchange included. */
    public DeliveryReport getReport() {
        return report;
    }
}
