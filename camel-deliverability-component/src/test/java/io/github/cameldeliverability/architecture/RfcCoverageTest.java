package io.github.cameldeliverability.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/rfc-coverage.md} and the sources speak of the same RFCs and classes. */
class RfcCoverageTest {

    private static final Path SOURCES = Path.of("src", "main", "java", "io", "github", "cameldeliverability");
    private static final Path TABLE = Path.of("..", "docs", "rfc-coverage.md");

    private static final Pattern CITATION = Pattern.compile("\\bRFC ?(\\d{3,5})\\b");
    private static final Pattern NUMBER = Pattern.compile("\\d{3,5}");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    private record Row(String line, String rfc, String state, List<String> classes) {}

    @Test
    void eachRfcThatAClassCitesIsInTheTable() throws IOException {
        Set<String> known = rows().stream().map(Row::rfc).collect(Collectors.toCollection(TreeSet::new));
        Map<String, Set<String>> missing = new TreeMap<>();
        try (Stream<Path> files = Files.walk(SOURCES)) {
            for (Path file : (Iterable<Path>) files.filter(f -> f.toString().endsWith(".java"))::iterator) {
                Matcher m = CITATION.matcher(Files.readString(file));
                while (m.find()) {
                    if (!known.contains(m.group(1))) {
                        missing.computeIfAbsent("RFC " + m.group(1), k -> new TreeSet<>())
                                .add(SOURCES.relativize(file).toString());
                    }
                }
            }
        }
        assertThat(missing).as("RFCs that are cited and not in " + TABLE).isEmpty();
    }

    @Test
    void eachClassOfTheTableExists() throws IOException {
        Set<String> missing = rows().stream()
                .flatMap(row -> row.classes().stream())
                .filter(c -> !Files.exists(SOURCES.resolve(c + ".java")))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(missing).as("classes that " + TABLE + " names").isEmpty();
    }

    @Test
    void eachStateIsSaidAndWhatIsObeyedHasAClass() throws IOException {
        assertThat(rows()).isNotEmpty().allSatisfy(row -> {
            assertThat(row.state()).as(row.line()).isIn("yes", "partial", "no");
            if (!row.state().equals("no")) {
                assertThat(row.classes()).as(row.line()).isNotEmpty();
            }
        });
    }

    private static List<Row> rows() throws IOException {
        return Files.readAllLines(TABLE).stream()
                .filter(line -> line.startsWith("| ") && Character.isDigit(line.charAt(2)))
                .map(RfcCoverageTest::row)
                .toList();
    }

    private static Row row(String line) {
        List<String> cells = List.of(line.split("\\|", -1));
        assertThat(cells).as("cells of: " + line).hasSize(7);
        Matcher number = NUMBER.matcher(cells.get(1));
        assertThat(number.find()).as("a number begins: " + line).isTrue();
        List<String> classes =
                CODE.matcher(cells.get(4)).results().map(r -> r.group(1)).toList();
        return new Row(line, number.group(), cells.get(3).strip(), classes);
    }
}
