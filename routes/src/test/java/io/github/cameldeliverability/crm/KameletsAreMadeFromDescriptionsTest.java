package io.github.cameldeliverability.crm;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.crm.format.SystemDescription;
import io.github.cameldeliverability.crm.format.SystemReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The kamelets of the systems; {@code -Ddocs.update=true} writes them anew. */
class KameletsAreMadeFromDescriptionsTest {

    private static final Path KAMELETS = Path.of("src/main/resources/kamelets");
    private static final Path SYSTEMS = Path.of("src/main/resources/camel-deliverability/crm");

    static List<String> systems() {
        return SystemReader.builtIn();
    }

    @ParameterizedTest
    @MethodSource("systems")
    void eachSystemHasItsKamelet(String system) throws IOException {
        SystemDescription d = SystemReader.read(system);
        compare(KameletText.sink(d), "suppression-" + system + "-sink");
        if (!d.pull().isEmpty()) {
            compare(KameletText.source(d), "suppression-" + system + "-source");
        }
    }

    @Test
    void soHasADescriptionOfTheUsers() throws IOException {
        compare(KameletText.anySink(), "suppression-crm-sink");
    }

    private static void compare(String wanted, String name) throws IOException {
        Path file = KAMELETS.resolve(name + ".kamelet.yaml");
        if (Boolean.getBoolean("docs.update")) {
            Files.writeString(file, wanted);
        }
        assertThat(file).as("run with -Ddocs.update=true").exists();
        assertThat(Files.readString(file)).as("run with -Ddocs.update=true").isEqualTo(wanted);
    }

    @Test
    void eachDescriptionIsListed() throws IOException {
        try (Stream<Path> files = Files.list(SYSTEMS)) {
            assertThat(files.map(f -> f.getFileName().toString())
                            .filter(f -> f.endsWith(".yaml"))
                            .map(f -> f.replace(".yaml", "")))
                    .containsExactlyInAnyOrderElementsOf(SystemReader.builtIn());
        }
    }
}
