package io.github.cameldeliverability.delivery;

import io.github.cameldeliverability.mail.DeliveryEvent;
import io.github.cameldeliverability.mail.Outcome;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * One line an outcome, {@code key=value}, with the recipient's domain but never its local part. Deliveries are DEBUG, what
 * went otherwise is INFO.
 */
final class AttemptLog {

    private static final Logger LOG = LoggerFactory.getLogger(AttemptLog.class);

    private AttemptLog() {}

    static void write(DeliveryEvent e) {
        Level level = e.outcome() == Outcome.DELIVERED ? Level.DEBUG : Level.INFO;
        if (LOG.isEnabledForLevel(level)) {
            LOG.atLevel(level).log(line(e));
        }
    }

    static String line(DeliveryEvent e) {
        StringBuilder b = new StringBuilder(200);
        b.append("event=").append(e.outcome().id());
        b.append(" stream=").append(e.stream());
        b.append(" id=").append(e.queueId());
        b.append(" domain=").append(e.recipient().domain());
        b.append(" attempt=").append(e.attempt());
        e.provider().ifPresent(p -> b.append(" provider=").append(p));
        e.host().ifPresent(h -> b.append(" host=\"").append(h).append('"'));
        e.phase().ifPresent(p -> b.append(" phase=").append(p.name().toLowerCase(Locale.ROOT)));
        e.verdict().ifPresent(v -> b.append(" reason=")
                .append(v.reason().id())
                .append(" rule=")
                .append(v.ruleId()));
        e.reply().ifPresent(r -> {
            b.append(" code=").append(r.code());
            r.enhanced().ifPresent(s -> b.append(" status=").append(s));
            b.append(" reply=\"")
                    .append(quoted(r.text(), e.recipient().localPart()))
                    .append('"');
        });
        e.nextAttempt().ifPresent(n -> b.append(" next=").append(n));
        e.fallback().ifPresent(f -> b.append(" fallback=").append(f.id()));
        e.tls().ifPresent(t -> b.append(" tls=\"").append(t).append('"'));
        b.append(" elapsedMs=").append(e.elapsed().toMillis());
        return b.toString();
    }

    /** Servers like to repeat the address: its local part is taken out, quotes and controls would break the line. */
    private static String quoted(String text, String localPart) {
        String t = text.length() > 300 ? text.substring(0, 300) : text;
        StringBuilder b = new StringBuilder(t.length());
        String hidden = localPart.length() > 1 ? t.replace(localPart + "@", "...@") : t;
        for (int i = 0; i < hidden.length(); i++) {
            char c = hidden.charAt(i);
            b.append(c == '"' ? '\'' : c < ' ' ? ' ' : c);
        }
        return b.toString();
    }
}
