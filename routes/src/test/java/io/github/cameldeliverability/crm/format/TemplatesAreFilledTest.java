package io.github.cameldeliverability.crm.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TemplatesAreFilledTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Scope scope = Scope.EMPTY
            .with("address", "O'Hara+x@Example.net")
            .with("empty", "")
            .with("at", "2026-03-01T12:00:00Z")
            .with(
                    "record",
                    json(
                            """
                    {"id":7,"mails":[{"value":"a@b","out":false},{"value":"o'hara+X@example.net","out":true}],"odd.name":"z"}"""))
            .with("set", json("{\"UF_X\":\"a b\",\"UF_Y\":1}"));

    private static JsonNode json(String s) {
        try {
            return JSON.readTree(s);
        } catch (java.io.IOException e) {
            throw new IllegalArgumentException(e);
        }
    }

    @Test
    void filtersFollowEachOther() {
        assertThat(text("/c/${address|url}")).isEqualTo("/c/O%27Hara%2Bx%40Example.net");
        assertThat(text("${address|lower}")).isEqualTo("o'hara+x@example.net");
        assertThat(text("${address|lower|md5}")).hasSize(32);
        assertThat(text("email eq '${address|odata}'")).isEqualTo("email eq 'O''Hara+x@Example.net'");
        assertThat(text("Email = '${address|soql}'")).isEqualTo("Email = 'O\\'Hara+x@Example.net'");
        assertThat(text("${record.mails[*].value|soqlList}")).isEqualTo("'a@b','o\\'hara+X@example.net'");
        assertThat(text("${at|day}")).isEqualTo("2026-03-01");
        assertThat(text("${at|seconds}")).isEqualTo("1772366400");
        assertThat(text("${set|query:fields}")).isEqualTo("fields[UF_X]=a%20b&fields[UF_Y]=1");
        assertThat(text("${empty|or:x}${empty|prefix:,}")).isEqualTo("x");
    }

    @Test
    void waysFindTheAddressesOwnRow() {
        assertThat(text("${record.mails[value=$address].out}")).isEqualTo("true");
        assertThat(text("${record[\"odd.name\"]}")).isEqualTo("z");
        assertThat(text("${record.nothing.here}")).isEmpty();
    }

    @Test
    void oneHoleKeepsItsType() {
        assertThat(Template.parse("${record.id}").node(scope).isNumber()).isTrue();
        assertThat(Template.parse("${record.mails[*].value}").node(scope)).hasSize(2);
    }

    @Test
    void treesRepeatChooseAndMerge() {
        Object tree = Map.of(
                "rows",
                Map.of(
                        "$each", "${record.mails}",
                        "$as", "row",
                        "$do",
                                Map.of(
                                        "$merge",
                                        List.of(
                                                "${row}",
                                                Map.of(
                                                        "$if",
                                                        "${row.value|same:address}",
                                                        "$then",
                                                        Map.of("out", "new"))))),
                "left?",
                "${empty}",
                "${empty}",
                "no key");
        assertThat(Tree.render(tree, scope))
                .isEqualTo(json("{\"rows\":[{\"value\":\"a@b\",\"out\":false},"
                        + "{\"value\":\"o'hara+X@example.net\",\"out\":\"new\"}]}"));
    }

    @Test
    void mistakesAreNamed() {
        assertThatThrownBy(() -> text("${adress}")).hasMessageContaining("unknown name 'adress'");
        assertThatThrownBy(() -> text("${address|uppper}")).hasMessageContaining("unknown filter 'uppper'");
        assertThatThrownBy(() -> text("${record..x}")).hasMessageContaining("path not understood");
    }

    private String text(String template) {
        return Template.render(template, scope);
    }
}
