package io.github.cameldeliverability.crm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import io.github.cameldeliverability.crm.stub.StubRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Checks requests against the vendors' published descriptions: path, method, query, body. The descriptions are not part of the
 * project; the system property {@code deliverability.openapi} or the environment variable {@code DELIVERABILITY_OPENAPI} names
 * their folder. Without it nothing is checked, and that is said.
 */
public final class OpenApiContract {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, List<String>> FILES = Map.of(
            "hubspot", List.of("hubspot-subscriptions-v4.json", "hubspot-contacts-v3.json"),
            "sendgrid", List.of("sendgrid-suppressions-v3.json"),
            "zoho", List.of("zoho-crm-v8-module_search.json", "zoho-crm-v8-record.json"));

    /** Calls of other parts of the vendors' APIs, which the descriptions at hand do not cover. */
    private static final List<Pattern> ELSEWHERE = List.of(
            Pattern.compile("GET /crm/v3/properties/contacts/[^/]+"),
            Pattern.compile("GET /crm/v8/settings/fields"),
            Pattern.compile("POST /oauth/v2/token"));

    private OpenApiContract() {}

    static Optional<Path> folder() {
        String name = System.getProperty("deliverability.openapi", System.getenv("DELIVERABILITY_OPENAPI"));
        return Optional.ofNullable(name).map(Path::of).filter(Files::isDirectory);
    }

    /** Fails if a request is not as the system's description says. */
    public static void check(String system, List<StubRequest> requests) {
        if (folder().isEmpty()) {
            System.err.println(
                    "SKIPPED: " + requests.size() + " requests to " + system
                            + " are not checked against its OpenAPI description; name its folder with -Ddeliverability.openapi=DIR");
            return;
        }
        List<JsonNode> descriptions = FILES.get(system).stream()
                .map(f -> read(folder().get().resolve(f)))
                .toList();
        List<String> faults = new ArrayList<>();
        for (StubRequest r : requests) {
            String call = r.method() + " " + r.path();
            if (ELSEWHERE.stream().noneMatch(p -> p.matcher(call).matches())) {
                faults.addAll(faults(descriptions, r));
            }
        }
        assertThat(faults).isEmpty();
    }

    static List<String> faults(List<JsonNode> descriptions, StubRequest r) {
        for (JsonNode d : descriptions) {
            for (Map.Entry<String, JsonNode> path : d.path("paths").properties()) {
                String pattern =
                        Pattern.compile("\\{[^}]+}").matcher(path.getKey()).replaceAll("[^/]+");
                JsonNode operation = path.getValue().path(r.method().toLowerCase(java.util.Locale.ROOT));
                if (r.rawPath().matches(pattern) && operation.isObject()) {
                    return faults(d, operation, path.getValue(), r);
                }
            }
        }
        return List.of(r + ": no such path and method");
    }

    private static List<String> faults(JsonNode description, JsonNode operation, JsonNode path, StubRequest r) {
        List<String> faults = new ArrayList<>();
        Map<String, String> query = new java.util.HashMap<>(r.query());
        for (JsonNode list : List.of(operation.path("parameters"), path.path("parameters"))) {
            for (JsonNode each : list) {
                JsonNode parameter = resolve(description, each);
                String name = parameter.path("name").asText();
                if (parameter.path("in").asText().equals("query")) {
                    String value = query.remove(name);
                    if (value == null && parameter.path("required").asBoolean()) {
                        faults.add(r + ": query parameter " + name + " is missing");
                    } else if (value != null) {
                        faults.addAll(value(description, parameter.path("schema"), value, r + ": query " + name));
                    }
                }
            }
        }
        query.keySet().forEach(k -> faults.add(r + ": query parameter " + k + " is unknown"));
        JsonNode body = resolve(description, operation.path("requestBody"));
        JsonNode schema = body.path("content").path("application/json").path("schema");
        if (!schema.isMissingNode() && !r.body().isEmpty()) {
            faults.addAll(validate(description, schema, r.json(), r.toString()));
        } else if (body.path("required").asBoolean() && r.body().isEmpty()) {
            faults.add(r + ": the body is missing");
        } else if (body.isMissingNode() && !r.body().isEmpty()) {
            faults.add(r + ": no body is wanted");
        }
        return faults;
    }

    private static List<String> value(JsonNode description, JsonNode schema, String value, String at) {
        JsonNode s = resolve(description, schema);
        JsonNode typed = JSON.getNodeFactory().textNode(value);
        if (Set.of("integer", "number", "boolean").contains(s.path("type").asText())) {
            try {
                typed = JSON.readTree(value);
            } catch (IOException e) {
                return List.of(at + " is no " + s.path("type").asText() + ": " + value);
            }
        }
        return validate(description, schema, typed, at);
    }

    private static List<String> validate(JsonNode description, JsonNode schema, JsonNode value, String at) {
        ObjectNode root = JSON.createObjectNode();
        root.set("components", description.path("components"));
        root.set("allOf", JSON.createArrayNode().add(schema));
        dropForeign(root);
        JsonSchema s = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7)
                .getSchema(root, SchemaValidatorsConfig.builder().build());
        Set<ValidationMessage> messages = s.validate(value);
        return messages.stream().map(m -> at + ": " + m.getMessage()).toList();
    }

    /** References to files that are not at hand, and samples, say nothing about a request. */
    private static void dropForeign(JsonNode n) {
        if (n instanceof ObjectNode o) {
            if (o.path("$ref").asText("").startsWith("http")) {
                o.removeAll();
            }
            if (o.path("nullable").asBoolean() && o.path("type").isTextual()) {
                o.putArray("type").add(o.path("type").asText()).add("null");
            }
            o.remove(List.of("example", "examples"));
        }
        n.forEach(OpenApiContract::dropForeign);
    }

    private static JsonNode resolve(JsonNode description, JsonNode n) {
        String ref = n.path("$ref").asText("");
        return ref.startsWith("#") ? description.at(ref.substring(1)) : n;
    }

    private static JsonNode read(Path file) {
        try {
            return JSON.readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
