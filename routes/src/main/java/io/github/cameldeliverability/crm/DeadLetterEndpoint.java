package io.github.cameldeliverability.crm;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.cameldeliverability.crm.http.Mask;
import io.github.cameldeliverability.crm.push.DeadLetters;
import io.github.cameldeliverability.crm.push.Result;
import io.github.cameldeliverability.suppression.SuppressionConstants;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends dead letters to an endpoint: JSON {@code {sink, target, key, address, kind, reason, evidence, scope, at, refused}}. */
final class DeadLetterEndpoint implements DeadLetters {

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterEndpoint.class);

    private final ProducerTemplate producer;
    private final String sink;
    private final String uri;

    DeadLetterEndpoint(CamelContext context, String sink, String uri) {
        this.producer = context.createProducerTemplate();
        this.sink = sink;
        this.uri = uri.isBlank()
                ? "file:deliverability-dead-letters?fileExist=Append&appendChars=\\n&fileName=" + sink + ".ndjson"
                : uri;
    }

    @Override
    public void add(CrmEvent e, String target, Result r) {
        ObjectNode n = JsonNodeFactory.instance
                .objectNode()
                .put("sink", sink)
                .put("target", target)
                .put("key", e.idempotencyKey())
                .put("address", e.address().toString())
                .put("kind", e.kind().id())
                .put("reason", e.reason())
                .put("evidence", e.evidence())
                .put("scope", e.scope())
                .put("at", e.at().toString())
                .put("refused", r.reason());
        producer.sendBodyAndHeaders(
                uri, n.toString(), Map.of(SuppressionConstants.IDEMPOTENCY_KEY, e.idempotencyKey()));
        LOG.warn("{}: change {} goes to the dead letters: {}", sink, e.idempotencyKey(), Mask.localParts(r.reason()));
    }
}
