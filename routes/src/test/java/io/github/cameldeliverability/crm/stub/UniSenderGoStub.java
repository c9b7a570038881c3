package io.github.cameldeliverability.crm.stub;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/** UniSender Go: the suppression list, whose last cause replaces the one before. */
public final class UniSenderGoStub implements StubServer.Handler {

    /** Address to cause. */
    public final Map<String, String> causes = new ConcurrentSkipListMap<>();

    @Override
    public StubReply apply(StubRequest r) {
        if (!"go-secret".equals(r.headers().get("X-API-KEY"))) {
            return StubReply.of(401, "{\"status\":\"error\",\"code\":102,\"message\":\"no such key\"}");
        }
        String address = r.json().path("email").asText();
        ObjectNode answer = JsonNodeFactory.instance.objectNode().put("status", "success");
        if (r.is("POST", "/suppression/set.json")) {
            if (address.startsWith("bad")) {
                return StubReply.of(200, "{\"status\":\"error\",\"code\":204,\"message\":\"bad address\"}");
            }
            causes.put(address, r.json().path("cause").asText());
            return StubReply.ok(answer);
        }
        if (r.is("POST", "/suppression/get.json")) {
            ArrayNode rows = answer.put("email", address).putArray("suppressions");
            if (causes.containsKey(address)) {
                rows.addObject().put("cause", causes.get(address)).put("is_deletable", true);
            }
            return StubReply.ok(answer);
        }
        if (r.is("POST", "/suppression/list.json")) {
            String after = r.json().path("cursor").asText("");
            ArrayNode rows = answer.putArray("suppressions");
            causes.forEach((a, cause) -> {
                if (rows.isEmpty() && a.compareTo(after) > 0) {
                    rows.addObject().put("email", a).put("cause", cause);
                    answer.put("cursor", a);
                }
            });
            return StubReply.ok(answer);
        }
        return null;
    }
}
