package io.github.cameldeliverability.crm.format;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Says what an answer, or the part of an answer that is about one record, means. All conditions that are given must hold;
 * the first rule of a list that holds decides.
 *
 * @param status statuses: {@code 429}, {@code 5xx}
 * @param text a regular expression found in the answer's text, without regard to case
 * @param where ways into the JSON and what must be there: a value, a list of values, {@code "/regex/"}, {@code "*"} for
 *     anything, {@code ""} for nothing
 * @param then the outcome
 * @param reason a template for people; may use {@code answer} and {@code result}
 * @param after a template: after how many seconds to come back, where the answer says so in its body
 */
public record Rule(
        @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY) List<String> status,
        String text,
        Map<String, Object> where,
        Outcome then,
        String reason,
        String after) {

    private static final ObjectMapper JSON = new ObjectMapper();

    public Rule {
        if (then == null) {
            throw new IllegalArgumentException("a rule needs 'then'");
        }
        if (text != null) {
            Pattern.compile(text);
        }
    }

    /** Whether the rule holds for a document. */
    public boolean holds(int httpStatus, String body, JsonNode document, Scope scope) {
        return statusHolds(httpStatus)
                && (text == null
                        || Pattern.compile(text, Pattern.CASE_INSENSITIVE)
                                .matcher(body)
                                .find())
                && (where == null || where(where, document, scope));
    }

    private boolean statusHolds(int actual) {
        if (status == null) {
            return true;
        }
        String s = Integer.toString(actual);
        return status.stream().anyMatch(w -> w.equals(s) || (w.endsWith("xx") && s.startsWith(w.substring(0, 1))));
    }

    /** Whether all ways lead to what is wanted. */
    public static boolean where(Map<String, Object> where, JsonNode document, Scope scope) {
        return where.entrySet().stream().allMatch(e -> {
            List<JsonNode> found =
                    JsonPath.parse(Template.render(e.getKey(), scope)).all(document, scope);
            return wanted(e.getValue(), found, scope);
        });
    }

    private static boolean wanted(Object wanted, List<JsonNode> found, Scope scope) {
        if (wanted instanceof List<?> list) {
            return list.stream().anyMatch(w -> wanted(w, found, scope));
        }
        if ("*".equals(wanted)) {
            return found.stream()
                    .anyMatch(n -> !n.isNull() && !(n.isTextual() && n.asText().isEmpty()));
        }
        if ("".equals(wanted)) {
            return found.stream()
                    .allMatch(n -> n.isNull() || Template.text(n).isEmpty() || (n.isContainerNode() && n.isEmpty()));
        }
        if (wanted instanceof String s && s.length() > 2 && s.startsWith("/") && s.endsWith("/")) {
            Pattern p = Pattern.compile(s.substring(1, s.length() - 1), Pattern.CASE_INSENSITIVE);
            return found.stream().anyMatch(n -> p.matcher(Template.text(n)).find());
        }
        JsonNode value = wanted instanceof String s ? Tree.render(s, scope) : JSON.valueToTree(wanted);
        return found.stream().anyMatch(n -> Values.same(n, value));
    }
}
