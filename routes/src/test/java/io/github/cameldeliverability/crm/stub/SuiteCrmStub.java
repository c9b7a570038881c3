package io.github.cameldeliverability.crm.stub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * SuiteCRM: flags on one row an address; a search by address that also finds who had it once; a change of {@code email1} that
 * is ignored; the older API, whose {@code set_entry} wipes the flags.
 */
public final class SuiteCrmStub implements StubServer.Handler {

    private static final JsonNodeFactory N = JsonNodeFactory.instance;

    /** The rows of the addresses by id. */
    public final Map<String, ObjectNode> rows = new TreeMap<>();

    private final Map<String, String> firstAddress = new TreeMap<>();
    private final Map<String, Set<String>> everHad = new TreeMap<>();
    public volatile boolean rowsAreGivenOut = true;
    public volatile boolean mayFlag = true;

    public synchronized SuiteCrmStub row(String id, String address) {
        rows.put(
                id,
                N.objectNode().put("email_address", address).put("opt_out", "0").put("invalid_email", "0"));
        return this;
    }

    /** @param record such as {@code Contacts/1} */
    public synchronized SuiteCrmStub record(String record, String first, String... before) {
        firstAddress.put(record, first);
        everHad.put(record, new HashSet<>(Set.of(before)));
        everHad.get(record).add(first);
        return this;
    }

    public synchronized String flag(String row, String name) {
        return rows.get(row).path(name).asText();
    }

    @Override
    public synchronized StubReply apply(StubRequest r) {
        if (r.is("POST", "/Api/access_token")) {
            return "suite-secret".equals(r.form().get("client_secret"))
                    ? StubReply.of(
                            200, "{\"token_type\":\"Bearer\",\"expires_in\":3600,\"access_token\":\"suite-token\"}")
                    : StubReply.of(401, "{\"error\":\"invalid_client\"}");
        }
        if (r.path().startsWith("/Api/v4_1") || r.path().startsWith("/service/")) {
            rows.values().forEach(row -> row.put("opt_out", "0").put("invalid_email", "0"));
            return StubReply.of(200, "{}");
        }
        if (!"Bearer suite-token".equals(r.headers().get("Authorization"))) {
            return StubReply.of(401, "{\"errors\":{\"status\":401}}");
        }
        if (r.is("PATCH", "/Api/V8/module")) {
            if (!"application/vnd.api+json".equals(r.headers().get("Content-Type"))) {
                return StubReply.of(415, "{\"errors\":{\"status\":415}}");
            }
            return patch(r.json().path("data"));
        }
        String module = r.part(3);
        if (module.equals("EmailAddresses") && !rowsAreGivenOut) {
            return StubReply.of(
                    400, "{\"errors\":{\"status\":400,\"detail\":\"Module EmailAddresses is not available\"}}");
        }
        ObjectNode answer = N.objectNode();
        if (!r.part(4).isEmpty()) {
            answer.set("data", data(module, r.part(4)));
            return StubReply.ok(answer);
        }
        ArrayNode found = answer.putArray("data");
        if (module.equals("EmailAddresses")) {
            String address = r.query().get("filter[email_address][eq]");
            rows.forEach((id, row) -> {
                if (row.path("email_address").asText().equalsIgnoreCase(address)) {
                    found.add(data(module, id));
                }
            });
        } else {
            String address = r.query().get("filter[email1][eq]");
            everHad.forEach((record, addresses) -> {
                if (record.startsWith(module + "/") && addresses.contains(address)) {
                    found.add(data(module, record.substring(module.length() + 1)));
                }
            });
        }
        return StubReply.ok(answer);
    }

    private ObjectNode data(String module, String id) {
        ObjectNode data = N.objectNode().put("type", module).put("id", id);
        if (module.equals("EmailAddresses")) {
            data.set("attributes", rows.get(id).deepCopy());
            return data;
        }
        String first = firstAddress.get(module + "/" + id);
        ObjectNode row = rowOf(first);
        data.putObject("attributes")
                .put("email1", first)
                .put("email_opt_out", row.path("opt_out").asText())
                .put("invalid_email", row.path("invalid_email").asText());
        return data;
    }

    private ObjectNode rowOf(String address) {
        return rows.values().stream()
                .filter(row -> row.path("email_address").asText().equals(address))
                .findFirst()
                .orElseThrow();
    }

    private StubReply patch(JsonNode data) {
        if (data.has("relationships")) {
            return StubReply.of(400, "{\"errors\":{\"status\":400,\"detail\":\"relationships is not accepted\"}}");
        }
        String module = data.path("type").asText();
        String id = data.path("id").asText();
        boolean isRow = module.equals("EmailAddresses");
        ObjectNode row = isRow ? rows.get(id) : rowOf(firstAddress.get(module + "/" + id));
        if (mayFlag) {
            // email1 and whatever else is given is ignored.
            copy(data, isRow ? "opt_out" : "email_opt_out", row, "opt_out");
            copy(data, "invalid_email", row, "invalid_email");
        }
        ObjectNode answer = N.objectNode();
        answer.set("data", data(module, id));
        return StubReply.ok(answer);
    }

    private static void copy(JsonNode data, String from, ObjectNode row, String to) {
        if (data.path("attributes").has(from)) {
            row.set(to, data.path("attributes").path(from));
        }
    }
}
