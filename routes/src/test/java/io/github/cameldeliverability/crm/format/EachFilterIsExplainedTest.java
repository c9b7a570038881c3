package io.github.cameldeliverability.crm.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The filters of the page are those that there are. */
class EachFilterIsExplainedTest {

    private static final Pattern NAME = Pattern.compile("`([a-z][A-Za-z0-9]*)(:[A-Z]+)?`");

    @Test
    void thePageNamesThemAllAndNoOthers() throws IOException {
        String page = Files.readString(Path.of("../docs/crm.md"));
        int from = page.indexOf("Filters: ");
        Matcher m = NAME.matcher(page.substring(from, page.indexOf("\n\n", from)));
        Set<String> named = new TreeSet<>();
        while (m.find()) {
            named.add(m.group(1));
        }
        assertThat(named).isEqualTo(Filters.names());
    }
}
