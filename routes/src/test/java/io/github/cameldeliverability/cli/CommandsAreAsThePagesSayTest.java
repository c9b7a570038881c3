package io.github.cameldeliverability.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What the pages show of the command line exists, and what exists they show. */
class CommandsAreAsThePagesSayTest {

    private static final Path DOCS = Path.of("../docs");
    private static final Pattern CALL = Pattern.compile("(?:deliverability|deliverability\\.jar) ([a-z][a-z -]*)");
    private static final Pattern OPTION = Pattern.compile("(?<![\\w-])--[a-z][a-z-]+");

    private final Map<String, CommandLine> commands = new TreeMap<>();

    CommandsAreAsThePagesSayTest() {
        add("", new CommandLine(Deliverability.class));
    }

    private void add(String path, CommandLine command) {
        commands.put(path, command);
        command.getSubcommands().forEach((name, sub) -> add(path.isEmpty() ? name : path + " " + name, sub));
    }

    @Test
    void eachOptionOfAPageIsOneOfTheCommandsOptions() throws IOException {
        Set<String> all = new TreeSet<>();
        commands.values()
                .forEach(c -> all.addAll(c.getCommandSpec().optionsMap().keySet()));
        for (Path page : pages()) {
            Matcher m = OPTION.matcher(Files.readString(page));
            while (m.find()) {
                assertThat(all).as(page.toString()).contains(m.group());
            }
        }
    }

    @Test
    void eachCallOfAPageHasTheOptionsThatItIsGiven() throws IOException {
        int calls = 0;
        for (Path page : pages()) {
            for (String line : Files.readString(page).replace("\\\n", " ").split("\n|`")) {
                Matcher call = CALL.matcher(line);
                if (!call.find() || !line.contains(" --")) {
                    continue;
                }
                String path = path(call.group(1));
                if (path.isEmpty() || !commands.get(path).getSubcommands().isEmpty()) {
                    continue;
                }
                calls++;
                Matcher m = OPTION.matcher(line.replaceAll("#.*|[\"|>].*", ""));
                while (m.find()) {
                    assertThat(commands.get(path).getCommandSpec().optionsMap())
                            .as(page + ": " + line)
                            .containsKey(m.group());
                }
            }
        }
        assertThat(calls).isGreaterThan(20);
    }

    /** As much of the words as names a command. */
    private String path(String words) {
        String path = "";
        for (String word : words.strip().split(" +")) {
            String longer = path.isEmpty() ? word : path + " " + word;
            if (!commands.containsKey(longer)) {
                return path;
            }
            path = longer;
        }
        return path;
    }

    @Test
    void eachCommandIsOnItsPage() throws IOException {
        String page = Files.readString(DOCS.resolve("command-line.md"));
        commands.keySet().stream().filter(path -> !path.isEmpty()).forEach(path -> {
            for (String word : path.split(" ")) {
                assertThat(page).as(path).containsPattern("\\b" + word + "\\b");
            }
        });
    }

    private static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>(List.of(Path.of("../README.md")));
        try (Stream<Path> files = Files.list(DOCS)) {
            files.filter(f -> f.toString().endsWith(".md")).sorted().forEach(pages::add);
        }
        return pages;
    }
}
