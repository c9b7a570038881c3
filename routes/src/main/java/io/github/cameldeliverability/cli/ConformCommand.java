package io.github.cameldeliverability.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.cameldeliverability.cli.conform.ConformOperations;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Phaser;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Answers conformance questions, one JSON object a line. */
@Command(
        name = "conform",
        description = "Answers conformance requests (NDJSON on standard input) on standard output.",
        mixinStandardHelpOptions = true)
final class ConformCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        ObjectMapper json = new ObjectMapper();
        PrintWriter out = spec.commandLine().getOut();
        ConformOperations operations = new ConformOperations();
        Phaser open = new Phaser(1);
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (!line.isBlank()) {
                    open.register();
                    var unused = answer(json, operations, line).whenComplete((reply, error) -> {
                        say(out, reply);
                        open.arriveAndDeregister();
                    });
                }
            }
        }
        open.arriveAndAwaitAdvance();
        return Deliverability.OK;
    }

    /** Replies come in the order in which they are ready, each whole. */
    private static void say(PrintWriter out, ObjectNode reply) {
        synchronized (out) {
            out.println(reply);
            out.flush();
        }
    }

    /** Never fails. */
    private static CompletableFuture<ObjectNode> answer(ObjectMapper json, ConformOperations operations, String line) {
        ObjectNode reply = json.createObjectNode();
        JsonNode request;
        try {
            request = json.readTree(line);
        } catch (JsonProcessingException e) {
            return CompletableFuture.completedFuture(reply.put("error", "not JSON: " + e.getOriginalMessage()));
        }
        reply.set("id", request.get("id"));
        try {
            Optional<CompletionStage<Void>> later = operations.answerLater(request, reply);
            if (later.isPresent()) {
                return later.get()
                        .toCompletableFuture()
                        .handle((ok, error) ->
                                error == null ? reply : reply.put("error", Deliverability.reason(error)));
            }
            if (!operations.answer(request, reply)) {
                reply.put("unsupported", true);
            }
        } catch (RuntimeException e) {
            reply.put("error", Deliverability.reason(e));
        }
        return CompletableFuture.completedFuture(reply);
    }
}
