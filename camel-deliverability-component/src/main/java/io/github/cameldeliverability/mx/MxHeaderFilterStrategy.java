package io.github.cameldeliverability.mx;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.spi.HeaderFilterStrategy;

/**
 * Lets only fields of mail out, and nothing that Camel obeys in.
 *
 * <p>Outward a header of the exchange becomes a header field only if it is a well-known one or was named: what other
 * transports leave on an exchange (keys, cookies, internal addresses) is nobody else's business. Inward nothing passes
 * that begins with {@code Camel} or {@code org.apache.camel.}, in any case of letters. Thread-safe.
 */
public final class MxHeaderFilterStrategy implements HeaderFilterStrategy {

    private static final Set<String> FIELDS = Set.of(
            "sender",
            "message-id",
            "date",
            "in-reply-to",
            "references",
            "comments",
            "keywords",
            "auto-submitted",
            "precedence",
            "importance",
            "priority",
            "x-priority",
            "sensitivity",
            "organization",
            "feedback-id",
            "x-mailer",
            "content-language",
            "resent-from",
            "resent-to",
            "resent-date",
            "resent-message-id",
            "disposition-notification-to",
            "archived-at",
            "original-message-id",
            "tls-required");

    private static final String LISTS = "list-";

    private final List<String> named;

    /** @param names further headers that may go out, a trailing asterisk stands for any end */
    public MxHeaderFilterStrategy(Collection<String> names) {
        named = names.stream()
                .map(n -> n.strip().toLowerCase(Locale.ROOT))
                .filter(n -> !n.isEmpty())
                .toList();
    }

    /** From the option's text, {@code X-Campaign,X-Shop-*}; null for none. */
    static MxHeaderFilterStrategy of(String headerFields) {
        return new MxHeaderFilterStrategy(
                headerFields == null
                        ? List.of()
                        : Stream.of(headerFields.split(",")).toList());
    }

    @Override
    public boolean applyFilterToCamelHeaders(String headerName, Object headerValue, Exchange exchange) {
        String name = headerName.toLowerCase(Locale.ROOT);
        if (isCamels(name)) {
            return true;
        }
        // RFC 2369 and RFC 8058: the List fields are how readers unsubscribe.
        return !(FIELDS.contains(name)
                || name.startsWith(LISTS)
                || named.stream().anyMatch(n -> matches(n, name)));
    }

    @Override
    public boolean applyFilterToExternalHeaders(String headerName, Object headerValue, Exchange exchange) {
        return isCamels(headerName.toLowerCase(Locale.ROOT));
    }

    private static boolean isCamels(String name) {
        return name.startsWith("camel") || name.startsWith("org.apache.camel.");
    }

    private static boolean matches(String pattern, String name) {
        return pattern.endsWith("*")
                ? name.startsWith(pattern.substring(0, pattern.length() - 1))
                : name.equals(pattern);
    }
}
