package io.github.cameldeliverability.crm.stub;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** SendGrid: lists of suppressions, of which only the global ones and those of groups can be written. */
public final class SendGridStub implements StubServer.Handler {

    /** Lists by name: global, bounces, blocks, spam_reports, invalid_emails; address to seconds since 1970. */
    public final Map<String, Map<String, Long>> lists = new ConcurrentHashMap<>();

    public final Set<String> refused = ConcurrentHashMap.newKeySet();

    public Map<String, Long> list(String name) {
        return lists.computeIfAbsent(name, k -> java.util.Collections.synchronizedMap(new TreeMap<>()));
    }

    @Override
    public StubReply apply(StubRequest r) {
        if (!"Bearer SG.secret".equals(r.headers().get("Authorization"))) {
            return StubReply.of(401, "{\"errors\":[{\"message\":\"authorization required\"}]}");
        }
        if (r.is("POST", "/v3/asm/suppressions/global") || r.is("POST", "/v3/asm/groups/\\d+/suppressions")) {
            ArrayNode taken = JsonNodeFactory.instance.arrayNode();
            r.json().path("recipient_emails").forEach(e -> {
                String address = e.asText().toLowerCase(Locale.ROOT);
                if (!refused.contains(address)) {
                    list(r.path().contains("groups") ? "group " + r.part(3) : "global")
                            .put(address, 1_772_366_400L);
                    taken.add(address);
                }
            });
            return StubReply.of(
                    201,
                    JsonNodeFactory.instance
                            .objectNode()
                            .set("recipient_emails", taken)
                            .toString());
        }
        if (r.method().equals("GET") && r.path().startsWith("/v3/suppression/")) {
            return page(r, r.part(2).equals("unsubscribes") ? "global" : r.part(2));
        }
        return null;
    }

    private StubReply page(StubRequest r, String name) {
        int offset = Integer.parseInt(r.query().getOrDefault("offset", "0"));
        int limit = Integer.parseInt(r.query().getOrDefault("limit", "500"));
        long since = Long.parseLong(r.query().getOrDefault("start_time", "0"));
        ArrayNode page = JsonNodeFactory.instance.arrayNode();
        list(name).entrySet().stream()
                .filter(e -> e.getValue() >= since)
                .skip(offset)
                .limit(limit)
                .forEach(e -> page.addObject()
                        .put("email", e.getKey())
                        .put("created", e.getValue())
                        .put("reason", "550 5.1.1 no such user"));
        return StubReply.ok(page);
    }
}
