package io.github.cameldeliverability.examples.karaf;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.mx.MxComponent;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Constants;

/** Reads the component's jar and its features file as they are delivered; a Karaf is not needed. */
class TheBundleNamesWhatItNeedsIT {

    private static final String OURS = "io.github.cameldeliverability.";

    /** A header's clauses are divided by the commas outside of quotes. */
    private static final Pattern COMMA = Pattern.compile(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)");

    private static final Pattern DEPENDENCY = Pattern.compile("(?s)<dependency>(.*?)</dependency>");

    private static Attributes manifest;

    @BeforeAll
    static void readManifest() throws Exception {
        URI jar = MxComponent.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI();
        try (JarFile file = new JarFile(Path.of(jar).toFile())) {
            manifest = file.getManifest().getMainAttributes();
        }
    }

    @Test
    void itIsABundleForJava17() {
        assertThat(manifest.getValue(Constants.BUNDLE_SYMBOLICNAME)).isEqualTo(OURS + "camel-deliverability");
        assertThat(manifest.getValue(Constants.BUNDLE_MANIFESTVERSION)).isEqualTo("2");
        assertThat(manifest.getValue(Constants.REQUIRE_CAPABILITY)).contains("(version=17)");
    }

    @Test
    void camelIsImportedFromTheVersionsThatWereRun() {
        assertThat(imports())
                .filteredOn(c -> c.startsWith("org.apache.camel") && !c.startsWith("org.apache.camel.spring"))
                .anyMatch(c -> c.startsWith("org.apache.camel.support;"))
                .allMatch(c -> c.contains("version=\"[4.14,5)\""));
    }

    @Test
    void springAndTheNativeProviderMayBeMissing() {
        assertThat(imports())
                .filteredOn(c -> c.startsWith("org.springframework.")
                        || c.startsWith("org.apache.camel.spring.")
                        || c.startsWith("com.amazon."))
                .isNotEmpty()
                .allMatch(c -> c.contains("resolution:=optional"));
    }

    @Test
    void nothingOfTheTestsIsImported() {
        assertThat(imports()).noneMatch(c -> c.startsWith("org.junit") || c.startsWith("org.assertj"));
    }

    @Test
    void whatRoutesAndBeansTouchIsExportedAndTheRestIsNot() {
        assertThat(clauses(Constants.EXPORT_PACKAGE))
                .extracting(c -> c.replaceFirst(";.*", ""))
                .contains(OURS + "mail", OURS + "mail.spi", OURS + "mx", OURS + "bounce", OURS + "suppression")
                .doesNotContain(OURS + "smtp", OURS + "dns", OURS + "dkim", OURS + "verdict", OURS + "autoconfigure");
    }

    @Test
    void theJarHasTheFilesByWhichCamelFindsIt() throws IOException {
        for (String name :
                List.of("component/mx", "component/bounce", "component/suppression", "TypeConverterLoader")) {
            try (InputStream in =
                    MxComponent.class.getResourceAsStream("/META-INF/services/org/apache/camel/" + name)) {
                assertThat(in).as(name).isNotNull();
            }
        }
    }

    @Test
    void theFeaturesFileIsFilledIn() throws IOException {
        assertThat(features()).doesNotContain("${").contains("mvn:io.github.cameldeliverability/camel-deliverability/");
    }

    /** A library that is added to the component's pom must be added to the feature, in the same version. */
    @Test
    void theFeatureHasTheLibrariesOfThePom() throws IOException {
        List<String> libraries = librariesOfThePom();
        assertThat(libraries).contains("netty-handler", "dnsjava", "flyway-core");
        List<String> missing = new ArrayList<>();
        for (String library : libraries) {
            String version = versionOnClassPath(library);
            if (!features().contains("/" + library + "/" + version)) {
                missing.add(library + " " + version);
            }
        }
        assertThat(missing).isEmpty();
    }

    /** Those that the component always has; Karaf brings the logger itself. */
    private static List<String> librariesOfThePom() throws IOException {
        String pom;
        try (InputStream in = MxComponent.class.getResourceAsStream(
                "/META-INF/maven/io.github.cameldeliverability/camel-deliverability/pom.xml")) {
            pom = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        return DEPENDENCY
                .matcher(pom)
                .results()
                .map(dependency -> dependency.group(1))
                .filter(d -> !d.contains("<scope>test") && !d.contains("<optional>true"))
                .map(d -> d.replaceFirst("(?s).*?<artifactId>(.*?)</artifactId>.*", "$1"))
                .filter(library -> !library.equals("slf4j-api"))
                .toList();
    }

    private static String versionOnClassPath(String library) {
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Path jar = Path.of(entry);
            // REPOSITORY/group/artifact/version/artifact-version.jar
            if (jar.getNameCount() > 3
                    && jar.getParent().getParent().getFileName().toString().equals(library)) {
                return jar.getParent().getFileName().toString();
            }
        }
        throw new AssertionError(library + " is not on the class path");
    }

    private static String features() throws IOException {
        return Files.readString(Path.of(System.getProperty("features")));
    }

    private static List<String> imports() {
        return clauses(Constants.IMPORT_PACKAGE);
    }

    private static List<String> clauses(String header) {
        return List.of(COMMA.split(manifest.getValue(header)));
    }
}
