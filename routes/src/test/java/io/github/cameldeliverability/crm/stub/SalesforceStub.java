package io.github.cameldeliverability.crm.stub;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Salesforce: SOQL of the one form that we use, pages of two records, collections with a result for each record. */
public final class SalesforceStub implements StubServer.Handler {

    private static final JsonNodeFactory N = JsonNodeFactory.instance;
    private static final Pattern SOQL =
            Pattern.compile("SELECT (.+) FROM (\\w+) WHERE (?:IsPersonAccount = true AND )?(\\w+) IN \\((.*)\\)");
    private static final Pattern TEXT = Pattern.compile("'((?:[^'\\\\]|\\\\.)*)'");

    public final Map<String, Map<String, ObjectNode>> objects = new ConcurrentHashMap<>();
    public final Set<String> readOnly = ConcurrentHashMap.newKeySet();
    public final Set<String> lockedRows = ConcurrentHashMap.newKeySet();
    public final Set<String> deleted = ConcurrentHashMap.newKeySet();
    public volatile String usage = "api-usage=18/5000";
    public volatile StubRequest login;
    private final Map<String, String> cursors = new ConcurrentHashMap<>();

    public SalesforceStub record(String object, String id, String emailField, String email) {
        objects.computeIfAbsent(object, o -> java.util.Collections.synchronizedMap(new TreeMap<>()))
                .put(id, N.objectNode().put("Id", id).put(emailField, email).put("HasOptedOutOfEmail", false));
        return this;
    }

    public ObjectNode get(String object, String id) {
        return objects.get(object).get(id);
    }

    @Override
    public StubReply apply(StubRequest r) {
        if (r.is("POST", "/services/oauth2/token")) {
            login = r;
            return StubReply.of(200, "{\"access_token\":\"00D.token\",\"instance_url\":\"ignored\"}");
        }
        if (!"Bearer 00D.token".equals(r.headers().get("Authorization"))) {
            return StubReply.of(401, "[{\"errorCode\":\"INVALID_SESSION_ID\",\"message\":\"Session expired\"}]");
        }
        StubReply reply = null;
        if (r.path().endsWith("/describe")) {
            ObjectNode all = N.objectNode();
            for (String f :
                    new String[] {"Id", "Email", "HasOptedOutOfEmail", "EmailBouncedReason", "EmailBouncedDate"}) {
                all.withArray("fields").addObject().put("name", f).put("updateable", !readOnly.contains(f));
            }
            reply = StubReply.ok(all);
        } else if (r.path().endsWith("/query")) {
            reply = query(r.query().get("q"), 0);
        } else if (r.path().contains("/query/")) {
            String[] parts = r.part(4).split("-", 2);
            reply = query(cursors.get(parts[1]), Integer.parseInt(parts[0]));
        } else if (r.is("PATCH", ".*/composite/sobjects")) {
            reply = update(r);
        }
        return reply == null ? null : reply.with("Sforce-Limit-Info", usage);
    }

    private StubReply query(String soql, int from) {
        Matcher m = SOQL.matcher(soql);
        if (!m.matches()) {
            return StubReply.of(400, "[{\"errorCode\":\"MALFORMED_QUERY\",\"message\":\"" + soql + "\"}]");
        }
        Set<String> wanted = new java.util.HashSet<>();
        Matcher t = TEXT.matcher(m.group(4));
        while (t.find()) {
            wanted.add(t.group(1).replace("\\'", "'").toLowerCase(Locale.ROOT));
        }
        ObjectNode all = N.objectNode();
        ArrayNode records = all.putArray("records");
        int[] at = {0};
        objects.getOrDefault(m.group(2), Map.of()).forEach((id, o) -> {
            if (wanted.contains(o.path(m.group(3)).asText().toLowerCase(Locale.ROOT))
                    && at[0]++ >= from
                    && records.size() < 2) {
                records.add(o.deepCopy());
            }
        });
        boolean more = at[0] > from + 2;
        all.put("done", !more);
        if (more) {
            String cursor = "01g" + Integer.toHexString(soql.hashCode());
            cursors.put(cursor, soql);
            all.put("nextRecordsUrl", "/services/data/v62.0/query/" + (from + 2) + "-" + cursor);
        }
        return StubReply.ok(all);
    }

    private StubReply update(StubRequest r) {
        if (r.json().path("allOrNone").asBoolean(true)
                || r.json().path("records").size() > 200) {
            return StubReply.of(400, "[{\"errorCode\":\"INVALID\"}]");
        }
        ArrayNode results = N.arrayNode();
        r.json().path("records").forEach(c -> {
            String id = c.path("id").asText();
            ObjectNode o =
                    objects.get(c.path("attributes").path("type").asText()).get(id);
            if (lockedRows.contains(id)) {
                results.add(failed("UNABLE_TO_LOCK_ROW", "unable to obtain exclusive access"));
            } else if (deleted.contains(id) || o == null) {
                results.add(failed("ENTITY_IS_DELETED", "entity is deleted"));
            } else {
                c.properties().forEach(p -> {
                    if (!p.getKey().equals("attributes") && !p.getKey().equals("id")) {
                        o.set(p.getKey(), p.getValue());
                    }
                });
                results.addObject().put("id", id).put("success", true).putArray("errors");
            }
        });
        return StubReply.of(200, results.toString());
    }

    private static ObjectNode failed(String code, String message) {
        ObjectNode n = N.objectNode().put("success", false);
        n.putArray("errors").addObject().put("statusCode", code).put("message", message);
        return n;
    }
}
