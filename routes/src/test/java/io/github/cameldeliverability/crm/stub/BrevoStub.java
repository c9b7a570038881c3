package io.github.cameldeliverability.crm.stub;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** Brevo: contacts with a mark, and the list of those whom transactional mail does not reach. */
public final class BrevoStub implements StubServer.Handler {

    /** Address to whether it is on the block list. */
    public final Map<String, Boolean> contacts = new ConcurrentSkipListMap<>();

    /** Address to the code of the reason. */
    public final Map<String, String> blocked = new ConcurrentSkipListMap<>();

    /** Whose change is accepted and not made. */
    public final Set<String> stubborn = ConcurrentHashMap.newKeySet();

    @Override
    public StubReply apply(StubRequest r) {
        if (!"xkeysib-secret".equals(r.headers().get("api-key"))) {
            return StubReply.of(401, "{\"code\":\"unauthorized\",\"message\":\"Key not found\"}");
        }
        if (r.is("GET", "/v3/smtp/blockedContacts")) {
            ObjectNode page = JsonNodeFactory.instance.objectNode();
            ArrayNode rows = page.putArray("contacts");
            blocked.entrySet().stream()
                    .skip(Long.parseLong(r.query().get("offset")))
                    .limit(Long.parseLong(r.query().get("limit")))
                    .forEach(e -> rows.addObject()
                            .put("email", e.getKey())
                            .put("blockedAt", "2026-03-01T12:00:00.000+00:00")
                            .putObject("reason")
                            .put("code", e.getValue())
                            .put("message", "as told"));
            return StubReply.ok(page);
        }
        String address = r.part(2);
        if (!r.path().startsWith("/v3/contacts/") || !contacts.containsKey(address)) {
            return StubReply.of(404, "{\"code\":\"document_not_found\",\"message\":\"Contact does not exist\"}");
        }
        if (r.method().equals("PUT")) {
            if (!stubborn.contains(address)) {
                contacts.put(address, r.json().path("emailBlacklisted").asBoolean());
            }
            return StubReply.of(204, "");
        }
        return StubReply.ok(JsonNodeFactory.instance
                .objectNode()
                .put("id", 7)
                .put("email", address)
                .put("emailBlacklisted", contacts.get(address)));
    }
}
