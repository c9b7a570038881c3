package io.github.cameldeliverability.crm.push;

import io.github.cameldeliverability.crm.CrmEvent;
import io.github.cameldeliverability.crm.format.Outcome;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What became of a batch.
 *
 * @param results by address
 * @param calls in a dry run: the requests that would change something, without secrets
 */
public record PushReport(Map<CrmEvent, Result> results, List<String> calls) {

    /** How many addresses have which outcome. */
    public Map<Outcome, Integer> counts() {
        Map<Outcome, Integer> all = new EnumMap<>(Outcome.class);
        results.values().forEach(r -> all.merge(r.outcome(), 1, Integer::sum));
        return all;
    }

    /** The result that stops the feed, the worst first; empty if the feed may go on. */
    public Optional<Result> hold() {
        return results.values().stream().filter(r -> !r.outcome().isFinal()).reduce(Result::and);
    }

    /** The longest wait that a system asked for. */
    public Optional<Duration> after() {
        return results.values().stream()
                .filter(r -> !r.outcome().isFinal())
                .flatMap(r -> r.after().stream())
                .max(Duration::compareTo);
    }
}
