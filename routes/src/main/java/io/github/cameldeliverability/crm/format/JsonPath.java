package io.github.cameldeliverability.crm.format;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A way into a JSON document: {@code data[*].details.id}, {@code [0]}, {@code ["odd.name"]}. A step {@code [name=$variable]}
 * keeps the elements of an array whose field equals a variable of the scope, upper and lower case not told apart;
 * {@code [name='text']} those whose field is the text. The empty path is the document itself.
 *
 * <p>Immutable. A way that leads nowhere yields nothing; it is never an error.
 */
public final class JsonPath {

    private static final Pattern STEP = Pattern.compile("\\.?([\\p{L}\\p{N}_@$:-]+)"
            + "|\\[(\\d+)]"
            + "|\\[(\\*)]"
            + "|\\[\"([^\"]*)\"]"
            + "|\\[([\\p{L}\\p{N}_@]+)=\\$([\\p{L}\\p{N}_.]+)]"
            + "|\\[([\\p{L}\\p{N}_@]+)='([^']*)']");

    private final String text;
    private final List<Step> steps;

    private interface Step {
        void follow(JsonNode from, Scope scope, List<JsonNode> to);
    }

    private JsonPath(String text, List<Step> steps) {
        this.text = text;
        this.steps = steps;
    }

    /** @throws IllegalArgumentException naming the place that is not understood */
    public static JsonPath parse(String text) {
        List<Step> steps = new ArrayList<>();
        Matcher m = STEP.matcher(text);
        int at = 0;
        while (at < text.length()) {
            if (!m.find(at) || m.start() != at) {
                throw new IllegalArgumentException("path not understood at '" + text.substring(at) + "': " + text);
            }
            steps.add(step(m));
            at = m.end();
        }
        return new JsonPath(text, List.copyOf(steps));
    }

    private static Step step(Matcher m) {
        if (m.group(1) != null || m.group(4) != null) {
            String name = m.group(1) != null ? m.group(1) : m.group(4);
            return (from, scope, to) -> add(from.path(name), to);
        }
        if (m.group(2) != null) {
            int index = Integer.parseInt(m.group(2));
            return (from, scope, to) -> add(from.path(index), to);
        }
        if (m.group(3) != null) {
            return (from, scope, to) -> from.forEach(n -> add(n, to));
        }
        if (m.group(5) != null) {
            String field = m.group(5);
            Template wanted = Template.parse("${" + m.group(6) + "}");
            return (from, scope, to) -> from.forEach(n -> {
                if (Values.same(n.path(field), wanted.node(scope))) {
                    add(n, to);
                }
            });
        }
        String field = m.group(7);
        String wanted = m.group(8);
        return (from, scope, to) -> from.forEach(n -> {
            if (n.path(field).asText().equalsIgnoreCase(wanted)) {
                add(n, to);
            }
        });
    }

    private static void add(JsonNode node, List<JsonNode> to) {
        if (!node.isMissingNode()) {
            to.add(node);
        }
    }

    /** All places that the path leads to, in order. */
    public List<JsonNode> all(JsonNode document, Scope scope) {
        List<JsonNode> at = List.of(document);
        for (Step step : steps) {
            List<JsonNode> next = new ArrayList<>();
            for (JsonNode node : at) {
                step.follow(node, scope, next);
            }
            at = next;
        }
        return at;
    }

    /** The first place that the path leads to, else a missing node. */
    public JsonNode first(JsonNode document, Scope scope) {
        List<JsonNode> all = all(document, scope);
        return all.isEmpty() ? MissingNode.getInstance() : all.get(0);
    }

    /** Whether the path may lead to several places. */
    boolean isMany() {
        return text.contains("[*]") || text.contains("=");
    }

    @Override
    public String toString() {
        return text;
    }
}
