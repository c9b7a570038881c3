package io.github.cameldeliverability.suppression;

import io.github.cameldeliverability.mail.Suppression;
import io.github.cameldeliverability.mail.SuppressionChange;
import java.util.Collection;
import java.util.Locale;
import org.apache.camel.util.json.JsonArray;
import org.apache.camel.util.json.JsonObject;

/**
 * Entries and changes as JSON. An entry:
 * {@code {"address", "scope", "kind", "reason", "evidence", "rule", "source", "since", "until"}}; a change adds
 * {@code "sequence", "list", "change", "at"}. Times are ISO-8601 in UTC; what is unknown is left out.
 */
final class SuppressionJson {

    private SuppressionJson() {}

    static JsonObject of(Suppression s) {
        JsonObject o = new JsonObject();
        o.put("address", s.address().toString());
        o.put("scope", s.scope());
        o.put("kind", s.kind().id());
        s.reason().ifPresent(r -> o.put("reason", r.id()));
        if (!s.evidence().isEmpty()) {
            o.put("evidence", s.evidence());
        }
        s.ruleId().ifPresent(r -> o.put("rule", r));
        o.put("source", s.source());
        o.put("since", s.since().toString());
        s.until().ifPresent(u -> o.put("until", u.toString()));
        s.origin().stream().ifPresent(v -> o.put("stream", v));
        s.origin().provider().ifPresent(v -> o.put("provider", v));
        s.origin().queueId().ifPresent(v -> o.put("queueId", v));
        return o;
    }

    static JsonObject of(SuppressionChange c) {
        JsonObject o = new JsonObject();
        o.put("sequence", c.sequence());
        o.put("list", c.suppression().list());
        o.put("change", c.operation().name().toLowerCase(Locale.ROOT));
        o.put("at", c.at().toString());
        o.putAll(of(c.suppression()));
        return o;
    }

    static JsonArray of(Collection<SuppressionChange> changes) {
        JsonArray a = new JsonArray();
        changes.forEach(c -> a.add(of(c)));
        return a;
    }
}
