package io.github.cameldeliverability.crm;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultMessage;

/**
 * Makes the changes of the feed into records for camel-kafka: the body becomes a list of messages, each with JSON as its body,
 * the address in lower case as its key, so that the changes of an address stay in order, and the header {@link #ID} by which
 * a reader knows a change that came twice.
 *
 * <p>A record is {@code {"id", "sequence", "list", "change": "added" or "removed", "at", "address", "scope", "kind", "reason",
 * "evidence", "source"}}; what is unknown is left out. Thread-safe.
 */
public final class KafkaRecords implements Processor {

    /** {@code LIST-SEQUENCE}, the same for a change that is sent again. */
    public static final String ID = "suppressionId";

    // KafkaConstants.KEY; camel-kafka is on the class path of who uses it.
    static final String KEY = "kafka.KEY";

    private static final ObjectMapper JSON = new ObjectMapper();

    /** @throws IllegalArgumentException if the body is none of a change, a list of changes or their JSON */
    @Override
    public void process(Exchange exchange) {
        List<Message> records = new ArrayList<>();
        for (CrmEvent e : CrmEvents.of(exchange.getMessage().getBody())) {
            Message m = new DefaultMessage(exchange.getContext());
            m.setBody(json(e).toString());
            m.setHeader(KEY, e.key());
            m.setHeader(ID, e.idempotencyKey());
            records.add(m);
        }
        exchange.getMessage().setBody(records);
    }

    private static ObjectNode json(CrmEvent e) {
        ObjectNode o = JSON.createObjectNode()
                .put("id", e.idempotencyKey())
                .put("sequence", e.sequence())
                .put("list", e.list())
                .put("change", e.removed() ? "removed" : "added")
                .put("at", e.at().toString())
                .put("address", e.address().toString())
                .put("scope", e.scope())
                .put("kind", e.kind().id().toLowerCase(Locale.ROOT));
        optional(o, "reason", e.reason());
        optional(o, "evidence", e.evidence());
        optional(o, "source", e.source());
        return o;
    }

    private static void optional(ObjectNode o, String name, String value) {
        if (!value.isEmpty()) {
            o.put(name, value);
        }
    }
}
