package io.github.cameldeliverability.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.mail.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the pages point at is there, and what they show is what is tested. */
class DocumentationIsTrueTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s]+)(?:#[^)]*)?\\)");

    /** A parameter of a template with its description. */
    private static final Pattern PARAMETER = Pattern.compile("(?m)^ {6}- name: (\\w+)\n {8}description: \"?(.*?)\"?$");

    @Test
    void eachLinkLeadsSomewhere() throws IOException {
        List<String> broken = new ArrayList<>();
        for (Path page : pages()) {
            Matcher m = LINK.matcher(Files.readString(page));
            while (m.find()) {
                String target = m.group(1);
                if (!target.contains("://") && !Files.exists(page.resolveSibling(target))) {
                    broken.add(ROOT.relativize(page) + " -> " + target);
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    @Test
    void eachPageIsInTheIndex() throws IOException {
        String index = Files.readString(ROOT.resolve("docs/README.md"));
        for (Path page : pages()) {
            if (page.getParent().equals(ROOT.resolve("docs")) && !page.endsWith("README.md")) {
                assertThat(index).contains("(" + page.getFileName() + ")");
            }
        }
    }

    @Test
    void theExampleOfTheReadmeIsATestOfOurs() throws IOException {
        String readme = Files.readString(ROOT.resolve("README.md"));
        String example = readme.substring(readme.indexOf("<!-- example: testkit/ReadmeExampleTest.java -->"));
        String code = example.substring(example.indexOf("```java\n") + 8, example.indexOf("\n```\n"));
        assertThat(Files.readString(
                        Path.of("src/test/java/io/github/cameldeliverability/testkit/ReadmeExampleTest.java")))
                .contains(code);
    }

    @Test
    void eachReasonIsExplained() throws IOException {
        List<String> lines = Files.readAllLines(ROOT.resolve("docs/verdicts.md"));
        for (Reason reason : Reason.values()) {
            String end = "| " + reason.usualFault().id() + " | " + (reason.meansDeadAddress() ? "yes" : "") + " |";
            assertThat(lines)
                    .as("a line for " + reason.id() + " that ends in " + end)
                    .anyMatch(line -> line.startsWith("| `" + reason.id() + "` |") && line.endsWith(end));
        }
    }

    @Test
    void eachParameterOfTheTemplatesIsExplained() throws IOException {
        String page = Files.readString(ROOT.resolve("docs/routes.md"));
        try (Stream<Path> files =
                Files.list(ROOT.resolve("routes/src/main/resources/camel-deliverability/templates"))) {
            for (Path file : files.toList()) {
                Matcher parameter = PARAMETER.matcher(Files.readString(file));
                while (parameter.find()) {
                    assertThat(page)
                            .contains("| `" + parameter.group(1) + "` |")
                            .contains(parameter.group(2));
                }
            }
        }
    }

    private static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>();
        try (Stream<Path> top = Files.list(ROOT);
                Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            Stream.concat(top, docs).filter(f -> f.toString().endsWith(".md")).forEach(pages::add);
        }
        return pages;
    }
}
