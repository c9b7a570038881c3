package io.github.cameldeliverability.dkim;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Which header fields a signature covers (RFC 6376 5.4). A field that is named once more than it occurs is over-signed:
 * nobody can add another one without breaking the signature (RFC 6376 8.15).
 */
final class SignedFields {

    private enum Rule {
        /** Over-signed even if absent: these decide what a reader sees and how a program reads the body. */
        ALWAYS,
        /** Over-signed if present; a mailing list may still add its own to a message without them. */
        IF_PRESENT,
        /** As often as they occur: whoever resends puts a new block on top (RFC 5322 3.6.6). */
        AS_OFTEN
    }

    // RFC 6376 5.4.1 names the core of these; RFC 8058 4 wants List-Unsubscribe and its -Post signed, RFC 9477 the
    // complaint feedback addresses; Feedback-ID counts with Gmail only if signed.
    private static final Map<String, Rule> DEFAULTS = defaults();

    // RFC 6376 5.4: fields that hops add, change or remove.
    private static final Set<String> NEVER = Set.of(
            "return-path",
            "received",
            "dkim-signature",
            "bcc",
            "resent-bcc",
            "authentication-results",
            "arc-seal",
            "arc-message-signature",
            "arc-authentication-results");

    private final Map<String, Rule> rules;

    private SignedFields(Map<String, Rule> rules) {
        this.rules = rules;
    }

    static SignedFields with(List<String> more) {
        Map<String, Rule> rules = new LinkedHashMap<>(DEFAULTS);
        for (String name : more) {
            if (NEVER.contains(name.toLowerCase(Locale.ROOT))) {
                throw new IllegalArgumentException(
                        "header field " + name + " must not be signed: other hosts add, change or remove it");
            }
            if (!name.matches("[!-9;-~]+")) {
                throw new IllegalArgumentException("not a header field name: \"" + name + "\"");
            }
            if (rules.keySet().stream().noneMatch(name::equalsIgnoreCase)) {
                rules.put(name, Rule.IF_PRESENT);
            }
        }
        return new SignedFields(rules);
    }

    /** The names of the {@code h=} tag for a message, each as often as it is to be signed. */
    List<String> names(Map<String, List<HeaderSection.Field>> present) {
        List<String> names = new ArrayList<>(40);
        rules.forEach((name, rule) -> {
            List<HeaderSection.Field> fields = present.get(name.toLowerCase(Locale.ROOT));
            int count = fields == null ? 0 : fields.size();
            boolean over = rule == Rule.ALWAYS || (rule == Rule.IF_PRESENT && count > 0);
            for (int i = 0; i < (over ? count + 1 : count); i++) {
                names.add(name);
            }
        });
        return names;
    }

    private static Map<String, Rule> defaults() {
        Map<String, Rule> rules = new LinkedHashMap<>();
        for (String name : List.of(
                "From",
                "To",
                "Cc",
                "Subject",
                "Date",
                "Message-ID",
                "Reply-To",
                "In-Reply-To",
                "References",
                "MIME-Version",
                "Content-Type",
                "Content-Transfer-Encoding")) {
            rules.put(name, Rule.ALWAYS);
        }
        for (String name : List.of(
                "Sender",
                "Content-ID",
                "Content-Description",
                "Content-Disposition",
                "List-Unsubscribe",
                "List-Unsubscribe-Post",
                "List-Id",
                "List-Help",
                "List-Subscribe",
                "List-Post",
                "List-Owner",
                "List-Archive",
                "Feedback-ID",
                "CFBL-Address",
                "CFBL-Feedback-ID",
                "Auto-Submitted")) {
            rules.put(name, Rule.IF_PRESENT);
        }
        for (String name :
                List.of("Resent-Date", "Resent-From", "Resent-Sender", "Resent-To", "Resent-Cc", "Resent-Message-ID")) {
            rules.put(name, Rule.AS_OFTEN);
        }
        return rules;
    }
}
