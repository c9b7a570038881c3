package io.github.cameldeliverability.crm.format;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;

/** How values of strangers' JSON are compared: systems answer {@code "1"}, {@code 1} or {@code true} for the same thing. */
public final class Values {

    private Values() {}

    /** Whether two values say the same: numbers, booleans and texts by their text, without regard to case. */
    public static boolean same(JsonNode a, JsonNode b) {
        if (a.isContainerNode() || b.isContainerNode()) {
            return a.equals(b);
        }
        String x = plain(a);
        String y = plain(b);
        return x.equals(y) || (truth(x) != null && truth(x).equals(truth(y)) && (isBoolean(a) || isBoolean(b)));
    }

    /** Whether a value counts as yes: anything but nothing, an empty text, false and 0. */
    public static boolean isTrue(JsonNode n) {
        if (n.isContainerNode()) {
            return !n.isEmpty();
        }
        String s = plain(n);
        return !s.isEmpty() && !s.equals("false") && !s.equals("0");
    }

    private static boolean isBoolean(JsonNode n) {
        return n.isBoolean() || (truth(plain(n)) != null && !n.isNumber());
    }

    private static Boolean truth(String s) {
        return switch (s) {
            case "true", "1", "y", "yes" -> Boolean.TRUE;
            case "false", "0", "n", "no", "" -> Boolean.FALSE;
            default -> null;
        };
    }

    private static String plain(JsonNode n) {
        return n.isNull() || n.isMissingNode() ? "" : n.asText().strip().toLowerCase(Locale.ROOT);
    }
}
