package io.github.cameldeliverability.crm.stub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** The three lists of a Mailgun domain; a list with one bad address is refused whole, and every page has a next one. */
public final class MailgunStub implements StubServer.Handler {

    /** Lists by name; address to what was said of it. */
    public final Map<String, Map<String, ObjectNode>> lists = new ConcurrentHashMap<>();

    public Map<String, ObjectNode> list(String name) {
        return lists.computeIfAbsent(name, k -> new ConcurrentSkipListMap<>());
    }

    @Override
    public StubReply apply(StubRequest r) {
        String key = Base64.getEncoder().encodeToString("api:mg-secret".getBytes(StandardCharsets.UTF_8));
        if (!("Basic " + key).equals(r.headers().get("Authorization"))) {
            return StubReply.of(401, "Forbidden");
        }
        if (!r.path().matches("/v3/mg.example.com/(bounces|unsubscribes|complaints)")) {
            return null;
        }
        Map<String, ObjectNode> list = list(r.part(2));
        if (r.method().equals("POST")) {
            if (r.json().size() > 1000 || r.body().contains("bad@")) {
                return StubReply.of(400, "{\"message\":\"the list is refused\"}");
            }
            for (JsonNode n : r.json()) {
                list.put(n.path("address").asText(), (ObjectNode) n);
            }
            return StubReply.of(200, "{\"message\":\"" + r.json().size() + " addresses have been added\"}");
        }
        String after = r.query().getOrDefault("address", "");
        ObjectNode page = JsonNodeFactory.instance.objectNode();
        ArrayNode items = page.putArray("items");
        String last = after + "~";
        for (Map.Entry<String, ObjectNode> e : list.entrySet()) {
            if (items.isEmpty() && e.getKey().compareTo(after) > 0) {
                items.add(e.getValue().deepCopy().put("created_at", "Sun, 01 Mar 2026 12:00:00 UTC"));
                last = e.getKey();
            }
        }
        page.putObject("paging")
                .put("next", "http://" + r.headers().get("Host") + r.path() + "?page=next&address=" + last);
        return StubReply.ok(page);
    }
}
