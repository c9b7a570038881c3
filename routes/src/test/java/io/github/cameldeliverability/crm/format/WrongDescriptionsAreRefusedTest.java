package io.github.cameldeliverability.crm.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WrongDescriptionsAreRefusedTest {

    private static final String GOOD =
            """
            system: x
            title: X
            base: http://localhost
            targets:
              - id: contacts
                states: {optout: {no_mail: true}}
                write: {call: {put: /x}}
            """;

    @Test
    void aGoodOneIsRead() {
        assertThat(SystemReader.parse("x", GOOD).targets()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"no_mail: false", "status: subscribed", "status: Active", "list: [{optIn: '0'}]"})
    void oneThatOptsIn(String field) {
        assertThatThrownBy(() -> SystemReader.parse("x", GOOD.replace("no_mail: true", field)))
                .hasMessageContaining("targets.contacts.optout.")
                .hasMessageContaining("would opt somebody in");
    }

    @Test
    void anUnknownWordIsNamedWithItsPlace() {
        assertThatThrownBy(() -> SystemReader.parse("x", GOOD.replace("id: contacts", "id: contacts\n    wirte: 1")))
                .hasMessageContaining("targets")
                .hasMessageContaining("wirte");
    }

    @Test
    void aCallWithTwoMethods() {
        assertThatThrownBy(() -> SystemReader.parse("x", GOOD.replace("put: /x", "put: /x, post: /y")))
                .hasMessageContaining("exactly one of");
    }

    @Test
    void whatIsNoYaml() {
        assertThatThrownBy(() -> SystemReader.parse("x", "system: [")).hasMessageContaining("is no YAML");
        assertThatThrownBy(() -> SystemReader.parse("x", "")).hasMessageContaining("is empty");
    }

    @Test
    void oneThatIsNotThere() {
        assertThatThrownBy(() -> SystemReader.read("hubspott"))
                .hasMessageContaining("There is no system 'hubspott'")
                .hasMessageContaining("hubspot,");
        assertThatThrownBy(() -> SystemReader.read("../secret")).hasMessageContaining("Which system is");
    }
}
