package io.github.cameldeliverability.crm.push;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.cameldeliverability.crm.CrmEvent;
import io.github.cameldeliverability.crm.format.JsonPath;
import io.github.cameldeliverability.crm.format.Rule;
import io.github.cameldeliverability.crm.format.Scope;
import io.github.cameldeliverability.crm.format.SystemDescription;
import io.github.cameldeliverability.crm.format.SystemDescription.Target;
import io.github.cameldeliverability.crm.format.Template;
import io.github.cameldeliverability.crm.format.Tree;
import io.github.cameldeliverability.crm.format.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a target writes for an event, and whether a record says so already. Immutable. */
final class States {

    /** @param fields and values; empty where the call alone says it */
    record State(String name, ObjectNode fields) {}

    private final SystemDescription system;
    private final Target target;
    private final Scope scope;

    States(SystemDescription system, Target target, Scope scope) {
        this.system = system;
        this.target = target;
        this.scope = scope;
    }

    /** Empty if the target has nothing to write for such an event. */
    Optional<State> of(CrmEvent e) {
        String name = Template.render(system.kinds().getOrDefault(e.kind().id(), ""), scope);
        Map<String, Object> fields = target.states().get(name);
        if (fields == null) {
            return Optional.empty();
        }
        JsonNode rendered = fields(e, name, JsonNodeFactory.instance.objectNode());
        // Fields were described, but the user named none of them.
        return rendered.isEmpty() && !fields.isEmpty()
                ? Optional.empty()
                : Optional.of(new State(name, (ObjectNode) rendered));
    }

    /** The fields of a state for a record, whose old values they may use. */
    ObjectNode fields(CrmEvent e, String state, JsonNode record) {
        return (ObjectNode)
                Tree.render(target.states().get(state), Item.in(scope, e).with("record", record));
    }

    /** The names of all fields that the target may write. */
    List<String> fieldNames() {
        List<String> all = new ArrayList<>();
        target.states().values().forEach(fields -> fields.keySet().forEach(k -> {
            String name = Template.render(k.endsWith("?") ? k.substring(0, k.length() - 1) : k, scope);
            if (!name.isEmpty() && !all.contains(name)) {
                all.add(name);
            }
        }));
        return all;
    }

    /** Whether a record is in the state of the item already, or in a stricter one. */
    boolean holds(Item item, JsonNode record, String row) {
        return missing(item, record, row).isEmpty();
    }

    /** What a record does not say that the item wants, for people; empty if all is there. */
    Optional<String> missing(Item item, JsonNode record, String row) {
        Scope names = item.in(scope);
        for (Map<String, Object> where : target.keep().getOrDefault(item.state(), List.of())) {
            if (Rule.where(where, record, names)) {
                return Optional.empty();
            }
        }
        JsonNode at = row == null ? record : JsonPath.parse(row).first(record, names);
        if (item.set().isEmpty()) {
            // The state has no fields: the record alone is the statement, unless 'keep' says what makes it one.
            return target.keep().containsKey(item.state()) || at.isMissingNode()
                    ? Optional.of("the entry is not there")
                    : Optional.empty();
        }
        for (Map.Entry<String, JsonNode> f : item.set().properties()) {
            if (target.compare() != null && !target.compare().contains(f.getKey())) {
                continue;
            }
            JsonNode is = at.isMissingNode() ? MissingNode.getInstance() : at.path(f.getKey());
            if (!Values.same(is, f.getValue())) {
                return Optional.of("field " + f.getKey() + " is " + (is.isMissingNode() ? "not there" : is.toString())
                        + ", not " + f.getValue());
            }
        }
        return Optional.empty();
    }
}
