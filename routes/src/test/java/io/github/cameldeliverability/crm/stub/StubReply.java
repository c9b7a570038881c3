package io.github.cameldeliverability.crm.stub;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/** What a stub answers; status 0 closes the connection without an answer. */
public record StubReply(int status, Map<String, String> headers, String body) {

    public static StubReply of(int status, String body) {
        return new StubReply(status, Map.of(), body);
    }

    public static StubReply ok(JsonNode json) {
        return of(200, json.toString());
    }

    public StubReply with(String header, String value) {
        Map<String, String> more = new java.util.HashMap<>(headers);
        more.put(header, value);
        return new StubReply(status, more, body);
    }
}
