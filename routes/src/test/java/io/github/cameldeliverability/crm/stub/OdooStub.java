package io.github.cameldeliverability.crm.stub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.TreeMap;

/** Odoo: create gives the entry that is there without making it active again; archived entries are hidden unless asked for. */
public final class OdooStub implements StubServer.Handler {

    private static final JsonNodeFactory N = JsonNodeFactory.instance;

    public final Map<Integer, ObjectNode> blacklist = java.util.Collections.synchronizedMap(new TreeMap<>());

    public OdooStub entry(int id, String email, boolean active) {
        blacklist.put(id, N.objectNode().put("id", id).put("email", email).put("active", active));
        return this;
    }

    @Override
    public StubReply apply(StubRequest r) {
        if (!"bearer odoo-key".equals(r.headers().get("Authorization"))) {
            return StubReply.of(401, "{\"name\":\"werkzeug.exceptions.Unauthorized\"}");
        }
        return switch (r.path()) {
            case "/json/2/mail.blacklist/search_count" -> StubReply.of(200, "0");
            case "/json/2/mail.blacklist/search_read" -> search(r.json().path("domain"));
            case "/json/2/mail.blacklist/write" -> {
                r.json().path("ids").forEach(id -> blacklist.get(id.asInt()).setAll((ObjectNode)
                        r.json().path("vals")));
                yield StubReply.of(200, "true");
            }
            case "/json/2/mail.blacklist/create" -> {
                ArrayNode ids = N.arrayNode();
                r.json()
                        .path("vals_list")
                        .forEach(v -> ids.add(create(v.path("email").asText())));
                yield StubReply.ok(ids);
            }
            default -> null;
        };
    }

    private StubReply search(JsonNode domain) {
        boolean archived = domain.toString().contains("[\"active\",\"in\",[true,false]]");
        ArrayNode all = N.arrayNode();
        domain.path(0).path(2).forEach(email -> blacklist.values().stream()
                .filter(b -> b.path("email").asText().equals(email.asText()))
                .filter(b -> archived || b.path("active").asBoolean())
                .forEach(b -> all.add(b.deepCopy())));
        return StubReply.ok(all);
    }

    private int create(String email) {
        for (Map.Entry<Integer, ObjectNode> b : blacklist.entrySet()) {
            if (b.getValue().path("email").asText().equals(email)) {
                return b.getKey();
            }
        }
        int id = 1000 + blacklist.size();
        entry(id, email, true);
        return id;
    }
}
