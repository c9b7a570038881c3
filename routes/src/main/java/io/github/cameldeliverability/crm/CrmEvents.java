package io.github.cameldeliverability.crm;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.SuppressionChange;
import io.github.cameldeliverability.mail.SuppressionKind;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reads the body of a sink's exchange. */
final class CrmEvents {

    private static final ObjectMapper JSON = new ObjectMapper();

    private CrmEvents() {}

    /** @throws IllegalArgumentException if the body is none of a change, a list of changes or their JSON */
    static List<CrmEvent> of(Object body) {
        if (body instanceof SuppressionChange change) {
            return List.of(CrmEvent.of(change));
        }
        if (body instanceof Iterable<?> list) {
            List<CrmEvent> all = new ArrayList<>();
            list.forEach(x -> all.addAll(of(x)));
            return all;
        }
        if (body instanceof byte[] bytes) {
            return json(new String(bytes, StandardCharsets.UTF_8));
        }
        if (body instanceof String text) {
            return json(text);
        }
        throw new IllegalArgumentException("A CRM sink wants changes of a suppression list"
                + " (from(\"suppression:LIST?consumer=NAME\")), not "
                + (body == null ? "an empty body" : body.getClass().getName()));
    }

    private static List<CrmEvent> json(String text) {
        try {
            JsonNode n = JSON.readTree(text);
            List<CrmEvent> all = new ArrayList<>();
            if (n.isArray()) {
                n.forEach(x -> all.add(one(x)));
            } else {
                all.add(one(n));
            }
            return all;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("The body is no JSON of the change feed: " + e.getOriginalMessage(), e);
        }
    }

    private static CrmEvent one(JsonNode n) {
        if (!n.path("address").isTextual() || !n.path("sequence").isIntegralNumber()) {
            throw new IllegalArgumentException("The JSON is no change of the feed: address and sequence are wanted");
        }
        return new CrmEvent(
                n.path("list").asText("default"),
                n.path("sequence").asLong(),
                EmailAddress.parse(n.path("address").asText()),
                SuppressionKind.valueOf(n.path("kind").asText("manual").toUpperCase(Locale.ROOT)),
                n.path("reason").asText(""),
                n.path("evidence").asText(""),
                n.path("scope").asText("global"),
                n.path("source").asText(""),
                Instant.parse(n.path("at").asText("1970-01-01T00:00:00Z")),
                n.path("change").asText("added").equals("removed"));
    }
}
