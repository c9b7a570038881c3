package io.github.cameldeliverability.crm.push;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.github.cameldeliverability.crm.CrmEvent;
import io.github.cameldeliverability.crm.format.Outcome;
import io.github.cameldeliverability.crm.format.Scope;
import io.github.cameldeliverability.crm.format.SystemDescription;
import io.github.cameldeliverability.crm.format.SystemDescription.Target;
import io.github.cameldeliverability.crm.http.Answer;
import io.github.cameldeliverability.crm.http.HttpCall;
import io.github.cameldeliverability.crm.http.Sleeper;
import io.github.cameldeliverability.crm.http.Transport;
import io.github.cameldeliverability.crm.push.Writer.Written;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One target of a system, such as its contacts: first {@link #plan} reads, then {@link #execute} writes, reads back and
 * records. Blocking; for one push at a time.
 */
final class TargetPush {

    /** Announced twice, never settled: a third write would be one too many. */
    private static final int MAX_UNSETTLED = 2;

    private static final int REFUSALS_BEFORE_APART = 3;

    /**
     * What is to be done.
     *
     * @param decided addresses with which there is nothing to do
     * @param writes records to write
     * @param creates entries to make
     * @param known what the ledger says, by address key
     * @param settled whose outcome is on the disk
     */
    record Plan(
            Map<CrmEvent, Result> decided,
            List<Item> writes,
            List<Item> creates,
            Map<String, Ledger.Entry> known,
            Set<CrmEvent> settled) {

        int changes() {
            return writes.size() + creates.size();
        }
    }

    private final String id;
    private final Target target;
    private final Transport transport;
    private final Scope scope;
    private final Ledger ledger;
    private final PushOptions options;
    private final Clock clock;
    private final Parallel parallel;
    private final States states;
    private final Finder finder;
    private final Verifier verifier;

    TargetPush(
            String id,
            SystemDescription system,
            Target target,
            Transport transport,
            Scope scope,
            Ledger ledger,
            PushOptions options,
            Clock clock,
            Sleeper sleeper,
            Parallel parallel) {
        this.id = id;
        this.target = target;
        this.transport = transport;
        this.scope = scope;
        this.ledger = ledger;
        this.options = options;
        this.clock = clock;
        this.parallel = parallel;
        this.states = new States(system, target, scope);
        this.finder = new Finder(target.find(), transport, scope, parallel);
        this.verifier = target.verify() == null || !options.verify()
                ? null
                : new Verifier(target.verify(), target.find(), finder, states, transport, scope, sleeper);
    }

    String id() {
        return id;
    }

    Target target() {
        return target;
    }

    States states() {
        return states;
    }

    Scope scope() {
        return scope;
    }

    /** Reads what is there and says what would be written. */
    Plan plan(List<CrmEvent> events) throws InterruptedException, SQLException {
        Plan plan = new Plan(
                new LinkedHashMap<>(),
                new ArrayList<>(),
                new ArrayList<>(),
                ledger.load(id, events),
                ConcurrentHashMap.newKeySet());
        Map<CrmEvent, States.State> open = new LinkedHashMap<>();
        for (CrmEvent e : events) {
            Ledger.Entry entry = plan.known().get(e.key());
            if (entry != null
                    && entry.sequence() >= e.sequence()
                    && entry.outcome().map(Outcome::isFinal).orElse(false)) {
                plan.decided().put(e, Result.of(entry.outcome().get(), ""));
                continue;
            }
            Optional<States.State> state = states.of(e);
            if (state.isEmpty()) {
                plan.decided()
                        .put(
                                e,
                                Result.of(
                                        Outcome.SKIPPED,
                                        "nothing to write for " + e.kind().id()));
            } else {
                open.put(e, state.get());
            }
        }
        if (target.find() == null) {
            open.forEach((e, s) ->
                    item(plan, plan.writes(), e, e.address().toString(), s, JsonNodeFactory.instance.objectNode()));
        } else if (!open.isEmpty()) {
            finder.find(new ArrayList<>(open.keySet())).forEach((e, f) -> found(plan, e, f, open.get(e)));
        }
        return plan;
    }

    private void found(Plan plan, CrmEvent e, Finder.Found found, States.State state) {
        if (found.result().outcome() != Outcome.DONE) {
            plan.decided().put(e, found.result());
            return;
        }
        if (found.records().isEmpty()) {
            if (target.create() == null) {
                plan.decided().put(e, Result.of(Outcome.NOT_FOUND, ""));
            } else {
                item(plan, plan.creates(), e, "", state, JsonNodeFactory.instance.objectNode());
            }
            return;
        }
        if (found.records().size() > options.maxRecordsPerAddress()) {
            plan.decided()
                    .put(
                            e,
                            Result.of(
                                    Outcome.TERMINAL,
                                    found.records().size() + " records of " + id
                                            + " have the address, more than maxRecordsPerAddress="
                                            + options.maxRecordsPerAddress()));
            return;
        }
        List<Item> needed = new ArrayList<>();
        found.records().forEach((recordId, record) -> {
            Item item = new Item(e, recordId, state.name(), states.fields(e, state.name(), record), record);
            if (!states.holds(item, record, target.find().row())) {
                needed.add(item);
            }
        });
        if (needed.isEmpty()) {
            plan.decided().put(e, Result.of(Outcome.ALREADY, ""));
        }
        needed.forEach(i -> item(plan, plan.writes(), e, i.id(), state, i.record()));
    }

    private void item(Plan plan, List<Item> to, CrmEvent e, String recordId, States.State state, JsonNode record) {
        Ledger.Entry entry = plan.known().get(e.key());
        boolean unsettled = entry != null && entry.outcome().isEmpty() && entry.sequence() == e.sequence();
        if (unsettled && entry.writes() >= MAX_UNSETTLED) {
            plan.decided()
                    .put(
                            e,
                            Result.of(
                                    Outcome.TERMINAL,
                                    "written " + entry.writes()
                                            + " times without an outcome, because we were stopped each time: look at it by"
                                            + " hand"));
            return;
        }
        to.add(new Item(e, recordId, state.name(), states.fields(e, state.name(), record), record));
    }

    /** The requests that {@link #execute} would make. */
    List<HttpCall> show(Plan plan) {
        List<HttpCall> all = new ArrayList<>();
        if (target.write() != null) {
            Writer w = new Writer(target.write(), transport, scope);
            w.batches(plan.writes()).forEach(b -> all.add(w.prepare(b)));
        }
        if (target.create() != null) {
            Writer w = new Writer(target.create(), transport, scope);
            w.batches(plan.creates()).forEach(b -> all.add(w.prepare(b)));
        }
        return all;
    }

    /** Writes what was planned; the outcomes are on the disk when it returns, but for the dead ones. */
    Map<CrmEvent, Result> execute(Plan plan) throws InterruptedException, SQLException {
        Map<CrmEvent, Result> results = new LinkedHashMap<>(plan.decided());
        List<Map<CrmEvent, Result>> parts = new ArrayList<>();
        if (!plan.writes().isEmpty()) {
            parts.addAll(run(plan, new Writer(target.write(), transport, scope), plan.writes()));
        }
        if (!plan.creates().isEmpty()) {
            parts.addAll(run(plan, new Writer(target.create(), transport, scope), plan.creates()));
        }
        parts.forEach(p -> p.forEach((e, r) -> results.merge(e, r, Result::and)));
        boolean progress = results.values().stream().anyMatch(r -> r.outcome() == Outcome.DONE);
        results.replaceAll((e, r) -> givenUp(r, plan.known().get(e.key()), progress));
        Map<CrmEvent, Result> toSettle = new HashMap<>(results);
        // What is dead is settled after the dead letters have it; what was settled with its batch, or long ago, stays.
        toSettle.entrySet()
                .removeIf(e -> e.getValue().outcome() == Outcome.TERMINAL || isSettled(plan, e.getKey(), e.getValue()));
        if (!toSettle.isEmpty()) {
            ledger.settle(id, toSettle);
        }
        return results;
    }

    private List<Map<CrmEvent, Result>> run(Plan plan, Writer writer, List<Item> items)
            throws InterruptedException, SQLException {
        if (target.write() == null || !target.write().fresh()) {
            return parallel.all(writer.batches(items), batch -> batch(plan, writer, batch));
        }
        // One after the other: two addresses may be in one record, and two records may share an address.
        List<Map<CrmEvent, Result>> all = new ArrayList<>();
        for (List<Item> one : writer.batches(items)) {
            all.add(fresh(plan, writer, one.get(0)));
        }
        return all;
    }

    private Map<CrmEvent, Result> fresh(Plan plan, Writer writer, Item stale)
            throws InterruptedException, SQLException {
        CrmEvent e = stale.event();
        Finder.Found found = finder.again(e, stale.id());
        if (found.result().outcome() != Outcome.DONE) {
            return Map.of(e, found.result());
        }
        JsonNode record = found.records().get(stale.id());
        if (record == null) {
            return Map.of(e, Result.of(Outcome.NOT_FOUND, ""));
        }
        Item item = new Item(e, stale.id(), stale.state(), states.fields(e, stale.state(), record), record);
        return states.holds(item, record, target.find().row())
                ? Map.of(e, Result.of(Outcome.ALREADY, ""))
                : batch(plan, writer, List.of(item));
    }

    private Map<CrmEvent, Result> batch(Plan plan, Writer writer, List<Item> batch)
            throws InterruptedException, SQLException {
        ledger.begin(id, batch.stream().map(Item::event).distinct().toList());
        boolean apart = batch.stream().anyMatch(i -> refusals(plan, i) >= REFUSALS_BEFORE_APART);
        Map<Item, Written> written = writer.write(batch, apart);
        Map<Item, Result> results = new LinkedHashMap<>();
        Map<Item, Answer> done = new LinkedHashMap<>();
        written.forEach((i, w) -> {
            results.put(i, w.result());
            if (w.result().outcome() == Outcome.DONE) {
                done.put(i, w.answer());
            }
        });
        if (verifier != null && !done.isEmpty()) {
            verifier.check(done).forEach((i, r) -> {
                if (r.outcome() != Outcome.DONE) {
                    results.put(i, r);
                }
            });
        }
        Map<CrmEvent, Result> byEvent = new LinkedHashMap<>();
        results.forEach((i, r) -> byEvent.merge(i.event(), r, Result::and));
        settleWhole(plan, batch, byEvent);
        return byEvent;
    }

    /** An address that has other records in other batches is settled with the last of them. */
    private void settleWhole(Plan plan, List<Item> batch, Map<CrmEvent, Result> byEvent) throws SQLException {
        Map<CrmEvent, Result> whole = new HashMap<>(byEvent);
        whole.entrySet()
                .removeIf(e -> e.getValue().outcome() != Outcome.DONE
                        || count(batch, e.getKey())
                                < count(plan.writes(), e.getKey()) + count(plan.creates(), e.getKey()));
        if (!whole.isEmpty()) {
            ledger.settle(id, whole);
            plan.settled().addAll(whole.keySet());
        }
    }

    private static long count(List<Item> items, CrmEvent e) {
        return items.stream().filter(i -> i.event().equals(e)).count();
    }

    private static boolean isSettled(Plan plan, CrmEvent e, Result r) {
        if (plan.settled().contains(e)) {
            return true;
        }
        Ledger.Entry entry = plan.known().get(e.key());
        return entry != null
                && entry.sequence() >= e.sequence()
                && entry.outcome().equals(Optional.of(r.outcome()))
                && r.outcome().isFinal();
    }

    private static int refusals(Plan plan, Item i) {
        Ledger.Entry entry = plan.known().get(i.event().key());
        return entry == null || entry.sequence() != i.event().sequence() ? 0 : entry.refusals();
    }

    /** A record that the system refuses for now again and again, while others get through, is refused for good. */
    private Result givenUp(Result r, Ledger.Entry entry, boolean progress) {
        if (r.outcome() != Outcome.RETRY || !r.answered() || entry == null) {
            return r;
        }
        int refusals = entry.refusals() + 1;
        boolean old = entry.first().plus(options.giveUpAfter()).isBefore(clock.instant());
        return refusals >= options.giveUpAttempts() && (progress || old)
                ? Result.of(Outcome.TERMINAL, "given up after " + refusals + " attempts: " + r.reason())
                : r;
    }

    /** Records that an address is in the dead letters. */
    void bury(Map<CrmEvent, Result> dead) throws SQLException {
        ledger.settle(id, dead);
    }
}
