package io.github.cameldeliverability.crm.push;

import io.github.cameldeliverability.crm.format.Outcome;
import io.github.cameldeliverability.crm.http.Answer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What became of one address.
 *
 * @param reason for people; empty if all is well
 * @param after how long to wait before the next attempt, where somebody says
 * @param answered whether the system itself refused: an answer, not a fault of the network
 * @param records the ids of the records that were written
 */
public record Result(Outcome outcome, String reason, Optional<Duration> after, boolean answered, List<String> records) {

    private static final List<Outcome> WORST_FIRST = List.of(
            Outcome.STOP,
            Outcome.THROTTLED,
            Outcome.RETRY,
            Outcome.TERMINAL,
            Outcome.DONE,
            Outcome.ALREADY,
            Outcome.NOT_FOUND,
            Outcome.SKIPPED);

    public static Result of(Outcome outcome, String reason) {
        return new Result(outcome, reason, Optional.empty(), true, List.of());
    }

    static Result of(Answer answer) {
        return new Result(answer.outcome(), answer.reason(), answer.after(), answer.status() > 0, List.of());
    }

    Result wrote(String id) {
        return new Result(outcome, reason, after, answered, List.of(id));
    }

    /** The result of both: the worse one, with the records of both. */
    Result and(Result other) {
        Result worse = WORST_FIRST.indexOf(outcome) <= WORST_FIRST.indexOf(other.outcome) ? this : other;
        List<String> ids = new java.util.ArrayList<>(records);
        ids.addAll(other.records);
        return new Result(worse.outcome, worse.reason, worse.after, worse.answered, List.copyOf(ids));
    }
}
