package io.github.cameldeliverability.crm.stub;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Dataverse: a PATCH without If-Match makes a record that is not there; calls during a Retry-After lengthen it. */
public final class DataverseStub implements StubServer.Handler {

    private static final JsonNodeFactory N = JsonNodeFactory.instance;
    private static final Pattern RECORD = Pattern.compile("/api/data/v9.2/(\\w+)\\(([^)]+)\\)");

    public final Map<String, Map<String, ObjectNode>> tables = new ConcurrentHashMap<>();
    public final Set<String> vanishes = ConcurrentHashMap.newKeySet();

    public DataverseStub record(String table, String id, String email1, String email2) {
        tables.computeIfAbsent(table, o -> java.util.Collections.synchronizedMap(new TreeMap<>()))
                .put(
                        id,
                        N.objectNode()
                                .put(table.substring(0, table.length() - 1) + "id", id)
                                .put("emailaddress1", email1)
                                .put("emailaddress2", email2)
                                .put("donotbulkemail", false));
        return this;
    }

    public ObjectNode get(String table, String id) {
        return tables.get(table).get(id);
    }

    @Override
    public StubReply apply(StubRequest r) {
        if (r.is("POST", "/tenant-1/oauth2/v2.0/token")) {
            return StubReply.of(200, "{\"access_token\":\"ey.token\",\"expires_in\":3599}");
        }
        if (!"Bearer ey.token".equals(r.headers().get("Authorization"))) {
            return StubReply.of(401, "");
        }
        if (r.path().contains("EntityDefinitions")) {
            ObjectNode all = N.objectNode();
            for (String f : new String[] {"donotbulkemail", "donotemail", "new_bouncereason", "statecode"}) {
                all.withArray("value")
                        .addObject()
                        .put("LogicalName", f)
                        .put("IsValidForUpdate", !f.equals("statecode"));
            }
            return StubReply.ok(all);
        }
        Matcher m = RECORD.matcher(r.path());
        if (m.matches() && r.method().equals("PATCH")) {
            return patch(r, m.group(1), m.group(2));
        }
        Map<String, ObjectNode> table = tables.getOrDefault(r.part(3), Map.of());
        Matcher quoted = Pattern.compile("emailaddress1 eq '((?:[^']|'')*)'")
                .matcher(r.query().get("$filter"));
        if (!quoted.find()) {
            return StubReply.of(400, "{\"error\":{\"message\":\"bad filter\"}}");
        }
        String address = quoted.group(1).replace("''", "'");
        ObjectNode all = N.objectNode();
        all.putArray("value");
        table.values().stream()
                .filter(o -> o.path("emailaddress1").asText().equalsIgnoreCase(address)
                        || o.path("emailaddress2").asText().equalsIgnoreCase(address))
                .forEach(o -> all.withArray("value").add(o.deepCopy()));
        vanishes.forEach(table::remove);
        return StubReply.ok(all);
    }

    private StubReply patch(StubRequest r, String table, String id) {
        ObjectNode o = tables.get(table).get(id);
        if (o == null) {
            if (r.headers().containsKey("If-Match")) {
                return StubReply.of(404, "{\"error\":{\"code\":\"0x80040217\",\"message\":\"does not exist\"}}");
            }
            o = N.objectNode();
            tables.get(table).put(id, o);
        }
        o.setAll((ObjectNode) r.json());
        return "return=representation".equals(r.headers().get("Prefer"))
                ? StubReply.ok(o.deepCopy())
                : StubReply.of(204, "");
    }
}
