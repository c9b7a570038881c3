package io.github.cameldeliverability.crm.format;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text with holes: {@code /contacts/${id}?x=${address|url}}. A hole is a name of the scope, a way into its value
 * ({@link JsonPath}) and filters. A text that is one hole and nothing else keeps the type of its value, so
 * {@code "${items[*].id}"} is a list. What is not there is the empty text. Immutable.
 */
public final class Template {

    private static final Pattern HOLE = Pattern.compile("\\$\\{([^}]*)}");

    private final String text;
    private final List<Part> parts;

    private interface Part {
        JsonNode value(Scope scope);
    }

    private Template(String text, List<Part> parts) {
        this.text = text;
        this.parts = parts;
    }

    /** @throws IllegalArgumentException if a hole is not understood */
    public static Template parse(String text) {
        List<Part> parts = new ArrayList<>();
        Matcher m = HOLE.matcher(text);
        int at = 0;
        while (m.find()) {
            if (m.start() > at) {
                parts.add(literal(text.substring(at, m.start())));
            }
            parts.add(hole(m.group(1)));
            at = m.end();
        }
        if (at < text.length() || parts.isEmpty()) {
            parts.add(literal(text.substring(at)));
        }
        return new Template(text, List.copyOf(parts));
    }

    private static Part literal(String s) {
        JsonNode node = TextNode.valueOf(s);
        return scope -> node;
    }

    private static Part hole(String expression) {
        String[] pieces = expression.split("\\|");
        Matcher name = Pattern.compile("\\s*([\\p{L}\\p{N}_]+)(.*)").matcher(pieces[0].stripTrailing());
        if (!name.matches()) {
            throw new IllegalArgumentException("template not understood: ${" + expression + "}");
        }
        JsonPath path = JsonPath.parse(name.group(2));
        Part value = scope -> {
            JsonNode root = scope.get(name.group(1));
            if (!path.isMany()) {
                return path.first(root, scope);
            }
            ArrayNode list = JsonNodeFactory.instance.arrayNode();
            list.addAll(path.all(root, scope));
            return list;
        };
        for (int i = 1; i < pieces.length; i++) {
            int colon = pieces[i].indexOf(':');
            Filters.Filter filter = Filters.named((colon < 0 ? pieces[i] : pieces[i].substring(0, colon)).strip());
            String argument = colon < 0 ? "" : pieces[i].substring(colon + 1);
            Part before = value;
            value = scope -> filter.apply(before.value(scope), argument, scope);
        }
        return value;
    }

    /** The value, with its type if the text is one hole. */
    public JsonNode node(Scope scope) {
        return parts.size() == 1 ? parts.get(0).value(scope) : TextNode.valueOf(text(scope));
    }

    /** The value as text. */
    public String text(Scope scope) {
        StringBuilder b = new StringBuilder();
        for (Part part : parts) {
            b.append(text(part.value(scope)));
        }
        return b.toString();
    }

    static String text(JsonNode n) {
        if (n.isNull() || n.isMissingNode()) {
            return "";
        }
        if (n.isArray()) {
            List<String> all = new ArrayList<>();
            n.forEach(x -> all.add(text(x)));
            return String.join(",", all);
        }
        return n.isObject() ? n.toString() : n.asText();
    }

    /** The value of a text, in one step. */
    public static String render(String text, Scope scope) {
        return parse(text).text(scope);
    }

    @Override
    public String toString() {
        return text;
    }
}
