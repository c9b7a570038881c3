package io.github.cameldeliverability.mx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.apache.camel.catalog.DefaultCamelCatalog;
import org.apache.camel.catalog.EndpointValidationResult;
import org.apache.camel.tooling.model.ComponentModel;
import org.apache.camel.tooling.model.JsonMapper;
import org.junit.jupiter.api.Test;

class CatalogKnowsTheOptionsTest {

    @Test
    void urisAreValidated() throws Exception {
        DefaultCamelCatalog catalog = new DefaultCamelCatalog();
        catalog.addComponent("mx", MxComponent.class.getName(), descriptor());

        assertThat(catalog.validateEndpointProperties(
                                "mx:news?from=a@example.com&deliveryMode=DIRECT&maxAge=2h&messageRate=5.5&tlsPolicy=VERIFY")
                        .isSuccess())
                .isTrue();
        assertThat(validate(catalog, "mx:news?form=a@example.com").getUnknown()).containsExactly("form");
        assertThat(validate(catalog, "mx:news?deliveryMode=LATER").getInvalidEnum())
                .containsKey("deliveryMode");
        assertThat(validate(catalog, "mx:news?batchSize=many").getInvalidInteger())
                .containsKey("batchSize");
        assertThat(validate(catalog, "mx:news?maxAge=long").getInvalidDuration())
                .containsKey("maxAge");
    }

    @Test
    void aUserSeesFewPlainOptions() throws Exception {
        ComponentModel model = JsonMapper.generateComponentModel(descriptor());
        assertThat(model.getEndpointParameterOptions())
                .filteredOn(
                        o -> !o.getLabel().contains("advanced") && !o.getLabel().contains("security"))
                .hasSizeLessThan(15);
        assertThat(model.getEndpointOptions())
                .allSatisfy(o -> assertThat(o.getDescription()).as(o.getName()).isNotBlank());
        assertThat(model.getEndpointOptions())
                .filteredOn(
                        o -> o.getName().startsWith("dkimKey") || o.getName().equals("dkimSigners"))
                .hasSize(2)
                .allMatch(ComponentModel.EndpointOptionModel::isSecret);
    }

    private static EndpointValidationResult validate(DefaultCamelCatalog catalog, String uri) {
        EndpointValidationResult r = catalog.validateEndpointProperties(uri);
        assertThat(r.isSuccess()).as(uri).isFalse();
        return r;
    }

    private static String descriptor() throws IOException {
        try (InputStream in =
                MxComponent.class.getResourceAsStream("/META-INF/io/github/cameldeliverability/mx/mx.json")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
