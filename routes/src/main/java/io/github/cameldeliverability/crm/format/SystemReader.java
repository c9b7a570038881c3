package io.github.cameldeliverability.crm.format;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Reads descriptions of systems. Thread-safe. */
public final class SystemReader {

    private static final String BUILT_IN = "/camel-deliverability/crm/";

    // A misspelt word must not become a limit that is silently not kept.
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .build();

    private SystemReader() {}

    /**
     * Reads a description.
     *
     * @param name the name of a built-in system ({@code hubspot}), or a file ({@code file:crm/mine.yaml}), or a place on the
     *     class path ({@code classpath:mine.yaml})
     * @throws IllegalArgumentException if there is none, or it is wrong; the message names the place
     */
    public static SystemDescription read(String name) {
        return parse(name, text(name));
    }

    static SystemDescription parse(String name, String yaml) {
        try {
            Object tree = new Load(LoadSettings.builder().setLabel(name).build()).loadFromString(yaml);
            SystemDescription d = MAPPER.convertValue(tree, SystemDescription.class);
            if (d == null) {
                throw new IllegalArgumentException("it is empty");
            }
            SystemCheck.check(d);
            return d;
        } catch (YamlEngineException e) {
            throw new IllegalArgumentException("The description " + name + " is no YAML: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("The description " + name + " is wrong: " + reason(e), e);
        }
    }

    private static String reason(IllegalArgumentException e) {
        if (e.getCause() instanceof JsonMappingException m) {
            String at = m.getPath().stream()
                    .map(r -> r.getFieldName() == null ? "[" + r.getIndex() + "]" : r.getFieldName())
                    .collect(Collectors.joining("."));
            String cause =
                    m.getCause() == null ? m.getOriginalMessage() : m.getCause().getMessage();
            return at + ": " + cause.replaceAll(" \\(class [^)]*\\)| \\(through reference.*", "");
        }
        return e.getMessage();
    }

    private static String text(String name) {
        try {
            if (name.startsWith("file:")) {
                return Files.readString(Path.of(name.substring(5)));
            }
            String place = name.startsWith("classpath:")
                    ? "/" + name.substring(10).replaceFirst("^/+", "")
                    : BUILT_IN + name + ".yaml";
            if (!name.startsWith("classpath:") && !name.matches("[a-z0-9-]+")) {
                throw new IllegalArgumentException("Which system is '" + name
                        + "'? Name a built-in one (hubspot, sendgrid, zoho ...) or a file: file:PATH");
            }
            try (InputStream in = SystemReader.class.getResourceAsStream(place)) {
                if (in == null) {
                    throw new IllegalArgumentException(
                            "There is no system '" + name + "'; built-in are " + builtIn() + ", others are file:PATH");
                }
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("The description " + name + " cannot be read: " + e, e);
        }
    }

    /** The names of the built-in systems. */
    public static List<String> builtIn() {
        try (InputStream in = SystemReader.class.getResourceAsStream(BUILT_IN + "systems.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(l -> !l.isBlank())
                    .toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
