package io.github.cameldeliverability.crm.format;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Turns a YAML tree with templates into JSON. Besides templates in texts and keys it knows
 * <ul>
 *   <li>{@code name?: value}: left out if the value is empty,
 *   <li>{@code {$each: LIST, $as: NAME, $do: TREE}}: a list, TREE for each element (NAME is {@code item} if not given),
 *   <li>{@code {$each: LIST, $key: KEY, $do: TREE}}: a map, an entry for each element,
 *   <li>{@code {$if: VALUE, $then: TREE, $else: TREE}},
 *   <li>{@code $merge: [MAP, ...]}: the entries of the maps, later ones win; beside other keys they win over these.
 * </ul>
 */
public final class Tree {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final Set<String> WORDS = Set.of("$each", "$as", "$key", "$do", "$if", "$then", "$else", "$merge");

    private Tree() {}

    /** @throws IllegalArgumentException naming the template that is wrong */
    public static JsonNode render(Object tree, Scope scope) {
        if (tree instanceof String s) {
            JsonNode n = Template.parse(s).node(scope);
            return n.isMissingNode() ? NODES.nullNode() : n;
        }
        if (tree instanceof List<?> list) {
            ArrayNode out = NODES.arrayNode();
            list.forEach(x -> out.add(render(x, scope)));
            return out;
        }
        if (tree instanceof Map<?, ?> map) {
            return map(map, scope);
        }
        return JSON.valueToTree(tree);
    }

    private static JsonNode map(Map<?, ?> map, Scope scope) {
        if (map.containsKey("$each")) {
            String name = map.containsKey("$as") ? map.get("$as").toString() : "item";
            if (map.containsKey("$key")) {
                ObjectNode entries = NODES.objectNode();
                render(map.get("$each"), scope).forEach(x -> {
                    Scope with = scope.with(name, x);
                    entries.set(Template.render(map.get("$key").toString(), with), render(map.get("$do"), with));
                });
                return entries;
            }
            ArrayNode out = NODES.arrayNode();
            render(map.get("$each"), scope).forEach(x -> out.add(render(map.get("$do"), scope.with(name, x))));
            return out;
        }
        if (map.containsKey("$if")) {
            Object branch = map.get(Values.isTrue(render(map.get("$if"), scope)) ? "$then" : "$else");
            return branch == null ? NODES.nullNode() : render(branch, scope);
        }
        ObjectNode out = NODES.objectNode();
        map.forEach((k, v) -> entry(k.toString(), v, scope, out));
        if (map.containsKey("$merge")) {
            JsonNode parts = render(map.get("$merge"), scope);
            if (parts.isObject()) {
                out.setAll((ObjectNode) parts);
            } else {
                parts.forEach(p -> {
                    if (p.isObject()) {
                        out.setAll((ObjectNode) p);
                    }
                });
            }
        }
        return out;
    }

    private static void entry(String key, Object value, Scope scope, ObjectNode out) {
        if (WORDS.contains(key)) {
            return;
        }
        boolean optional = key.endsWith("?");
        String name = Template.render(optional ? key.substring(0, key.length() - 1) : key, scope);
        JsonNode node = render(value, scope);
        boolean empty =
                node.isNull() || (node.isTextual() && node.asText().isEmpty()) || (node.isArray() && node.isEmpty());
        if (!name.isEmpty() && !(optional && empty)) {
            out.set(name, node);
        }
    }
}
