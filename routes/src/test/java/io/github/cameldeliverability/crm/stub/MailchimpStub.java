package io.github.cameldeliverability.crm.stub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** An audience of Mailchimp: members named by MD5, 200 with errors, and no way back to subscribed. */
public final class MailchimpStub implements StubServer.Handler {

    /** Address to status. */
    public final Map<String, String> members = new ConcurrentSkipListMap<>();

    /** Address to the error that it is refused with. */
    public final Map<String, String> refused = new ConcurrentHashMap<>();

    @Override
    public StubReply apply(StubRequest r) {
        String key = Base64.getEncoder().encodeToString("any:key-us21".getBytes(StandardCharsets.UTF_8));
        if (!("Basic " + key).equals(r.headers().get("Authorization"))) {
            return StubReply.of(401, "{\"title\":\"API Key Invalid\"}");
        }
        if (r.is("GET", "/3.0/lists/l1/members/[0-9a-f]{32}")) {
            return members.entrySet().stream()
                    .filter(m -> md5(m.getKey()).equals(r.part(4)))
                    .map(m -> StubReply.ok(member(m.getKey())))
                    .findFirst()
                    .orElse(StubReply.of(404, "{\"title\":\"Resource Not Found\"}"));
        }
        if (r.is("GET", "/3.0/lists/l1/members")) {
            ObjectNode page = JsonNodeFactory.instance.objectNode();
            ArrayNode list = page.putArray("members");
            members.entrySet().stream()
                    .filter(m -> m.getValue().equals(r.query().get("status")))
                    .skip(Long.parseLong(r.query().get("offset")))
                    .limit(Long.parseLong(r.query().get("count")))
                    .forEach(m -> list.add(member(m.getKey())));
            return StubReply.ok(page);
        }
        return r.is("POST", "/3.0/lists/l1/?") ? write(r.json()) : null;
    }

    private StubReply write(JsonNode body) {
        if (body.path("members").size() > 500) {
            return StubReply.of(400, "{\"detail\":\"more than 500 members\"}");
        }
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        answer.putArray("new_members");
        ArrayNode updated = answer.putArray("updated_members");
        ArrayNode errors = answer.putArray("errors");
        for (JsonNode m : body.path("members")) {
            String address = m.path("email_address").asText();
            String error = refused.get(address);
            boolean back = m.path("status").asText().equals("subscribed");
            if (error != null || back || !body.path("update_existing").asBoolean()) {
                errors.addObject()
                        .put("email_address", address)
                        .put("error", error == null ? "is in a compliance state" : error)
                        .put("error_code", "ERROR_GENERIC");
            } else {
                members.put(address, m.path("status").asText());
                updated.add(member(address));
            }
        }
        return StubReply.ok(answer);
    }

    private ObjectNode member(String address) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("id", md5(address))
                .put("email_address", address)
                .put("status", members.get(address))
                .put("last_changed", "2026-03-01T12:00:00+00:00");
    }

    private static String md5(String address) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("MD5")
                            .digest(address.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
