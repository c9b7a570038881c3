package io.github.cameldeliverability.cli.conform;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.cameldeliverability.verdict.ReplyJudgement;
import io.github.cameldeliverability.verdict.RulePackEngine;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** Finds the operation that a request names. Not thread-safe. */
public final class ConformOperations {

    private final DkimOperations dkim = new DkimOperations();
    private final ReportOperations reports = new ReportOperations();
    private final ExecutorService workers = Executors.newFixedThreadPool(8, ConformOperations::daemon);
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(ConformOperations::daemon);
    private DeliverOperation delivery;
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

    /**
     * Fills {@code reply} later, on any thread; empty for an operation that {@link #answer} answers at once. Fails for a
     * request that lacks what its operation needs.
     */
    public Optional<CompletionStage<Void>> answerLater(JsonNode request, ObjectNode reply) {
        switch (request.path("op").asText()) {
            case "dkim.verify" -> {
                return Optional.of(dkim.verify(request, reply, workers));
            }
            case "smtp.deliver" -> {
                if (delivery == null) {
                    delivery = new DeliverOperation(workers, timer);
                }
                return Optional.of(delivery.deliver(request, reply));
            }
            default -> {
                return Optional.empty();
            }
        }
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "conform");
        thread.setDaemon(true);
        return thread;
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
