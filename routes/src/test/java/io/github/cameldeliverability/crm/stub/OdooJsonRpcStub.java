package io.github.cameldeliverability.crm.stub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Odoo to version 18: {@code execute_kw}, faults with status 200, archived entries that are hidden, and a create that gives
 * the entry that is there without making it active again.
 */
public final class OdooJsonRpcStub implements StubServer.Handler {

    private static final JsonNodeFactory N = JsonNodeFactory.instance;

    public final Map<Integer, ObjectNode> blacklist = Collections.synchronizedMap(new TreeMap<>());
    public volatile boolean mayWrite = true;

    public OdooJsonRpcStub entry(int id, String email, boolean active) {
        blacklist.put(id, N.objectNode().put("id", id).put("email", email).put("active", active));
        return this;
    }

    @Override
    public StubReply apply(StubRequest r) {
        JsonNode params = r.json().path("params");
        JsonNode args = params.path("args");
        if (!r.is("POST", "/jsonrpc")
                || !params.path("service").asText().equals("object")
                || !params.path("method").asText().equals("execute_kw")) {
            return null;
        }
        if (!args.path(0).asText().equals("acme")
                || !args.path(1).isInt()
                || args.path(1).asInt() != 7
                || !args.path(2).asText().equals("odoo-key")) {
            return fault("odoo.exceptions.AccessDenied", "Access Denied");
        }
        JsonNode given = args.path(5);
        return switch (args.path(4).asText()) {
            case "check_access_rights" -> result(N.booleanNode(mayWrite));
            case "search_read" -> result(search(given.path(0)));
            case "write" -> {
                if (!mayWrite) {
                    yield fault("odoo.exceptions.AccessError", "You are not allowed to modify");
                }
                given.path(0).forEach(id -> blacklist.get(id.asInt()).setAll((ObjectNode) given.path(1)));
                yield result(N.booleanNode(true));
            }
            case "create" -> {
                ArrayNode ids = N.arrayNode();
                given.path(0).forEach(v -> ids.add(create(v.path("email").asText())));
                yield result(ids);
            }
            default -> fault("builtins.AttributeError", "no such method");
        };
    }

    private ArrayNode search(JsonNode domain) {
        boolean archived = domain.toString().contains("[\"active\",\"in\",[true,false]]");
        ArrayNode all = N.arrayNode();
        domain.path(0).path(2).forEach(email -> blacklist.values().stream()
                .filter(b -> b.path("email").asText().equals(email.asText()))
                .filter(b -> archived || b.path("active").asBoolean())
                .forEach(b -> all.add(b.deepCopy())));
        return all;
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

    private static StubReply result(JsonNode result) {
        ObjectNode o = N.objectNode().put("jsonrpc", "2.0").put("id", 1);
        o.set("result", result);
        return StubReply.ok(o);
    }

    /** What went wrong, which Odoo tells with status 200. */
    public static StubReply fault(String name, String message) {
        ObjectNode o = N.objectNode().put("jsonrpc", "2.0").put("id", 1);
        o.putObject("error")
                .put("code", 200)
                .put("message", "Odoo Server Error")
                .putObject("data")
                .put("name", name)
                .put("message", message);
        return StubReply.ok(o);
    }
}
