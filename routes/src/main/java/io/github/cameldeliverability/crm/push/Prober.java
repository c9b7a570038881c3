package io.github.cameldeliverability.crm.push;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.github.cameldeliverability.crm.format.JsonPath;
import io.github.cameldeliverability.crm.format.Outcome;
import io.github.cameldeliverability.crm.format.Rule;
import io.github.cameldeliverability.crm.format.Scope;
import io.github.cameldeliverability.crm.format.SystemDescription;
import io.github.cameldeliverability.crm.format.SystemDescription.Fields;
import io.github.cameldeliverability.crm.format.SystemDescription.Probe;
import io.github.cameldeliverability.crm.format.Template;
import io.github.cameldeliverability.crm.format.Values;
import io.github.cameldeliverability.crm.http.Answer;
import io.github.cameldeliverability.crm.http.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Asks a system at start whether it will let us do what we are about to do. Blocking. */
final class Prober {

    private final SystemDescription system;
    private final Transport transport;
    private final Scope scope;
    private final List<TargetPush> targets;

    Prober(SystemDescription system, Transport transport, Scope scope, List<TargetPush> targets) {
        this.system = system;
        this.transport = transport;
        this.scope = scope;
        this.targets = targets;
    }

    /**
     * Makes the probes.
     *
     * @return a result that is not DONE if the system could not be asked: RETRY if it may be asked later, STOP if a right or
     *     a field is missing; the reason names it
     */
    Result probe() throws InterruptedException {
        for (Probe probe : system.probe()) {
            if (probe.enabled() != null
                    && !Values.isTrue(Template.parse(probe.enabled()).node(scope))) {
                continue;
            }
            for (Scope names : Each.of(probe.each(), scope)) {
                Result r = one(probe, names);
                if (r.outcome() != Outcome.DONE) {
                    return r;
                }
            }
        }
        return Result.of(Outcome.DONE, "");
    }

    private Result one(Probe probe, Scope names) throws InterruptedException {
        Answer answer = transport.call(probe.call(), names, List.of());
        if (!answer.isOk()) {
            boolean later = answer.outcome() == Outcome.RETRY || answer.outcome() == Outcome.THROTTLED;
            return new Result(
                    later ? Outcome.RETRY : Outcome.STOP,
                    (probe.says() == null ? "" : Template.render(probe.says(), names) + ": ") + answer.reason(),
                    answer.after(),
                    answer.status() > 0,
                    List.of());
        }
        if (probe.where() != null && !Rule.where(probe.where(), answer.json(), names)) {
            return Result.of(Outcome.STOP, Template.render(probe.says(), names.with("answer", answer.json())));
        }
        return probe.fields() == null ? Result.of(Outcome.DONE, "") : fields(probe.fields(), answer, names);
    }

    private Result fields(Fields fields, Answer answer, Scope names) {
        List<JsonNode> all = JsonPath.parse(fields.list()).all(answer.json(), names);
        JsonPath name = JsonPath.parse(fields.name());
        List<String> faults = new ArrayList<>();
        for (String wanted : wanted(fields, names)) {
            Optional<JsonNode> field = all.stream()
                    .filter(f -> Values.same(name.first(f, names), TextNode.valueOf(wanted)))
                    .findFirst();
            if (field.isEmpty()) {
                faults.add("field " + wanted + " is not there, or hidden from this user");
            } else if (fields.writable() != null && !Rule.where(fields.writable(), field.get(), names)) {
                faults.add("field " + wanted + " is not writable for this user");
            }
        }
        return faults.isEmpty()
                ? Result.of(Outcome.DONE, "")
                : Result.of(Outcome.STOP, String.join("; ", faults) + where(names));
    }

    private static String where(Scope names) {
        String each = Template.render("${each}", names);
        return each.isEmpty() ? "" : " (" + each + ")";
    }

    private List<String> wanted(Fields fields, Scope names) {
        String each = Template.render("${each}", names);
        return targets.stream()
                .filter(t -> fields.target() == null
                        || fields.target().equals(t.target().id()))
                .filter(t ->
                        each.isEmpty() || Template.render("${each}", t.scope()).equals(each))
                .flatMap(t -> t.states().fieldNames().stream())
                .distinct()
                .toList();
    }
}
