package io.github.cameldeliverability.crm.stub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * EspoCRM: one row an address, shared by all records that have it; a write unlinks the addresses that it does not name and
 * clears the ticks that it does not give; a change that the user may not make is taken back without a word.
 */
public final class EspoCrmStub implements StubServer.Handler {

    private static final JsonNodeFactory N = JsonNodeFactory.instance;

    /** The addresses: in lower case, with their ticks. */
    public final Map<String, ObjectNode> rows = new TreeMap<>();

    /** The records, such as {@code Contact/1}, with the addresses that they have; the first is the primary one. */
    public final Map<String, List<String>> records = new TreeMap<>();

    public volatile boolean mayTick = true;

    public synchronized EspoCrmStub record(String record, String... addresses) {
        records.put(record, new ArrayList<>(List.of(addresses)));
        for (String a : addresses) {
            row(a);
        }
        return this;
    }

    public synchronized ObjectNode row(String address) {
        return rows.computeIfAbsent(
                address.toLowerCase(Locale.ROOT),
                k -> N.objectNode().put("optOut", false).put("invalid", false));
    }

    @Override
    public synchronized StubReply apply(StubRequest r) {
        if (!"espo-key".equals(r.headers().get("X-Api-Key"))) {
            return StubReply.of(401, "");
        }
        String entity = r.part(2);
        String key = entity + "/" + r.part(3);
        if (r.is("GET", "/api/v1/[A-Z][a-z]+")) {
            return StubReply.ok(list(entity, r.query().get("where[0][value]")));
        }
        if (!records.containsKey(key)) {
            return StubReply.of(404, "");
        }
        if (r.method().equals("PUT")) {
            write(key, r.json().path("emailAddressData"));
        }
        return StubReply.ok(one(key));
    }

    private ObjectNode list(String entity, String address) {
        ObjectNode found = N.objectNode();
        ArrayNode list = found.putArray("list");
        records.forEach((key, addresses) -> {
            if (key.startsWith(entity + "/") && addresses.stream().anyMatch(a -> a.equalsIgnoreCase(address))) {
                list.addObject().put("id", key.substring(entity.length() + 1));
            }
        });
        return found.put("total", list.size());
    }

    private ObjectNode one(String key) {
        ObjectNode o = N.objectNode().put("id", key.substring(key.indexOf('/') + 1));
        ArrayNode data = o.putArray("emailAddressData");
        for (String a : records.get(key)) {
            ObjectNode entry = data.addObject();
            entry.put("emailAddress", a)
                    .put("lower", a.toLowerCase(Locale.ROOT))
                    .put("primary", data.size() == 1);
            entry.setAll(row(a));
        }
        return o;
    }

    private void write(String key, JsonNode data) {
        if (!mayTick) {
            return;
        }
        List<String> addresses = new ArrayList<>();
        data.forEach(d -> {
            String a = d.path("emailAddress").asText();
            addresses.add(a);
            row(a).put("optOut", d.path("optOut").asBoolean())
                    .put("invalid", d.path("invalid").asBoolean());
        });
        records.put(key, addresses);
    }
}
