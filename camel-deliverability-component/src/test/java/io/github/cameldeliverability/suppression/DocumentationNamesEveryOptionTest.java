package io.github.cameldeliverability.suppression;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.bounce.BounceComponent;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.camel.catalog.DefaultCamelCatalog;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.tooling.model.ComponentModel;
import org.apache.camel.tooling.model.JsonMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentationNamesEveryOptionTest {

    @ParameterizedTest
    @ValueSource(strings = {"bounce", "suppression"})
    void eachOptionAndHeaderIsOnThePageWithItsDescription(String scheme) throws IOException {
        String page = Files.readString(Path.of("..", "docs", scheme + ".md"));
        ComponentModel model = JsonMapper.generateComponentModel(descriptor(scheme));
        assertThat(model.getEndpointParameterOptions())
                .filteredOn(o -> !isCamels(o))
                .isNotEmpty()
                .allSatisfy(o -> {
                    assertThat(page).contains("| `" + o.getName() + "` |").contains(o.getDescription());
                    if (o.getDefaultValue() != null) {
                        assertThat(page).contains("| `" + o.getName() + "` | `" + o.getDefaultValue() + "` |");
                    }
                });
        assertThat(model.getEndpointHeaders()).isNotEmpty().allSatisfy(h -> assertThat(page)
                .contains("| `" + h.getName() + "` |"));
    }

    @Test
    void urisAreValidated() throws IOException {
        DefaultCamelCatalog catalog = new DefaultCamelCatalog();
        catalog.addComponent("suppression", SuppressionComponent.class.getName(), descriptor("suppression"));
        catalog.addComponent("bounce", BounceComponent.class.getName(), descriptor("bounce"));
        assertThat(catalog.validateEndpointProperties("suppression:default?operation=APPLY&unauthenticated=COUNT")
                        .isSuccess())
                .isTrue();
        assertThat(catalog.validateEndpointProperties(
                                "suppression:default?consumer=crm&batchSize=10&retryDelay=1m&delay=50")
                        .isSuccess())
                .isTrue();
        assertThat(catalog.validateEndpointProperties("suppression:default?operation=UNDOO")
                        .getInvalidEnum())
                .containsKey("operation");
        assertThat(catalog.validateEndpointProperties("suppression:default?retryDelay=soon")
                        .getInvalidDuration())
                .containsKey("retryDelay");
        assertThat(catalog.validateEndpointProperties("bounce:default?ruels=file:x.yaml")
                        .getUnknown())
                .containsExactly("ruels");
        assertThat(JsonMapper.generateComponentModel(descriptor("bounce")).getEndpointOptions())
                .filteredOn(o -> o.getName().equals("tokenSecret"))
                .singleElement()
                .matches(ComponentModel.EndpointOptionModel::isSecret);
    }

    /** Options that endpoints of all components have. */
    private static boolean isCamels(ComponentModel.EndpointOptionModel option) {
        String group = option.getLabel() == null ? "" : option.getLabel();
        return group.contains("scheduler")
                || option.getName().equals("sendEmptyMessageWhenIdle")
                || option.getName().equals("pollStrategy")
                || option.getName().equals("exceptionHandler")
                || option.getName().equals("exchangePattern")
                || option.getName().equals("bridgeErrorHandler")
                || option.getName().equals("lazyStartProducer");
    }

    private static String descriptor(String scheme) throws IOException {
        try (InputStream in = DefaultComponent.class
                .getClassLoader()
                .getResourceAsStream("META-INF/io/github/cameldeliverability/" + scheme + "/" + scheme + ".json")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
