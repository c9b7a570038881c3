package io.github.cameldeliverability.crm.stub;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** HubSpot: opt-outs kept by address, for ever; contacts with properties. The batch calls for opt-outs need Enterprise. */
public final class HubSpotStub implements StubServer.Handler {

    private static final JsonNodeFactory N = JsonNodeFactory.instance;
    private static final String TIME = "2026-03-01T12:00:00Z";

    public final Set<String> optedOut = ConcurrentHashMap.newKeySet();
    public final Map<String, ObjectNode> contacts = new ConcurrentHashMap<>();
    /** Addresses that it never takes, one of which spoils a batch. */
    public final Set<String> refused = ConcurrentHashMap.newKeySet();

    public final Map<String, Boolean> properties = new ConcurrentHashMap<>();
    public volatile boolean enterprise = true;

    public HubSpotStub contact(String id, String email) {
        contacts.put(id, N.objectNode().put("email", email));
        return this;
    }

    @Override
    public StubReply apply(StubRequest r) {
        if (!"Bearer pat-secret-1".equals(r.headers().get("Authorization"))) {
            return error(401, "INVALID_AUTHENTICATION", "Authentication credentials not found");
        }
        if (r.path().startsWith("/crm/v3/properties/contacts/")) {
            Boolean readOnly = properties.get(r.part(4));
            return readOnly == null
                    ? error(404, "OBJECT_NOT_FOUND", "Property does not exist")
                    : StubReply.of(
                            200, "{\"name\":\"x\",\"modificationMetadata\":{\"readOnlyValue\":" + readOnly + "}}");
        }
        if (r.path().startsWith("/communication-preferences/")) {
            return preferences(r);
        }
        return switch (r.path()) {
            case "/crm/v3/objects/contacts/batch/read" -> read(r);
            case "/crm/v3/objects/contacts/batch/update" -> update(r);
            default -> null;
        };
    }

    private StubReply preferences(StubRequest r) {
        if (!"EMAIL".equals(r.query().get("channel"))) {
            return error(400, "VALIDATION_ERROR", "channel is required");
        }
        if (!r.path().contains("/batch/")) {
            String address = r.part(3).toLowerCase(Locale.ROOT);
            if (r.method().equals("POST")) {
                if (refused.contains(address)) {
                    return error(400, "VALIDATION_ERROR", "Email address " + address + " is invalid");
                }
                optedOut.add(address);
                return StubReply.of(
                        200,
                        "{\"status\":\"COMPLETE\",\"startedAt\":\"" + TIME + "\",\"completedAt\":\"" + TIME
                                + "\",\"results\":[]}");
            }
            ObjectNode all = batch();
            all.withArray("results").add(wide(address));
            return StubReply.ok(all);
        }
        if (!enterprise) {
            return error(403, "MISSING_SCOPES", "This app hasn't been granted all required scopes");
        }
        ObjectNode all = batch();
        ArrayNode results = all.withArray("results");
        if (r.json().path("inputs").size() > 100) {
            return error(400, "VALIDATION_ERROR", "too many inputs");
        }
        boolean reads = r.path().endsWith("/read");
        for (var in : r.json().path("inputs")) {
            String address = in.asText().toLowerCase(Locale.ROOT);
            if (!reads && refused.contains(address)) {
                return error(400, "VALIDATION_ERROR", "Email address " + address + " is invalid");
            }
        }
        r.json().path("inputs").forEach(in -> {
            String address = in.asText().toLowerCase(Locale.ROOT);
            if (!reads) {
                optedOut.add(address);
            }
            ObjectNode one = results.addObject().put("subscriberIdString", address);
            if (reads) {
                one.withArray("wideStatuses").add(wide(address));
            }
        });
        return StubReply.ok(all);
    }

    private ObjectNode wide(String address) {
        return N.objectNode()
                .put("channel", "EMAIL")
                .put("subscriberIdString", address)
                .put("wideStatusType", "PORTAL_WIDE")
                .put("timestamp", TIME)
                .put("status", optedOut.contains(address) ? "UNSUBSCRIBED" : "NOT_SPECIFIED");
    }

    private StubReply read(StubRequest r) {
        ObjectNode all = batch();
        r.json()
                .path("inputs")
                .forEach(in -> contacts.forEach((id, c) -> {
                    if (c.path("email").asText().equalsIgnoreCase(in.path("id").asText())) {
                        all.withArray("results").addObject().put("id", id).set("properties", c.deepCopy());
                    }
                }));
        return new StubReply(207, Map.of(), all.toString());
    }

    private StubReply update(StubRequest r) {
        ObjectNode all = batch();
        r.json().path("inputs").forEach(in -> {
            ObjectNode c = contacts.get(in.path("id").asText());
            if (c != null) {
                in.path("properties").properties().forEach(p -> c.set(p.getKey(), p.getValue()));
                all.withArray("results")
                        .addObject()
                        .put("id", in.path("id").asText())
                        .set("properties", c.deepCopy());
            }
        });
        return StubReply.ok(all);
    }

    private static ObjectNode batch() {
        ObjectNode n =
                N.objectNode().put("status", "COMPLETE").put("startedAt", TIME).put("completedAt", TIME);
        n.putArray("results");
        return n;
    }

    public static StubReply error(int status, String category, String message) {
        return StubReply.of(
                status,
                N.objectNode()
                        .put("status", "error")
                        .put("category", category)
                        .put("message", message)
                        .toString());
    }
}
