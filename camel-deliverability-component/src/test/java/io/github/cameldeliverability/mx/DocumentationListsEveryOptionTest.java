package io.github.cameldeliverability.mx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.camel.tooling.model.BaseOptionModel;
import org.apache.camel.tooling.model.ComponentModel;
import org.apache.camel.tooling.model.JsonMapper;
import org.junit.jupiter.api.Test;

/**
 * The tables of {@code docs/mx.md} are made from the component's descriptor. {@code -Ddocs.update=true} rewrites them.
 */
class DocumentationListsEveryOptionTest {

    private static final String MARK = "<!-- The tables below are made by DocumentationListsEveryOptionTest. -->\n";

    @Test
    void tablesAreCurrent() throws IOException {
        Path page = page();
        String text = Files.readString(page);
        int mark = text.indexOf(MARK);
        assertThat(mark).as("the mark in " + page).isPositive();
        String wanted = text.substring(0, mark) + MARK + tables();
        if (Boolean.getBoolean("docs.update")) {
            Files.writeString(page, wanted);
        } else {
            assertThat(text).as("run this test with -Ddocs.update=true").isEqualTo(wanted);
        }
    }

    private static Path page() {
        Path fromModule = Path.of("..", "docs", "mx.md");
        return Files.exists(fromModule) ? fromModule : Path.of("docs", "mx.md");
    }

    private static String tables() throws IOException {
        ComponentModel model;
        try (InputStream in =
                MxComponent.class.getResourceAsStream("/META-INF/io/github/cameldeliverability/mx/mx.json")) {
            model = JsonMapper.generateComponentModel(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
        return "\n## Endpoint options\n\n" + options(model.getEndpointParameterOptions())
                + "\n## Component options\n\n"
                + options(model.getComponentOptions().stream()
                        .filter(o ->
                                !"io.github.cameldeliverability.mx.MxConfiguration".equals(o.getConfigurationClass()))
                        .toList())
                + "\nThe endpoint options of the producer and the consumer can be stated here too, as `configuration.NAME`.\n"
                + "\n## Headers\n\n"
                + headers(model.getEndpointHeaders());
    }

    private static String options(List<? extends BaseOptionModel> options) {
        return "| name | for | default | type | what it does |\n|---|---|---|---|---|\n"
                + options.stream()
                        .map(o -> "| `" + o.getName() + "` | " + o.getGroup() + " | "
                                + Optional.ofNullable(o.getDefaultValue())
                                        .map(d -> "`" + d + "`")
                                        .orElse("") + " | "
                                + type(o) + " | " + cell(o.getDescription()) + " |\n")
                        .collect(Collectors.joining());
    }

    private static String headers(List<ComponentModel.EndpointHeaderModel> headers) {
        return "| name | for | type | what it says |\n|---|---|---|---|\n"
                + headers.stream()
                        .map(h -> "| `" + h.getName() + "` | " + h.getGroup() + " | " + type(h) + " | "
                                + cell(h.getDescription()) + " |\n")
                        .collect(Collectors.joining());
    }

    private static String type(BaseOptionModel o) {
        if (o.getEnums() != null && !o.getEnums().isEmpty()) {
            return String.join(", ", o.getEnums());
        }
        if ("duration".equals(o.getType())) {
            return "duration";
        }
        String type = o.getJavaType();
        return type.startsWith("java.") || type.contains("cameldeliverability") || type.startsWith("org.apache.camel")
                ? type.substring(type.lastIndexOf('.') + 1)
                : type;
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace("\n", " ");
    }
}
