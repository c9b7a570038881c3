package io.github.cameldeliverability.feedback;

import io.github.cameldeliverability.mail.EmailAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Addresses that a report mentions without blaming them: its sender, its receiver, the postmaster to turn to. */
final class OwnAddresses {

    private final Set<String> keys = new HashSet<>();

    OwnAddresses(Mail mail) {
        for (String field : List.of("from", "to", "delivered-to", "reply-to", "return-path")) {
            for (String v : mail.header().all(field)) {
                Addresses.all(v).forEach(a -> keys.add(a.key()));
            }
        }
    }

    boolean has(EmailAddress a) {
        return keys.contains(a.key()) || isOffice(a);
    }

    private static boolean isOffice(EmailAddress a) {
        return switch (a.localPart().toLowerCase(Locale.ROOT)) {
            case "postmaster", "abuse", "support", "helpdesk", "mailer-daemon", "hostmaster" -> true;
            default -> false;
        };
    }

    /** The findings without own addresses, unless nothing would be left: people do mail themselves. */
    List<Finding> without(List<Finding> findings) {
        List<Finding> others = findings.stream().filter(f -> !has(f.address())).toList();
        return others.isEmpty() ? findings : others;
    }
}
