package io.github.cameldeliverability.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.camel.tooling.model.ComponentModel;
import org.apache.camel.tooling.model.JsonMapper;
import org.junit.jupiter.api.Test;

/** Options and headers in {@code docs/mailboxes.md} are those of the component's descriptor. */
class MailboxPageListsEveryOptionTest {

    @Test
    void eachOptionAndHeaderIsExplained() throws IOException {
        ComponentModel model;
        try (InputStream in = MailboxComponent.class.getResourceAsStream(
                "/META-INF/io/github/cameldeliverability/mailbox/mailbox.json")) {
            model = JsonMapper.generateComponentModel(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
        String page = Files.readString(Path.of("..", "docs", "mailboxes.md"));
        model.getEndpointParameterOptions().stream()
                .filter(o ->
                        "io.github.cameldeliverability.mailbox.MailboxConfiguration".equals(o.getConfigurationClass()))
                .forEach(o ->
                        assertThat(page).contains("| `" + o.getName() + "` |").contains(o.getDescription()));
        model.getEndpointHeaders()
                .forEach(h ->
                        assertThat(page).contains("| `" + h.getName() + "` |").contains(h.getDescription()));
        assertThat(model.getEndpointParameterOptions().stream()
                        .filter(o -> o.getName()
                                .toLowerCase(java.util.Locale.ROOT)
                                .matches(".*(password|secret|refreshtoken)"))
                        .toList())
                .hasSize(3)
                .allMatch(o -> o.isSecret());
    }
}
