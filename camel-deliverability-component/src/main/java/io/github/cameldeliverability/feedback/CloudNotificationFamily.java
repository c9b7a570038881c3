package io.github.cameldeliverability.feedback;

import io.github.cameldeliverability.mail.EmailAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Amazon SES notifications that SNS mails as JSON, bare or as a string inside an envelope, and often folded by the mail
 * system in the middle of a value. Read by looking for keys, since such folded JSON is no JSON any more.
 */
final class CloudNotificationFamily implements TextFamily {

    @Override
    public String name() {
        return "ses-json";
    }

    /** The notification's kind, {@code bounce}, {@code complaint} or {@code delivery}; empty if it is none. */
    static String kind(String json) {
        String type = value(json, "notificationType", 0);
        if (type.isEmpty()) {
            type = value(json, "eventType", 0);
        }
        return type.toLowerCase(Locale.ROOT);
    }

    static String json(String text) {
        int brace = text.indexOf('{');
        if (brace < 0 || (text.indexOf("otificationType") < 0 && text.indexOf("ventType") < 0)) {
            return "";
        }
        String joined = text.substring(brace).replace("\r", "").replace("\n", "");
        return joined.replace("\\\"", "\"").replace("\\\\", "\\");
    }

    @Override
    public List<Finding> read(ReportText text, Mail mail) {
        String json = json(String.join("\n", text.lines()) + "\n" + String.join("\n", text.rest()));
        String kind = json.isEmpty() ? "" : kind(json);
        String list =
                switch (kind) {
                    case "bounce" -> "bouncedRecipients";
                    case "complaint" -> "complainedRecipients";
                    case "delivery" -> "recipients";
                    case "deliverydelay" -> "delayedRecipients";
                    default -> "";
                };
        int from = list.isEmpty() ? -1 : json.lastIndexOf("\"" + list + "\"");
        int open = from < 0 ? -1 : json.indexOf('[', from);
        int close = open < 0 ? -1 : closing(json, open);
        if (close < 0) {
            return List.of();
        }
        String section = json.substring(open, close);
        Findings out = new Findings();
        if (kind.equals("delivery")) {
            String words = value(json, "smtpResponse", 0);
            Addresses.all(section).forEach(a -> out.add(new Finding(a, Optional.empty(), "delivered", "", words)));
            return out.list();
        }
        for (String one : objects(section)) {
            Optional<EmailAddress> a = Addresses.ofField(value(one, "emailAddress", 0));
            String action = value(one, "action", 0).toLowerCase(Locale.ROOT);
            String words = value(one, "diagnosticCode", 0);
            if (a.isPresent()) {
                out.add(new Finding(
                        a.get(),
                        Optional.empty(),
                        kind.equals("deliverydelay") ? "delayed" : action,
                        value(one, "status", 0),
                        words));
            }
        }
        return out.list();
    }

    private static int closing(String json, int open) {
        int depth = 0;
        for (int i = open; i < json.length(); i++) {
            char c = json.charAt(i);
            if (c == '[') {
                depth++;
            } else if (c == ']' && --depth == 0) {
                return i;
            }
        }
        return -1;
    }

    private static List<String> objects(String section) {
        List<String> out = new ArrayList<>();
        int open = section.indexOf('{');
        while (open >= 0) {
            int close = section.indexOf('}', open);
            out.add(section.substring(open, close < 0 ? section.length() : close));
            open = close < 0 ? -1 : section.indexOf('{', close);
        }
        return out;
    }

    private static String value(String json, String key, int from) {
        int at = json.indexOf("\"" + key + "\"", from);
        if (at < 0) {
            return "";
        }
        int colon = json.indexOf(':', at);
        int open = colon < 0 ? -1 : json.indexOf('"', colon);
        int close = open < 0 ? -1 : json.indexOf('"', open + 1);
        return close < 0 || open - colon > 3
                ? ""
                : json.substring(open + 1, close).strip();
    }
}
