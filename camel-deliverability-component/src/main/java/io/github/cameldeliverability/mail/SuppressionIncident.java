package io.github.cameldeliverability.mail;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * What went wrong, told by the causes of the entries it made: all that is stated must agree.
 *
 * @param list the list
 * @param ruleId the rule that judged wrongly, {@code pack/rule}
 * @param provider who refused
 * @param stream whose mail was refused
 * @param source what made the entries: {@code session}, {@code dsn}, {@code soft}, {@code import} ...
 * @param from the first moment
 * @param to the first moment after it
 */
public record SuppressionIncident(
        String list,
        Optional<String> ruleId,
        Optional<String> provider,
        Optional<String> stream,
        Optional<String> source,
        Instant from,
        Instant to) {

    /** @throws IllegalArgumentException if nothing but a time is stated, or the time is none */
    public SuppressionIncident {
        Objects.requireNonNull(list, "list");
        if (ruleId.isEmpty() && provider.isEmpty() && stream.isEmpty() && source.isEmpty()) {
            throw new IllegalArgumentException(
                    "an incident is told by its rule, provider, stream or source; a time alone would undo everybody's wishes");
        }
        if (!from.isBefore(to)) {
            throw new IllegalArgumentException("the incident ends (" + to + ") before it begins (" + from + ")");
        }
    }

    /**
     * Whether a cause belongs to the incident: the same cause seen outside of its time is evidence of its own.
     *
     * @param last when the cause was last seen
     */
    public boolean covers(Suppression cause, Instant last) {
        return agrees(ruleId, cause.ruleId())
                && agrees(provider, cause.origin().provider())
                && agrees(stream, cause.origin().stream())
                && source.map(cause.source()::equals).orElse(true)
                && !cause.since().isBefore(from)
                && last.isBefore(to);
    }

    private static boolean agrees(Optional<String> wanted, Optional<String> actual) {
        return wanted.isEmpty() || wanted.equals(actual);
    }
}
