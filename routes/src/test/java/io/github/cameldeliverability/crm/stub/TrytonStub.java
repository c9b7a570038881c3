package io.github.cameldeliverability.crm.stub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

/** Tryton 6.0: JSON-RPC with sessions; faults come as a list with status 200. */
public final class TrytonStub implements StubServer.Handler {

    private static final JsonNodeFactory N = JsonNodeFactory.instance;

    public final Map<Integer, ObjectNode> mechanisms = java.util.Collections.synchronizedMap(new TreeMap<>());
    public volatile String session = "none";
    public volatile boolean writable = true;
    private int logins;

    public TrytonStub mechanism(int id, String type, String value, String comment) {
        mechanisms.put(
                id,
                N.objectNode()
                        .put("id", id)
                        .put("type", type)
                        .put("value", value)
                        .put("comment", comment)
                        .put("active", true)
                        .put("party", id * 10));
        return this;
    }

    public int logins() {
        return logins;
    }

    @Override
    public StubReply apply(StubRequest r) {
        JsonNode call = r.json();
        JsonNode params = call.path("params");
        String method = call.path("method").asText();
        if (!r.path().equals("/shop/")) {
            return StubReply.of(404, "");
        }
        if (method.equals("common.db.login")) {
            if (!params.path(1).path("password").asText().equals("tryton-secret")) {
                return StubReply.of(401, "");
            }
            session = "session-" + ++logins;
            return result(call, N.arrayNode().add(5).add(session));
        }
        String wanted = "Session "
                + Base64.getEncoder().encodeToString(("mailer:5:" + session).getBytes(StandardCharsets.UTF_8));
        if (!wanted.equals(r.headers().get("Authorization"))) {
            return StubReply.of(401, "");
        }
        return switch (method) {
            case "model.ir.model.access.get_access" -> {
                ObjectNode all = N.objectNode();
                all.putObject("party.contact_mechanism").put("write", writable);
                yield result(call, all);
            }
            case "model.party.contact_mechanism.search_read" -> {
                String address = params.path(0)
                        .path(1)
                        .path(2)
                        .asText()
                        .replace("\\_", "_")
                        .replace("\\%", "%");
                ArrayNode all = N.arrayNode();
                mechanisms.values().stream()
                        .filter(m -> m.path("type").asText().equals("email")
                                && m.path("active").asBoolean()
                                && m.path("value").asText().equalsIgnoreCase(address))
                        .forEach(m -> all.add(m.deepCopy()));
                yield result(call, all);
            }
            case "model.party.contact_mechanism.read" -> {
                ArrayNode all = N.arrayNode();
                params.path(0).forEach(id -> all.add(mechanisms.get(id.asInt()).deepCopy()));
                yield result(call, all);
            }
            case "model.party.contact_mechanism.write" -> {
                if (!writable) {
                    yield StubReply.of(
                            200, "{\"id\":4,\"error\":[\"AccessError\",[\"You are not allowed to write\",\"\"]]}");
                }
                params.path(0).forEach(id -> mechanisms.get(id.asInt()).setAll((ObjectNode) params.path(1)));
                yield result(call, N.nullNode());
            }
            default -> StubReply.of(200, "{\"id\":4,\"error\":[\"AttributeError\",\"" + method + "\"]}");
        };
    }

    private static StubReply result(JsonNode call, JsonNode result) {
        ObjectNode n = N.objectNode();
        n.set("id", call.path("id"));
        n.set("result", result);
        return StubReply.ok(n);
    }
}
