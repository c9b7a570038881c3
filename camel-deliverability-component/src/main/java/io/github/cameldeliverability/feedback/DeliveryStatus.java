package io.github.cameldeliverability.feedback;

import io.github.cameldeliverability.mail.EmailAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The fields of a delivery status notification (RFC 3464 2): one group for the message, one for each recipient.
 *
 * <p>Groups are told apart by what their fields mean rather than by blank lines, since many senders leave these out or put
 * them in the wrong place.
 *
 * @param message the per-message fields, names in lower case
 * @param recipients the per-recipient groups, in order
 */
record DeliveryStatus(Map<String, String> message, List<Map<String, String>> recipients) {

    private static final Set<String> OF_RECIPIENT = Set.of(
            "original-recipient",
            "final-recipient",
            "action",
            "status",
            "diagnostic-code",
            "remote-mta",
            "last-attempt-date",
            "final-log-id",
            "will-retry-until",
            "x-actual-recipient",
            "x-failed-recipient",
            "x-supplementary-info",
            "x-display-name",
            "localized-recipient");

    static DeliveryStatus parse(List<String> lines) {
        Map<String, String> message = new LinkedHashMap<>();
        List<Map<String, String>> recipients = new ArrayList<>();
        Map<String, String> group = null;
        Map<String, String> last = message;
        String lastName = null;
        for (String raw : lines) {
            String line = unquoted(raw);
            if (line.isBlank()) {
                if (group != null && hasRecipient(group)) {
                    group = null;
                }
                lastName = null;
                continue;
            }
            int colon = HeaderBlock.nameEnd(line);
            if (Character.isWhitespace(line.charAt(0)) || colon < 0) {
                if (lastName != null) {
                    last.merge(lastName, line.strip(), (a, b) -> a.length() > 4_000 ? a : a + " " + b);
                }
                continue;
            }
            String name = line.substring(0, colon).strip().toLowerCase(Locale.ROOT);
            String value = line.substring(colon + 1).strip();
            if (OF_RECIPIENT.contains(name) || (group != null && (name.startsWith("x-") || name.startsWith("x400-")))) {
                if (group == null || group.containsKey(name)) {
                    if (group != null || recipients.isEmpty() || startsGroup(name)) {
                        group = new LinkedHashMap<>();
                        recipients.add(group);
                    } else {
                        // A stray blank line inside a group: the field still belongs to the recipient before it.
                        group = recipients.get(recipients.size() - 1);
                    }
                }
                group.putIfAbsent(name, value);
                last = group;
            } else {
                message.putIfAbsent(name, value);
                last = message;
            }
            lastName = name;
        }
        return new DeliveryStatus(message, recipients);
    }

    private static boolean startsGroup(String name) {
        return name.equals("original-recipient") || name.equals("final-recipient") || name.equals("action");
    }

    private static boolean hasRecipient(Map<String, String> group) {
        return group.containsKey("final-recipient") || group.containsKey("original-recipient");
    }

    private static String unquoted(String line) {
        return line.startsWith("> ") ? line.substring(2) : line;
    }

    /** Whether lines of a text report hold the fields of a status report that lost its MIME part. */
    static boolean isIn(List<String> lines) {
        boolean recipient = false;
        boolean fate = false;
        for (String raw : lines) {
            String line = unquoted(raw).stripLeading();
            recipient |= line.regionMatches(true, 0, "Final-Recipient:", 0, 16)
                    || line.regionMatches(true, 0, "Original-Recipient:", 0, 19);
            fate |= line.regionMatches(true, 0, "Action:", 0, 7)
                    || line.regionMatches(true, 0, "Diagnostic-Code:", 0, 16);
        }
        return recipient && fate;
    }

    /** The recipients as findings; {@code fallback} stands in for a group whose address cannot be read. */
    List<Finding> findings(Optional<EmailAddress> fallback) {
        List<Finding> out = new ArrayList<>();
        for (Map<String, String> g : recipients) {
            Optional<EmailAddress> original = address(g, "original-recipient");
            Optional<EmailAddress> last = address(g, "final-recipient").or(() -> address(g, "x-actual-recipient"));
            // RFC 3464 2.3.1: the original recipient is the address as the sender gave it.
            Optional<EmailAddress> address = original.or(() -> last);
            if (address.isEmpty() && recipients.size() == 1) {
                address = fallback;
            }
            if (address.isEmpty()) {
                continue;
            }
            EmailAddress a = address.get();
            Optional<String> moved = last.filter(l -> !l.key().equals(a.key())).map(EmailAddress::toString);
            String status = g.getOrDefault("status", "");
            out.add(new Finding(a, moved, action(g), status, diagnostic(g, status)));
        }
        return out;
    }

    /** The actions of all groups, whether or not they name somebody. */
    Set<String> fates() {
        Set<String> all = new HashSet<>();
        recipients.forEach(g -> all.add(action(g)));
        return all;
    }

    private static Optional<EmailAddress> address(Map<String, String> group, String field) {
        String v = group.get(field);
        return v == null ? Optional.empty() : Addresses.ofField(v);
    }

    private static String diagnostic(Map<String, String> g, String status) {
        String text = g.getOrDefault("diagnostic-code", "");
        String more = g.getOrDefault("x-supplementary-info", g.getOrDefault("x400-supplementary-info", ""));
        if (text.isBlank()) {
            // "Status: 4.0.0 (host name lookup failure)": the comment is all the words there are.
            int open = status.indexOf('(');
            text = open >= 0 ? status.substring(open) : "";
        }
        // PowerMTA's own judgement helps where the words contradict the code; of the rest the words are the better
        // witness.
        String category = g.getOrDefault("x-powermta-bouncecategory", "").strip();
        String asleep = category.equalsIgnoreCase("inactive-mailbox") ? " (bounce category inactive-mailbox)" : "";
        return (more.isBlank() ? text : text + " " + more) + asleep;
    }

    /** The action as one of RFC 3464 2.3.3's five, from what senders write; empty where there is none. */
    private static String action(Map<String, String> g) {
        String a = g.getOrDefault("action", "").toLowerCase(Locale.ROOT);
        if (a.startsWith("fail")
                || a.startsWith("expired")
                || a.startsWith("error")
                || a.startsWith("bounce")
                || a.startsWith("undeliver")
                || a.startsWith("reject")) {
            return "failed";
        }
        if (a.startsWith("delay") || a.startsWith("defer")) {
            return "delayed";
        }
        if (a.startsWith("deliver")) {
            return "delivered";
        }
        if (a.startsWith("relay") || a.startsWith("expand")) {
            return a.startsWith("relay") ? "relayed" : "expanded";
        }
        String status = g.getOrDefault("status", "");
        return status.startsWith("5") ? "failed" : status.startsWith("2") ? "delivered" : "";
    }
}
