package io.github.cameldeliverability.crm.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.github.cameldeliverability.crm.format.Outcome;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * What a system answered, and what that means.
 *
 * @param status 0 if there was no answer
 * @param headers names in lower case
 * @param json a missing node if the body is no JSON
 * @param outcome DONE if the call went through
 * @param reason for people, empty if it went through
 * @param after how long to stay away, where it says
 * @param written whether the system may have acted: false if the call never left
 */
public record Answer(
        int status,
        Map<String, String> headers,
        String text,
        JsonNode json,
        Outcome outcome,
        String reason,
        Optional<Duration> after,
        boolean written) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SHOWN = 300;

    static Answer raw(int status, Map<String, String> headers, byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8);
        return new Answer(status, headers, text, json(text), Outcome.DONE, "", Optional.empty(), true);
    }

    static Answer none(Outcome outcome, String reason, Optional<Duration> after, boolean written) {
        return new Answer(0, Map.of(), "", MissingNode.getInstance(), outcome, reason, after, written);
    }

    Answer ruled(Outcome newOutcome, String newReason, Optional<Duration> newAfter) {
        return new Answer(status, headers, text, json, newOutcome, newReason, newAfter, written);
    }

    public boolean isOk() {
        return outcome == Outcome.DONE;
    }

    private static JsonNode json(String text) {
        try {
            JsonNode n = text.isBlank() ? null : JSON.readTree(text);
            return n == null ? MissingNode.getInstance() : n;
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }

    /** The start of the body on one line. */
    public String excerpt() {
        String s = text.strip().replaceAll("\\s+", " ");
        return s.length() <= SHOWN ? s : s.substring(0, SHOWN) + "...";
    }
}
