package io.github.cameldeliverability.crm.push;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.cameldeliverability.crm.CrmEvent;
import io.github.cameldeliverability.crm.format.Scope;
import java.util.HashMap;
import java.util.Map;

/**
 * One record that is to be written for one address.
 *
 * @param id the record's id; the address where the system is asked by it; empty for an entry that is not there yet
 * @param state optout or bounce
 * @param set the fields and values of the state
 * @param record the record as it was found; an empty object if none was looked for
 */
record Item(CrmEvent event, String id, String state, JsonNode set, JsonNode record) {

    /** What templates may use of it. */
    ObjectNode node() {
        ObjectNode n = JsonNodeFactory.instance.objectNode();
        n.setAll(names(event));
        n.put("id", id);
        n.put("state", state);
        n.set("set", set);
        n.set("record", record);
        return n;
    }

    Scope in(Scope scope) {
        Map<String, JsonNode> names = new HashMap<>();
        node().properties().forEach(f -> names.put(f.getKey(), f.getValue()));
        return scope.with(names);
    }

    static ObjectNode names(CrmEvent e) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("address", e.address().toString())
                .put("key", e.key())
                .put("kind", e.kind().id())
                .put("reason", e.reason().isEmpty() ? e.kind().id() : e.reason())
                .put("evidence", e.evidence())
                .put("scope", e.scope())
                .put("source", e.source())
                .put("at", e.at().toString());
    }

    static Scope in(Scope scope, CrmEvent e) {
        Map<String, JsonNode> names = new HashMap<>();
        names(e).properties().forEach(f -> names.put(f.getKey(), f.getValue()));
        return scope.with(names);
    }
}
