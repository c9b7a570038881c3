package io.github.cameldeliverability.crm.push;

import io.github.cameldeliverability.crm.CrmEvent;
import io.github.cameldeliverability.crm.format.Outcome;
import io.github.cameldeliverability.crm.http.HttpCall;
import io.github.cameldeliverability.crm.http.Transport;
import io.github.cameldeliverability.crm.push.TargetPush.Plan;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Tells a system of a batch of changes: reads all that is needed, counts what would change, then writes target by target.
 * Blocking; one push at a time.
 */
public final class PushEngine {

    private final Transport transport;
    private final List<TargetPush> targets;
    private final PushOptions options;
    private final DeadLetters deadLetters;
    private final String source;

    /** @param source what entries are marked with that were read from the system itself */
    PushEngine(
            Transport transport,
            List<TargetPush> targets,
            PushOptions options,
            DeadLetters deadLetters,
            String source) {
        this.source = source;
        this.transport = transport;
        this.targets = targets;
        this.options = options;
        this.deadLetters = deadLetters;
    }

    /**
     * Writes the changes.
     *
     * @param dry whether nothing is written: the report then shows the requests
     * @throws TooManyChanges if more would change than the options allow
     */
    public synchronized PushReport push(List<CrmEvent> changes, boolean dry) throws InterruptedException, SQLException {
        Map<CrmEvent, Result> results = new LinkedHashMap<>();
        List<CrmEvent> events = new ArrayList<>();
        for (CrmEvent e : Coalesce.byAddress(inScope(changes, results))) {
            if (e.removed()) {
                results.put(e, Result.of(Outcome.SKIPPED, "a removal: nobody is opted in again"));
            } else {
                events.add(e);
            }
        }
        Map<TargetPush, Plan> plans = new LinkedHashMap<>();
        for (TargetPush t : targets) {
            plans.put(t, t.plan(events));
        }
        limit(plans, events.size());
        List<String> calls = new ArrayList<>();
        for (Map.Entry<TargetPush, Plan> p : plans.entrySet()) {
            if (dry) {
                for (HttpCall call : p.getKey().show(p.getValue())) {
                    calls.add(transport.show(call));
                }
                p.getValue().decided().forEach((e, r) -> results.merge(e, r, Result::and));
            } else {
                Map<CrmEvent, Result> written = p.getKey().execute(p.getValue());
                bury(p.getKey(), p.getValue(), written);
                written.forEach((e, r) -> results.merge(e, r, Result::and));
                if (written.values().stream().anyMatch(r -> r.outcome() == Outcome.STOP)) {
                    break;
                }
            }
        }
        return new PushReport(results, calls);
    }

    private List<CrmEvent> inScope(List<CrmEvent> changes, Map<CrmEvent, Result> results) {
        List<CrmEvent> in = new ArrayList<>();
        for (CrmEvent e : changes) {
            if (e.source().equals(source)) {
                results.put(e, Result.of(Outcome.SKIPPED, "it was read from there"));
            } else if (options.scopes().isEmpty() || options.scopes().contains(e.scope())) {
                in.add(e);
            } else {
                results.put(e, Result.of(Outcome.SKIPPED, "its scope is not told: " + e.scope()));
            }
        }
        return in;
    }

    private void limit(Map<TargetPush, Plan> plans, int addresses) {
        int changes = plans.values().stream().mapToInt(Plan::changes).sum();
        if (options.maxChanges() > 0 && changes > options.maxChanges()) {
            throw new TooManyChanges(changes + " records would change at once, more than maxChanges="
                    + options.maxChanges() + ". Nothing was written. If that is right, raise maxChanges.");
        }
        long touched = plans.values().stream()
                .flatMap(p -> java.util.stream.Stream.concat(p.writes().stream(), p.creates().stream()))
                .map(i -> i.event().key())
                .distinct()
                .count();
        if (options.maxChangedPercent() < 100 && touched * 100 > (long) options.maxChangedPercent() * addresses) {
            throw new TooManyChanges(touched + " of " + addresses
                    + " addresses would change, more than maxChangedPercent=" + options.maxChangedPercent()
                    + ". Nothing was written. If that is right, raise maxChangedPercent.");
        }
    }

    /** First the dead letters, then the ledger: a crash in between tells twice rather than never. */
    private void bury(TargetPush target, Plan plan, Map<CrmEvent, Result> results) throws SQLException {
        Map<CrmEvent, Result> dead = new HashMap<>();
        results.forEach((e, r) -> {
            Ledger.Entry entry = plan.known().get(e.key());
            boolean buried = entry != null
                    && entry.sequence() >= e.sequence()
                    && entry.outcome().map(o -> o == Outcome.TERMINAL).orElse(false);
            if (r.outcome() == Outcome.TERMINAL && !buried) {
                deadLetters.add(e, target.id(), r);
                dead.put(e, r);
            }
        });
        if (!dead.isEmpty()) {
            target.bury(dead);
        }
    }

    List<TargetPush> targets() {
        return targets;
    }
}
