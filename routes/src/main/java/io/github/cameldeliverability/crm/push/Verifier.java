package io.github.cameldeliverability.crm.push;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.github.cameldeliverability.crm.CrmEvent;
import io.github.cameldeliverability.crm.format.JsonPath;
import io.github.cameldeliverability.crm.format.Outcome;
import io.github.cameldeliverability.crm.format.Scope;
import io.github.cameldeliverability.crm.format.SystemDescription.Find;
import io.github.cameldeliverability.crm.format.SystemDescription.Load;
import io.github.cameldeliverability.crm.format.SystemDescription.Verify;
import io.github.cameldeliverability.crm.format.Template;
import io.github.cameldeliverability.crm.format.Values;
import io.github.cameldeliverability.crm.http.Answer;
import io.github.cameldeliverability.crm.http.Sleeper;
import io.github.cameldeliverability.crm.http.Transport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads back what was written: several systems answer 200 and change nothing. Blocking; thread-safe.
 */
final class Verifier {

    private final Verify verify;
    private final Find find;
    private final Finder finder;
    private final States states;
    private final Transport transport;
    private final Scope scope;
    private final Sleeper sleeper;

    Verifier(
            Verify verify, Find find, Finder finder, States states, Transport transport, Scope scope, Sleeper sleeper) {
        this.verify = verify;
        this.find = find;
        this.finder = finder;
        this.states = states;
        this.transport = transport;
        this.scope = scope;
        this.sleeper = sleeper;
    }

    /** What is true of items whose write went through: DONE, or TERMINAL with what is not as it was written. */
    Map<Item, Result> check(Map<Item, Answer> written) throws InterruptedException {
        Map<Item, Result> all = new LinkedHashMap<>();
        Map<Item, Answer> open = new LinkedHashMap<>(written);
        for (int attempt = 1; !open.isEmpty(); attempt++) {
            Map<Item, Result> looked = look(open);
            all.putAll(looked);
            open.keySet().removeIf(i -> looked.get(i).outcome() != Outcome.TERMINAL);
            if (attempt >= verify.tries() || open.isEmpty()) {
                break;
            }
            sleeper.sleep(Duration.ofSeconds(verify.pause()));
        }
        return all;
    }

    private Map<Item, Result> look(Map<Item, Answer> written) throws InterruptedException {
        List<Item> items = new ArrayList<>(written.keySet());
        Map<Item, Result> all = new LinkedHashMap<>();
        switch (verify.from()) {
            case ANSWER -> {
                JsonPath path = JsonPath.parse(verify.records() == null ? "" : verify.records());
                for (Item i : items) {
                    all.put(i, judge(i, path.all(written.get(i).json(), i.in(scope))));
                }
            }
            case FIND -> {
                Map<CrmEvent, Finder.Found> found =
                        finder.find(items.stream().map(Item::event).distinct().toList());
                for (Item i : items) {
                    Finder.Found f = found.get(i.event());
                    JsonNode record = i.id().isEmpty()
                            ? f.records().values().stream().findFirst().orElse(null)
                            : f.records().get(i.id());
                    all.put(
                            i,
                            f.result().outcome() != Outcome.DONE
                                    ? f.result()
                                    : judge(i, record == null ? List.of() : List.of(record)));
                }
            }
            case LOAD -> all.putAll(byId(items, find.load()));
            default -> {
                if (verify.id() != null) {
                    all.putAll(byId(
                            items,
                            new Load(verify.call(), verify.per(), verify.records(), verify.id(), verify.answers())));
                } else {
                    for (Item i : items) {
                        all.put(i, byCall(i));
                    }
                }
            }
        }
        return all;
    }

    private Result byCall(Item i) throws InterruptedException {
        Answer answer = transport.call(verify.call(), i.in(scope), verify.answers());
        if (answer.outcome() == Outcome.NOT_FOUND) {
            return judge(i, List.of());
        }
        if (!answer.isOk()) {
            return Result.of(answer);
        }
        JsonPath path = JsonPath.parse(verify.records() == null ? "" : verify.records());
        return judge(i, path.all(answer.json(), i.in(scope)));
    }

    private Map<Item, Result> byId(List<Item> items, Load load) throws InterruptedException {
        Map<Item, Result> all = new LinkedHashMap<>();
        List<JsonNode> records = new ArrayList<>();
        // With one record a call, its templates may use what is known of the item.
        Scope names = load.per() == 1 && items.size() == 1 ? items.get(0).in(scope) : scope;
        Result result = finder.load(load, items.stream().map(Item::id).toList(), names, records);
        for (Item i : items) {
            all.put(
                    i,
                    result.outcome() != Outcome.DONE
                            ? result
                            : judge(
                                    i,
                                    records.stream()
                                            .filter(r -> Values.same(id(r, load.id()), TextNode.valueOf(i.id())))
                                            .toList()));
        }
        return all;
    }

    private JsonNode id(JsonNode record, String path) {
        return path == null || path.isEmpty()
                ? record
                : JsonPath.parse(Template.render(path, scope)).first(record, scope);
    }

    private Result judge(Item item, List<JsonNode> records) {
        String row = verify.row() != null ? verify.row() : find == null ? null : find.row();
        List<JsonNode> mine = records.stream().filter(r -> has(r, item)).toList();
        if (mine.isEmpty()) {
            return Result.of(Outcome.TERMINAL, "written without complaint, but it cannot be read back");
        }
        Optional<String> missing = Optional.of("");
        for (JsonNode r : mine) {
            missing = states.missing(item, r, row);
            if (missing.isEmpty()) {
                return Result.of(Outcome.DONE, "");
            }
        }
        return Result.of(Outcome.TERMINAL, "written without complaint, but unchanged: " + missing.orElse(""));
    }

    private boolean has(JsonNode record, Item item) {
        if (verify.address().isEmpty()) {
            return true;
        }
        JsonNode plain = TextNode.valueOf(item.event().address().toString());
        JsonNode key = TextNode.valueOf(item.event().key());
        return verify.address().stream()
                .flatMap(p -> JsonPath.parse(p).all(record, item.in(scope)).stream())
                .anyMatch(n -> Values.same(n, plain) || Values.same(n, key));
    }
}
