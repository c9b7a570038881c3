package io.github.cameldeliverability.mx;

import io.github.cameldeliverability.mail.DeliveryEvent;
import io.github.cameldeliverability.mail.DeliveryReport;
import java.util.stream.Collectors;
import org.apache.camel.Converter;

/** Makes lines for people of events and reports. */
@Converter(generateLoader = true)
public final class MxConverters {

    private MxConverters() {}

    /** One line of {@code key=value}, without line ends. */
    @Converter
    public static String toString(DeliveryEvent e) {
        StringBuilder b = new StringBuilder()
                .append("outcome=")
                .append(e.outcome().id())
                .append(" recipient=")
                .append(e.recipient())
                .append(" stream=")
                .append(e.stream())
                .append(" queueId=")
                .append(e.queueId())
                .append(" messageId=")
                .append(e.messageId())
                .append(" attempt=")
                .append(e.attempt());
        e.verdict().ifPresent(v -> b.append(" reason=")
                .append(v.reason().id())
                .append(" hard=")
                .append(v.isHard()));
        e.provider().ifPresent(p -> b.append(" provider=").append(p));
        e.host().ifPresent(h -> b.append(" host=\"").append(h).append('"'));
        e.reply().ifPresent(r -> b.append(" reply=\"")
                .append(r.format().replace("\"", "'"))
                .append('"'));
        e.nextAttempt().ifPresent(n -> b.append(" nextAttempt=").append(n));
        return b.toString();
    }

    /** A line for each recipient. */
    @Converter
    public static String toString(DeliveryReport report) {
        return report.recipients().stream().map(MxConverters::toString).collect(Collectors.joining("\n"));
    }
}
