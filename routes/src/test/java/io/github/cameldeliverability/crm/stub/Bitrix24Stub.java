package io.github.cameldeliverability.crm.stub;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Bitrix24: searches that tell the 20 oldest ids, batches whose commands fail one by one. */
public final class Bitrix24Stub implements StubServer.Handler {

    private static final JsonNodeFactory N = JsonNodeFactory.instance;
    private static final Pattern UPDATE = Pattern.compile("crm\\.(\\w+)\\.update\\?id=(\\d+)&fields\\[(\\w+)]=(.*)");

    public final Map<String, Map<Integer, ObjectNode>> entities = new ConcurrentHashMap<>();
    public final Set<Integer> refused = ConcurrentHashMap.newKeySet();

    public Bitrix24Stub record(String entity, int id, String... emails) {
        ObjectNode o = N.objectNode().put("ID", Integer.toString(id)).put("UF_CRM_NO_MAIL", "0");
        for (String e : emails) {
            o.withArray("EMAIL").addObject().put("VALUE", e).put("VALUE_TYPE", "WORK");
        }
        entities.computeIfAbsent(entity, k -> java.util.Collections.synchronizedMap(new TreeMap<>()))
                .put(id, o);
        return this;
    }

    public ObjectNode get(String entity, int id) {
        return entities.get(entity).get(id);
    }

    @Override
    public StubReply apply(StubRequest r) {
        if (!r.path().startsWith("/rest/1/hook-secret/")) {
            return StubReply.of(401, "{\"error\":\"INVALID_CREDENTIALS\"}");
        }
        String method = r.part(3);
        if (method.endsWith(".fields.json")) {
            ObjectNode fields = N.objectNode();
            fields.putObject("UF_CRM_NO_MAIL").put("isReadOnly", false);
            return StubReply.ok(N.objectNode().set("result", fields));
        }
        if (method.equals("crm.duplicate.findbycomm.json")) {
            ArrayNode ids = N.arrayNode();
            String entity = r.json().path("entity_type").asText();
            String email = r.json().path("values").path(0).asText();
            entities.getOrDefault(entity, Map.of()).forEach((id, o) -> {
                if (ids.size() < 20
                        && o.path("EMAIL")
                                .toString()
                                .toLowerCase(Locale.ROOT)
                                .contains("\"" + email.toLowerCase(Locale.ROOT) + "\"")) {
                    ids.add(id);
                }
            });
            // PHP: an empty map is a list.
            return StubReply.of(
                    200, ids.isEmpty() ? "{\"result\":[]}" : "{\"result\":{\"" + entity + "\":" + ids + "}}");
        }
        if (method.endsWith(".list.json")) {
            ArrayNode all = N.arrayNode();
            Map<Integer, ObjectNode> records = entities.get(method.split("\\.")[1].toUpperCase(Locale.ROOT));
            r.json().path("filter").path("@ID").forEach(id -> {
                if (records.containsKey(id.asInt())) {
                    all.add(records.get(id.asInt()).deepCopy());
                }
            });
            return StubReply.ok(N.objectNode().set("result", all));
        }
        if (method.equals("batch.json")) {
            return batch(r);
        }
        return StubReply.of(400, "{\"error\":\"ERROR_METHOD_NOT_FOUND\"}");
    }

    private StubReply batch(StubRequest r) {
        ObjectNode done = N.objectNode();
        ObjectNode errors = N.objectNode();
        if (r.json().path("cmd").size() > 50) {
            return StubReply.of(400, "{\"error\":\"ERROR_BATCH_LENGTH_EXCEEDED\"}");
        }
        r.json().path("cmd").properties().forEach(c -> {
            Matcher m = UPDATE.matcher(URLDecoder.decode(c.getValue().asText(), StandardCharsets.UTF_8));
            if (!m.matches()) {
                errors.putObject(c.getKey())
                        .put("error", "ERROR_CORE")
                        .put("error_description", c.getValue().asText());
            } else if (refused.contains(Integer.parseInt(m.group(2)))) {
                errors.putObject(c.getKey()).put("error", "").put("error_description", "Required field is empty");
            } else {
                get(m.group(1).toUpperCase(Locale.ROOT), Integer.parseInt(m.group(2)))
                        .put(m.group(3), m.group(4));
                done.put(c.getKey(), true);
            }
        });
        ObjectNode result = N.objectNode();
        result.set("result", done);
        result.set("result_error", errors.isEmpty() ? N.arrayNode() : errors);
        return StubReply.ok(N.objectNode().set("result", result));
    }
}
