package io.github.cameldeliverability.crm.push;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import io.github.cameldeliverability.crm.CrmEvent;
import io.github.cameldeliverability.crm.format.JsonPath;
import io.github.cameldeliverability.crm.format.Outcome;
import io.github.cameldeliverability.crm.format.Scope;
import io.github.cameldeliverability.crm.format.SystemDescription.Find;
import io.github.cameldeliverability.crm.format.SystemDescription.Load;
import io.github.cameldeliverability.crm.format.Template;
import io.github.cameldeliverability.crm.format.Values;
import io.github.cameldeliverability.crm.http.Answer;
import io.github.cameldeliverability.crm.http.Pages;
import io.github.cameldeliverability.crm.http.Transport;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Finds the records that have an address. Blocking; thread-safe. */
final class Finder {

    private static final int MAX_PAGES = 50;

    /**
     * @param result DONE if it was looked for with success
     * @param records the records that do have the address, by id
     */
    record Found(Result result, Map<String, JsonNode> records) {}

    private final Find find;
    private final Transport transport;
    private final Scope scope;
    private final Parallel parallel;

    Finder(Find find, Transport transport, Scope scope, Parallel parallel) {
        this.find = find;
        this.transport = transport;
        this.scope = scope;
        this.parallel = parallel;
    }

    Map<CrmEvent, Found> find(List<CrmEvent> events) throws InterruptedException {
        Map<CrmEvent, Found> all = new LinkedHashMap<>();
        parallel.all(Parallel.chunks(events, find.per()), this::chunk).forEach(all::putAll);
        return all;
    }

    private Map<CrmEvent, Found> chunk(List<CrmEvent> events) throws InterruptedException {
        Scope names = find.per() == 1 ? Item.in(scope, events.get(0)) : scope;
        ArrayNode addresses = JsonNodeFactory.instance.arrayNode();
        ArrayNode keys = JsonNodeFactory.instance.arrayNode();
        events.forEach(e -> {
            addresses.add(e.address().toString());
            keys.add(e.key());
        });
        Pages pages = new Pages(
                transport,
                find.call(),
                names.with("addresses", addresses).with("keys", keys),
                find.next(),
                find.answers());
        List<JsonNode> records = new ArrayList<>();
        JsonPath path = JsonPath.parse(find.records());
        for (int i = 0; i < MAX_PAGES && pages.hasNext(); i++) {
            Answer answer = pages.next(path);
            if (answer.outcome() == Outcome.NOT_FOUND) {
                break;
            }
            if (!answer.isOk()) {
                // One address that the system chokes on must not stop the others that were asked with it.
                return answer.outcome() == Outcome.TERMINAL && events.size() > 1
                        ? singly(events)
                        : same(events, Result.of(answer));
            }
            records.addAll(path.all(answer.json(), names));
        }
        if (pages.hasNext() || (find.cut() > 0 && records.size() >= find.cut())) {
            return same(
                    events,
                    Result.of(
                            Outcome.TERMINAL,
                            "more records have the address than the system tells (" + records.size()
                                    + "): mark them by hand"));
        }
        if (find.load() != null && !records.isEmpty()) {
            List<String> ids = new ArrayList<>();
            for (JsonNode r : records) {
                ids.add(id(r, find.id(), names));
            }
            List<JsonNode> loaded = new ArrayList<>();
            Result result = load(find.load(), ids, names, loaded);
            if (result.outcome() != Outcome.DONE) {
                return same(events, result);
            }
            records = loaded;
        }
        return match(events, records);
    }

    private Map<CrmEvent, Found> singly(List<CrmEvent> events) throws InterruptedException {
        Map<CrmEvent, Found> all = new LinkedHashMap<>();
        int half = events.size() / 2;
        all.putAll(chunk(events.subList(0, half)));
        all.putAll(chunk(events.subList(half, events.size())));
        return all;
    }

    /** Reads one record again: empty if it is gone, or has the address no more. */
    Found again(CrmEvent event, String recordId) throws InterruptedException {
        Found found;
        if (find.load() == null) {
            found = chunk(List.of(event)).get(event);
        } else {
            List<JsonNode> loaded = new ArrayList<>();
            Result result = load(find.load(), List.of(recordId), Item.in(scope, event), loaded);
            found = result.outcome() == Outcome.DONE
                    ? match(List.of(event), loaded).get(event)
                    : new Found(result, Map.of());
        }
        JsonNode record = found.records().get(recordId);
        return new Found(found.result(), record == null ? Map.of() : Map.of(recordId, record));
    }

    /** Reads records by id into a list. */
    Result load(Load load, List<String> ids, Scope names, List<JsonNode> into) throws InterruptedException {
        JsonPath path = JsonPath.parse(load.records());
        for (List<String> some : Parallel.chunks(ids, load.per())) {
            ArrayNode list = JsonNodeFactory.instance.arrayNode();
            some.forEach(list::add);
            Scope with = names.with("ids", list).with("id", some.get(0));
            Answer answer = transport.call(load.call(), with, load.answers());
            if (answer.outcome() == Outcome.NOT_FOUND) {
                continue;
            }
            if (!answer.isOk()) {
                return Result.of(answer);
            }
            into.addAll(path.all(answer.json(), with));
        }
        return Result.of(Outcome.DONE, "");
    }

    private Map<CrmEvent, Found> match(List<CrmEvent> events, List<JsonNode> records) {
        Map<CrmEvent, Found> all = new LinkedHashMap<>();
        String idPath =
                find.load() != null && find.load().id() != null ? find.load().id() : find.id();
        for (CrmEvent e : events) {
            Map<String, JsonNode> mine = new LinkedHashMap<>();
            for (JsonNode r : records) {
                String id = id(r, idPath, scope);
                if (!id.isEmpty() && has(r, e)) {
                    mine.put(id, r);
                }
            }
            all.put(e, new Found(Result.of(Outcome.DONE, ""), mine));
        }
        return all;
    }

    /** Searches find more than they are asked for: a record counts only if the very address is in it. */
    private boolean has(JsonNode record, CrmEvent e) {
        if (find.address().isEmpty()) {
            return true;
        }
        JsonNode plain = TextNode.valueOf(e.address().toString());
        JsonNode key = TextNode.valueOf(e.key());
        Scope names = Item.in(scope, e);
        return find.address().stream()
                .flatMap(p -> Arrays.stream(Template.render(p, names).split(",")))
                .flatMap(p -> JsonPath.parse(p.strip()).all(record, names).stream())
                .anyMatch(n -> Values.same(n, plain) || Values.same(n, key));
    }

    private static String id(JsonNode record, String path, Scope scope) {
        JsonNode n = path == null || path.isEmpty()
                ? record
                : JsonPath.parse(Template.render(path, scope)).first(record, scope);
        return n.isValueNode() && !n.isNull() ? n.asText() : "";
    }

    private static Map<CrmEvent, Found> same(List<CrmEvent> events, Result result) {
        Map<CrmEvent, Found> all = new LinkedHashMap<>();
        events.forEach(e -> all.put(e, new Found(result, Map.of())));
        return all;
    }
}
