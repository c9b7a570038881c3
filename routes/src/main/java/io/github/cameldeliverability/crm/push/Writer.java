package io.github.cameldeliverability.crm.push;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import io.github.cameldeliverability.crm.format.JsonPath;
import io.github.cameldeliverability.crm.format.Outcome;
import io.github.cameldeliverability.crm.format.Rule;
import io.github.cameldeliverability.crm.format.Scope;
import io.github.cameldeliverability.crm.format.SystemDescription.Write;
import io.github.cameldeliverability.crm.format.Template;
import io.github.cameldeliverability.crm.format.Values;
import io.github.cameldeliverability.crm.http.Answer;
import io.github.cameldeliverability.crm.http.HttpCall;
import io.github.cameldeliverability.crm.http.Transport;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes items in batches and finds out what became of each. Blocking; thread-safe. */
final class Writer {

    /** @param answer the answer to the call that the item was in */
    record Written(Result result, Answer answer) {}

    private final Write write;
    private final Transport transport;
    private final Scope scope;

    Writer(Write write, Transport transport, Scope scope) {
        this.write = write;
        this.transport = transport;
        this.scope = scope;
    }

    HttpCall prepare(List<Item> items) {
        return transport.prepare(write.call(), names(items));
    }

    /**
     * Writes a batch. A batch that is refused for good as a whole is written in halves, until the item that the system
     * refuses stands alone.
     *
     * @param apart whether a batch that fails for now is to be taken apart too
     */
    Map<Item, Written> write(List<Item> items, boolean apart) throws InterruptedException {
        Scope names = names(items);
        Answer answer = transport.call(write.call(), names, write.answers());
        Outcome o = answer.outcome();
        if (o == Outcome.DONE) {
            return results(items, answer, names);
        }
        boolean whole = items.size() == 1
                || !(o == Outcome.TERMINAL
                        || o == Outcome.NOT_FOUND
                        || (apart && o == Outcome.RETRY && answer.status() >= 400));
        Map<Item, Written> all = new LinkedHashMap<>();
        if (whole) {
            items.forEach(i -> all.put(i, new Written(Result.of(answer), answer)));
            return all;
        }
        int half = items.size() / 2;
        all.putAll(write(items.subList(0, half), apart));
        all.putAll(write(items.subList(half, items.size()), apart));
        return all;
    }

    private Scope names(List<Item> items) {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        items.forEach(i -> all.add(i.node()));
        Scope with = scope.with("items", all);
        return items.size() == 1 || write.per() == 1 ? items.get(0).in(with) : with;
    }

    private Map<Item, Written> results(List<Item> items, Answer answer, Scope names) {
        Map<Item, Written> all = new LinkedHashMap<>();
        if (write.own() != null) {
            items.forEach(i -> {
                JsonNode mine = JsonPath.parse(Template.render(write.own(), i.in(names)))
                        .first(answer.json(), i.in(names));
                Result r = mine.isMissingNode() || mine.isNull()
                        ? Result.of(write.absent(), write.absent() == Outcome.DONE ? "" : answer.excerpt())
                        : judge(mine, i, answer);
                all.put(i, new Written(r.outcome() == Outcome.DONE ? r.wrote(name(i)) : r, answer));
            });
            return all;
        }
        if (write.results() == null) {
            items.forEach(
                    i -> all.put(i, new Written(Result.of(Outcome.DONE, "").wrote(name(i)), answer)));
            return all;
        }
        List<JsonNode> results = JsonPath.parse(write.results()).all(answer.json(), names);
        for (int i = 0; i < items.size(); i++) {
            Item item = items.get(i);
            Optional<JsonNode> mine = write.match() == null
                    ? Optional.ofNullable(i < results.size() ? results.get(i) : null)
                    : matching(item, results);
            Result r = mine.map(n -> judge(n, item, answer))
                    .orElseGet(() -> Result.of(
                            write.absent(),
                            write.absent() == Outcome.DONE
                                    ? ""
                                    : "the answer (" + answer.status() + ") says nothing about it"));
            all.put(item, new Written(r.outcome() == Outcome.DONE ? r.wrote(name(item)) : r, answer));
        }
        return all;
    }

    private Optional<JsonNode> matching(Item item, List<JsonNode> results) {
        JsonNode me = TextNode.valueOf(
                write.by().equals("address") ? item.event().address().toString() : item.id());
        JsonNode key =
                TextNode.valueOf(write.by().equals("address") ? item.event().key() : item.id());
        Scope names = item.in(scope);
        JsonPath path = JsonPath.parse(write.match());
        return results.stream()
                .filter(r -> {
                    JsonNode about = path.first(r, names);
                    return Values.same(about, me) || Values.same(about, key);
                })
                .findFirst();
    }

    private Result judge(JsonNode result, Item item, Answer answer) {
        Scope names = item.in(scope).with("result", result).with("answer", answer.json());
        String text = result.isValueNode() ? result.asText() : result.toString();
        for (Rule r : write.outcomes()) {
            if (r.holds(answer.status(), text, result, names)) {
                String reason =
                        r.then() == Outcome.DONE ? "" : r.reason() == null ? text : Template.render(r.reason(), names);
                return new Result(r.then(), reason, Optional.empty(), true, List.of());
            }
        }
        // A result that no rule knows is no success.
        return write.outcomes().isEmpty()
                ? Result.of(Outcome.DONE, "")
                : Result.of(Outcome.TERMINAL, "the answer is not understood: " + text);
    }

    private static String name(Item item) {
        return item.id().isEmpty() ? item.event().address().toString() : item.id();
    }

    /** The items of a batch that can be written in one call. */
    List<List<Item>> batches(List<Item> items) {
        return Parallel.chunks(new ArrayList<>(items), write.per());
    }
}
