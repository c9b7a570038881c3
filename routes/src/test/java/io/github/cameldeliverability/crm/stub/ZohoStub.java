package io.github.cameldeliverability.crm.stub;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Zoho CRM: tokens that run out, records of modules, a status for each record of a batch, 204 where nothing is found. */
public final class ZohoStub implements StubServer.Handler {

    private static final JsonNodeFactory N = JsonNodeFactory.instance;

    public final Map<String, Map<String, ObjectNode>> modules = new ConcurrentHashMap<>();
    public final Set<String> readOnlyFields = ConcurrentHashMap.newKeySet();
    /** Records whose change is answered with success and not made. */
    public final Set<String> silent = ConcurrentHashMap.newKeySet();

    public final Set<String> locked = ConcurrentHashMap.newKeySet();
    public final Set<String> invalid = ConcurrentHashMap.newKeySet();
    public final AtomicInteger tokens = new AtomicInteger();
    public volatile String token = "none";

    public ZohoStub record(String module, String id, String email) {
        modules.computeIfAbsent(module, m -> java.util.Collections.synchronizedMap(new TreeMap<>()))
                .put(id, N.objectNode().put("id", id).put("Email", email).put("Email_Opt_Out", false));
        return this;
    }

    public ObjectNode get(String module, String id) {
        return modules.get(module).get(id);
    }

    @Override
    public StubReply apply(StubRequest r) {
        if (r.is("POST", "/oauth/v2/token")) {
            if (!"1000.refresh".equals(r.form().get("refresh_token"))) {
                return StubReply.of(200, "{\"error\":\"invalid_code\"}");
            }
            token = "1000.access-" + tokens.incrementAndGet();
            return StubReply.of(
                    200, "{\"access_token\":\"" + token + "\",\"expires_in\":3600,\"token_type\":\"Bearer\"}");
        }
        if (!("Zoho-oauthtoken " + token).equals(r.headers().get("Authorization"))) {
            return StubReply.of(401, "{\"code\":\"INVALID_TOKEN\",\"status\":\"error\"}");
        }
        String module = r.part(2);
        if (r.path().equals("/crm/v8/settings/fields")) {
            ObjectNode all = N.objectNode();
            for (String f : new String[] {"Email", "Email_Opt_Out", "Bounce_Reason"}) {
                all.withArray("fields").addObject().put("api_name", f).put("read_only", readOnlyFields.contains(f));
            }
            return StubReply.ok(all);
        }
        Map<String, ObjectNode> records = modules.getOrDefault(module, Map.of());
        ArrayNode data = N.arrayNode();
        if (r.method().equals("GET") && r.path().endsWith("/search")) {
            records.values().stream()
                    .filter(c -> c.toString()
                            .toLowerCase(Locale.ROOT)
                            .contains("\"" + r.query().get("email").toLowerCase(Locale.ROOT) + "\""))
                    .forEach(c -> data.add(c.deepCopy()));
        } else if (r.method().equals("GET")) {
            for (String id : r.query().get("ids").split(",")) {
                if (records.containsKey(id)) {
                    data.add(records.get(id).deepCopy());
                }
            }
        } else if (r.method().equals("PUT")) {
            if (r.json().path("data").size() > 100) {
                return StubReply.of(400, "{\"code\":\"LIMIT_EXCEEDED\",\"status\":\"error\"}");
            }
            r.json().path("data").forEach(d -> data.add(update(records, (ObjectNode) d)));
        }
        return data.isEmpty()
                ? StubReply.of(204, "")
                : StubReply.of(
                        r.method().equals("PUT") ? 207 : 200,
                        N.objectNode().set("data", data).toString());
    }

    private ObjectNode update(Map<String, ObjectNode> records, ObjectNode change) {
        String id = change.path("id").asText();
        if (locked.contains(id)) {
            return failed("RECORD_LOCKED", "record is locked");
        }
        if (invalid.contains(id) || !records.containsKey(id)) {
            return failed("INVALID_DATA", "the id given seems to be invalid");
        }
        if (!silent.contains(id)) {
            records.get(id).setAll(change);
        }
        ObjectNode ok = N.objectNode().put("code", "SUCCESS").put("status", "success");
        ok.putObject("details").put("id", id);
        return ok;
    }

    private static ObjectNode failed(String code, String message) {
        ObjectNode n = N.objectNode().put("code", code).put("status", "error").put("message", message);
        n.putObject("details").put("api_name", "id");
        return n;
    }
}
