package io.github.cameldeliverability.cli.conform;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.cameldeliverability.verdict.ReplyJudgement;
import io.github.cameldeliverability.verdict.RulePackEngine;
import java.util.Optional;

/** Finds the operation that a request names. Not thread-safe. */
public final class ConformOperations {

    private final DkimOperations dkim = new DkimOperations();
    private final ReportOperations reports = new ReportOperations();
    private RulePackEngine verdicts;

    /**
     * Fills {@code reply}; answers false for an operation that does not exist here.
     *
     * @throws RuntimeException for a request that lacks what its operation needs
     */
    public boolean answer(JsonNode request, ObjectNode reply) {
        switch (request.path("op").asText()) {
            case "dkim.canon" -> dkim.canonicalize(request, reply);
            case "dkim.sign" -> dkim.sign(request, reply);
            case "report.parse" -> reports.parse(request, reply);
            case "smtp.classify" -> classify(request, reply);
            default -> {
                return false;
            }
        }
        return true;
    }

    private void classify(JsonNode request, ObjectNode reply) {
        if (verdicts == null) {
            verdicts = RulePackEngine.builtIn();
        }
        ReplyJudgement judgement = ReplyJudgement.of(
                verdicts,
                request.path("reply").asText(),
                Optional.ofNullable(request.get("provider")).map(JsonNode::asText));
        reply.put("reason", judgement.reason());
        reply.put("hard", judgement.hard());
        reply.put("retry", judgement.retry());
    }
}
