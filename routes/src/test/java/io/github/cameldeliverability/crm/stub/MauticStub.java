package io.github.cameldeliverability.crm.stub;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** Mautic: contacts with Do Not Contact, whose reason 0 is an error; batches with a status for each. */
public final class MauticStub implements StubServer.Handler {

    private static final JsonNodeFactory N = JsonNodeFactory.instance;

    public final Map<Integer, ObjectNode> contacts = java.util.Collections.synchronizedMap(new TreeMap<>());
    public final Set<Integer> refused = ConcurrentHashMap.newKeySet();

    public MauticStub contact(int id, String email) {
        ObjectNode o = N.objectNode().put("id", id);
        o.putArray("doNotContact");
        o.putObject("fields").putObject("all").put("email", email);
        contacts.put(id, o);
        return this;
    }

    /** The reason of a contact's entry for e-mail; 0 if there is none. */
    public int reason(int id) {
        return contacts.get(id).path("doNotContact").path(0).path("reason").asInt();
    }

    @Override
    public StubReply apply(StubRequest r) {
        if (!"Basic bWFpbGVyOnBhc3Mtd29yZA==".equals(r.headers().get("Authorization"))) {
            return StubReply.of(401, "{\"errors\":[{\"code\":401,\"message\":\"API authorization denied.\"}]}");
        }
        if (r.is("GET", "/api/contacts")) {
            String email =
                    r.query().getOrDefault("search", "").replace("email:", "").toLowerCase(Locale.ROOT);
            ObjectNode found = N.objectNode();
            contacts.forEach((id, c) -> {
                // A search for a part of an address finds it too.
                if (c.path("fields")
                        .path("all")
                        .path("email")
                        .asText()
                        .toLowerCase(Locale.ROOT)
                        .contains(email)) {
                    found.set(Integer.toString(id), c.deepCopy());
                }
            });
            ObjectNode all = N.objectNode().put("total", Integer.toString(found.size()));
            // PHP: an empty map is a list.
            all.set("contacts", found.isEmpty() ? N.arrayNode() : found);
            return StubReply.ok(all);
        }
        if (r.is("PATCH", "/api/contacts/batch/edit")) {
            ArrayNode codes = N.arrayNode();
            r.json().forEach(c -> codes.add(edit((ObjectNode) c)));
            ObjectNode all = N.objectNode();
            all.set("statusCodes", codes);
            return StubReply.ok(all);
        }
        return null;
    }

    private int edit(ObjectNode change) {
        ObjectNode c = contacts.get(change.path("id").asInt());
        if (c == null) {
            return 404;
        }
        int reason = change.path("doNotContact").path(0).path("reason").asInt();
        if (refused.contains(change.path("id").asInt()) || reason == 0) {
            return 400;
        }
        c.putArray("doNotContact").addObject().put("channel", "email").put("reason", reason);
        return 200;
    }
}
