package io.github.cameldeliverability.crm.format;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;

/** The names that a template may use, with their values; a name may hide the same one of an outer scope. Immutable. */
public final class Scope {

    public static final Scope EMPTY = new Scope(null, Map.of());

    private final Scope outer;
    private final Map<String, JsonNode> names;

    private Scope(Scope outer, Map<String, JsonNode> names) {
        this.outer = outer;
        this.names = names;
    }

    public Scope with(String name, JsonNode value) {
        return new Scope(this, Map.of(name, value));
    }

    public Scope with(String name, String value) {
        return with(name, TextNode.valueOf(value));
    }

    public Scope with(Map<String, JsonNode> values) {
        return new Scope(this, Map.copyOf(new HashMap<>(values)));
    }

    /** @throws IllegalArgumentException listing the names that there are, if this is none */
    JsonNode get(String name) {
        for (Scope s = this; s != null; s = s.outer) {
            JsonNode value = s.names.get(name);
            if (value != null) {
                return value;
            }
        }
        TreeSet<String> known = new TreeSet<>();
        for (Scope s = this; s != null; s = s.outer) {
            known.addAll(s.names.keySet());
        }
        throw new IllegalArgumentException("unknown name '" + name + "' in a template; here are " + known);
    }
}
