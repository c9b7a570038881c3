package io.github.cameldeliverability.crm.stub;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** UniSender: every fault has status 200, and nobody comes back from unsubscribed. */
public final class UniSenderStub implements StubServer.Handler {

    /** Address to status. */
    public final Map<String, String> contacts = new ConcurrentSkipListMap<>();

    /** Addresses whose row an import refuses. */
    public final Set<String> refused = ConcurrentHashMap.newKeySet();

    @Override
    public StubReply apply(StubRequest r) {
        Map<String, String> form = r.form();
        if (!"secret-key".equals(form.get("api_key"))) {
            return fault("invalid_api_key", "the key is wrong");
        }
        if (r.is("POST", "/unsubscribe")) {
            String address = form.get("contact");
            if (!contacts.containsKey(address)) {
                return fault("invalid_arg", "Contact not found");
            }
            contacts.put(address, "unsubscribed");
            return StubReply.of(200, "{\"result\":[]}");
        }
        if (r.is("POST", "/getContact")) {
            String address = form.get("email");
            if (!contacts.containsKey(address)) {
                return fault("invalid_arg", "Contact not found");
            }
            ObjectNode answer = JsonNodeFactory.instance.objectNode();
            answer.putObject("result").putObject("email").put("email", address).put("status", contacts.get(address));
            return StubReply.ok(answer);
        }
        if (r.is("POST", "/importContacts")) {
            String address = form.get("data[0][0]");
            ObjectNode answer = JsonNodeFactory.instance.objectNode();
            ArrayNode log = answer.putObject("result").put("total", 1).putArray("log");
            if (refused.contains(address)) {
                log.addObject().put("index", 0).put("code", "invalid_arg").put("message", "the row is refused");
            } else {
                contacts.put(address, form.get("data[0][1]"));
            }
            return StubReply.ok(answer);
        }
        return fault("unknown_method", r.path());
    }

    public static StubReply fault(String code, String error) {
        return StubReply.of(200, "{\"error\":\"" + error + "\",\"code\":\"" + code + "\"}");
    }
}
