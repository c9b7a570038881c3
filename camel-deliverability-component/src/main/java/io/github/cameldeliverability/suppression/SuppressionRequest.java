package io.github.cameldeliverability.suppression;

import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.Reason;
import io.github.cameldeliverability.mail.Suppression;
import io.github.cameldeliverability.mail.SuppressionIncident;
import io.github.cameldeliverability.mail.SuppressionKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.camel.Message;

/** Reads what a route asks of the list out of headers and body. */
final class SuppressionRequest {

    private SuppressionRequest() {}

    /** The address of the header, else of the body. */
    static EmailAddress address(Message m) {
        Object given = m.getHeader(SuppressionConstants.ADDRESS);
        return address(given != null ? given : m.getBody());
    }

    static List<Suppression> entries(Message m, String list, SuppressionConfiguration c, Instant now) {
        Object header = m.getHeader(SuppressionConstants.ADDRESS);
        Object given = header != null ? header : m.getBody();
        List<Suppression> entries = new ArrayList<>();
        if (given instanceof Iterable<?> several) {
            several.forEach(one -> entries.add(entry(one, m, list, c, now)));
        } else {
            entries.add(entry(given, m, list, c, now));
        }
        return entries;
    }

    private static Suppression entry(Object given, Message m, String list, SuppressionConfiguration c, Instant now) {
        if (given instanceof Suppression s) {
            return new Suppression(
                    list,
                    s.scope(),
                    s.address(),
                    s.kind(),
                    s.reason(),
                    s.evidence(),
                    s.ruleId(),
                    s.source(),
                    s.since(),
                    s.until(),
                    s.origin());
        }
        return new Suppression(
                list,
                scope(m.getHeader(SuppressionConstants.SCOPE, String.class), c),
                address(given),
                kind(m.getHeader(SuppressionConstants.KIND), c),
                reason(m.getHeader(SuppressionConstants.REASON)),
                Optional.ofNullable(m.getHeader(SuppressionConstants.EVIDENCE, String.class))
                        .orElse(""),
                Optional.empty(),
                "api",
                now,
                until(m.getHeader(SuppressionConstants.UNTIL), c, now));
    }

    static EmailAddress address(Object given) {
        if (given instanceof EmailAddress a) {
            return a;
        }
        if (given instanceof Suppression s) {
            return s.address();
        }
        if (given instanceof CharSequence text && !text.toString().isBlank()) {
            return EmailAddress.parse(text.toString());
        }
        throw new IllegalArgumentException(
                "An e-mail address is wanted in header " + SuppressionConstants.ADDRESS + " or in the body, got "
                        + (given == null ? "nothing" : given.getClass().getName()));
    }

    static String scope(String given, SuppressionConfiguration c) {
        String scope = given != null ? given : c.getScope();
        if (scope == null || scope.isBlank()) {
            return Suppression.GLOBAL;
        }
        return Suppression.checkScope(scope);
    }

    static SuppressionIncident incident(Message m, String list, SuppressionConfiguration c) {
        return new SuppressionIncident(
                list,
                text(m, SuppressionConstants.RULE, c.getRule()),
                text(m, SuppressionConstants.PROVIDER, c.getProvider()),
                text(m, SuppressionConstants.STREAM, c.getStream()),
                text(m, SuppressionConstants.SOURCE, c.getSource()),
                instant(m, SuppressionConstants.FROM, "from", c.getFrom()),
                instant(m, SuppressionConstants.TO, "to", c.getTo()));
    }

    private static Optional<String> text(Message m, String header, String option) {
        return Optional.ofNullable(m.getHeader(header, String.class))
                .or(() -> Optional.ofNullable(option))
                .filter(t -> !t.isBlank());
    }

    private static Instant instant(Message m, String header, String name, String option) {
        Object given = m.getHeader(header);
        if (given instanceof Instant i) {
            return i;
        }
        String text = given != null ? given.toString() : option;
        if (text == null || text.isBlank()) {
            throw new IllegalArgumentException(
                    "UNDO needs the time of the incident: option " + name + " or header " + header + " is missing");
        }
        return SuppressionOptions.instant(name, text);
    }

    static SuppressionKind kind(Object given, SuppressionConfiguration c) {
        if (given == null || given.toString().isBlank()) {
            return c.getKind();
        }
        for (SuppressionKind k : SuppressionKind.values()) {
            if (k.name().equalsIgnoreCase(given.toString().strip())) {
                return k;
            }
        }
        throw new IllegalArgumentException(
                "No such kind: " + given + ", want one of " + Arrays.toString(SuppressionKind.values()));
    }

    static Optional<Reason> reason(Object given) {
        if (given == null || given.toString().isBlank()) {
            return Optional.empty();
        }
        return Optional.of(Reason.byId(given.toString().strip())
                .orElseThrow(() -> new IllegalArgumentException(
                        "No such reason: " + given + ", want a name such as " + Reason.USERUNKNOWN.id())));
    }

    static Optional<Instant> until(Object given, SuppressionConfiguration c, Instant now) {
        if (given instanceof Instant i) {
            return Optional.of(i);
        }
        if (given == null || given.toString().isBlank()) {
            return c.getExpireAfter() > 0 ? Optional.of(now.plusMillis(c.getExpireAfter())) : Optional.empty();
        }
        return Optional.of(SuppressionOptions.instant("until", given.toString()));
    }
}
