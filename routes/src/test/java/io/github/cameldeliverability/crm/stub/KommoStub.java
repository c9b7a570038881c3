package io.github.cameldeliverability.crm.stub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Kommo: a full-text search, refresh tokens that work once, 204 where nothing is found. */
public final class KommoStub implements StubServer.Handler {

    private static final JsonNodeFactory N = JsonNodeFactory.instance;

    public final Map<Integer, ObjectNode> contacts = java.util.Collections.synchronizedMap(new TreeMap<>());
    public final AtomicInteger rotations = new AtomicInteger();
    public volatile String refresh = "refresh-0";
    public volatile String access = "none";

    public KommoStub contact(int id, String name, String... emails) {
        ObjectNode o = N.objectNode().put("id", id).put("name", name);
        ObjectNode field = o.putArray("custom_fields_values")
                .addObject()
                .put("field_id", 11)
                .put("field_code", "EMAIL");
        for (String e : emails) {
            field.withArray("values").addObject().put("value", e);
        }
        contacts.put(id, o);
        return this;
    }

    /** The value of a custom field; a missing node if it has none. */
    public JsonNode value(int id, int field) {
        for (JsonNode f : contacts.get(id).path("custom_fields_values")) {
            if (f.path("field_id").asInt() == field) {
                return f.path("values").path(0).path("value");
            }
        }
        return contacts.get(id).path("none");
    }

    @Override
    public StubReply apply(StubRequest r) {
        if (r.is("POST", "/oauth2/access_token")) {
            if (!r.json().path("refresh_token").asText().equals(refresh)) {
                return StubReply.of(400, "{\"hint\":\"Token has been revoked\",\"title\":\"Некорректный запрос\"}");
            }
            int n = rotations.incrementAndGet();
            refresh = "refresh-" + n;
            access = "access-" + n;
            return StubReply.of(
                    200,
                    "{\"token_type\":\"Bearer\",\"expires_in\":86400,\"access_token\":\"" + access
                            + "\",\"refresh_token\":\"" + refresh + "\"}");
        }
        if (!("Bearer " + access).equals(r.headers().get("Authorization"))) {
            return StubReply.of(401, "{\"title\":\"Unauthorized\"}");
        }
        if (r.path().startsWith("/api/v4/contacts/custom_fields/")) {
            return StubReply.of(200, "{\"id\":971,\"type\":\"checkbox\",\"is_api_only\":false}");
        }
        ArrayNode found = N.arrayNode();
        if (r.method().equals("GET")) {
            String query = r.query().get("query").toLowerCase(Locale.ROOT);
            contacts.values().stream()
                    .filter(c -> c.toString().toLowerCase(Locale.ROOT).contains(query))
                    .forEach(c -> found.add(c.deepCopy()));
        } else {
            r.json().forEach(c -> {
                ObjectNode o = contacts.get(c.path("id").asInt());
                c.path("custom_fields_values")
                        .forEach(f -> o.withArray("custom_fields_values").add(f));
                found.addObject().put("id", c.path("id").asInt());
            });
        }
        ObjectNode all = N.objectNode();
        all.putObject("_embedded").set("contacts", found);
        return found.isEmpty() ? StubReply.of(204, "") : StubReply.ok(all);
    }
}
