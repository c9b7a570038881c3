package io.github.cameldeliverability.mail;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The fields of a feedback report (RFC 5965 3, RFC 6591 3.1) as stated: names in lower case, values without outer blanks,
 * in order. Immutable.
 */
public record ReportFields(Map<String, List<String>> values) {

    public ReportFields {
        Map<String, List<String>> copy = new LinkedHashMap<>();
        values.forEach((name, list) -> copy.put(name.toLowerCase(Locale.ROOT), List.copyOf(list)));
        values = java.util.Collections.unmodifiableMap(copy);
    }

    /** The first value that says something. */
    public Optional<String> first(String name) {
        return all(name).stream().filter(v -> !v.isBlank()).findFirst();
    }

    public List<String> all(String name) {
        return values.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
    }

    /** The same fields and one more. */
    public ReportFields with(String name, String value) {
        Map<String, List<String>> copy = new LinkedHashMap<>(values);
        List<String> list = new ArrayList<>(all(name));
        list.add(value);
        copy.put(name.toLowerCase(Locale.ROOT), list);
        return new ReportFields(copy);
    }

    /** The Feedback-Type in lower case, {@code abuse} where it is not stated. */
    public String feedbackType() {
        return first("feedback-type").map(t -> t.toLowerCase(Locale.ROOT)).orElse("abuse");
    }

    /** The address in Source-IP without the comments that some reporters add. */
    public Optional<String> sourceIp() {
        return first("source-ip").map(v -> {
            String s = v.strip();
            int end = 0;
            while (end < s.length() && " \t(;,".indexOf(s.charAt(end)) < 0) {
                end++;
            }
            s = s.substring(0, end);
            return s.startsWith("[") && s.endsWith("]") ? s.substring(1, s.length() - 1) : s;
        });
    }

    /** Whom the reported message went to: Original-Rcpt-To, else the Removal-Recipient of older reports. */
    public Optional<String> originalRecipient() {
        return first("original-rcpt-to").or(() -> first("removal-recipient")).map(ReportFields::bare);
    }

    /** The reverse-path of the reported message; empty for the null reverse-path. */
    public Optional<String> originalMailFrom() {
        return first("original-mail-from").map(ReportFields::bare).filter(a -> !a.isEmpty());
    }

    private static String bare(String address) {
        return address.startsWith("<") && address.endsWith(">")
                ? address.substring(1, address.length() - 1).strip()
                : address;
    }
}
