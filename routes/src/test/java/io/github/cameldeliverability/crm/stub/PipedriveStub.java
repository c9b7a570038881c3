package io.github.cameldeliverability.crm.stub;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Pipedrive: a marketing status that changes once and is left without a word afterwards, custom fields by their hash, and a
 * budget of tokens that each call takes from.
 */
public final class PipedriveStub implements StubServer.Handler {

    public static final String FIELD = "dcf558aac1ae4e8c4f849ba5e668430d8df9be12";

    private static final JsonNodeFactory N = JsonNodeFactory.instance;

    public final Map<Integer, ObjectNode> persons = new TreeMap<>();
    private final Set<Integer> changed = new HashSet<>();
    public volatile int budget = 10_000;

    public synchronized PipedriveStub person(int id, String status, String... emails) {
        ObjectNode p = N.objectNode().put("id", id).put("marketing_status", status);
        for (String e : emails) {
            p.withArray("emails").addObject().put("value", e).put("primary", false);
        }
        p.putObject("custom_fields").putNull(FIELD);
        persons.put(id, p);
        return this;
    }

    /** The one change that the API allows is made already. */
    public synchronized PipedriveStub changedBefore(int id) {
        changed.add(id);
        return this;
    }

    public synchronized String status(int id) {
        return persons.get(id).path("marketing_status").asText();
    }

    @Override
    public synchronized StubReply apply(StubRequest r) {
        if (!"pipe-token".equals(r.headers().get("x-api-token"))) {
            return StubReply.of(401, "{\"success\":false,\"error\":\"unauthorized access\"}");
        }
        boolean search = r.path().equals("/api/v2/persons/search");
        int cost = search ? 40 : r.method().equals("PATCH") ? 10 : 1;
        if (cost > budget) {
            return StubReply.of(429, "{\"success\":false,\"error\":\"daily token budget exceeded\"}");
        }
        budget -= cost;
        ObjectNode answer = N.objectNode().put("success", true);
        if (r.path().equals("/api/v1/personFields")) {
            answer.putArray("data").addObject().put("key", FIELD).put("edit_flag", true);
        } else if (search) {
            ArrayNode items = answer.putObject("data").putArray("items");
            persons.values().stream()
                    .filter(p -> p.path("emails")
                            .toString()
                            .contains("\"" + r.query().get("term") + "\""))
                    .forEach(p -> items.addObject().putObject("item").set("id", p.path("id")));
        } else {
            ObjectNode p = persons.get(Integer.parseInt(r.part(3)));
            if (r.method().equals("PATCH")) {
                patch(p, r);
            }
            answer.set("data", p.deepCopy());
        }
        return StubReply.ok(answer);
    }

    private void patch(ObjectNode p, StubRequest r) {
        if (r.json().has("marketing_status") && changed.add(p.path("id").asInt())) {
            p.set("marketing_status", r.json().path("marketing_status"));
        }
        r.json().path("custom_fields").properties().forEach(f -> p.withObject("custom_fields")
                .set(f.getKey(), f.getValue()));
    }
}
