package io.github.cameldeliverability.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The drawing of the house: floors, rooms, and the one room in which each third-party library lives. */
class HouseTest {

    private static final String BASE = "io.github.cameldeliverability.";

    /** Floors from the ground up. */
    private static final List<List<String>> FLOORS = List.of(
            List.of("mail"),
            List.of("smtp", "dns", "dkim", "auth", "feedback", "verdict", "shaping", "store", "compose", "token"),
            List.of("delivery", "intake", "audit"),
            List.of("mx", "bounce", "suppression", "mailbox", "deliverability", "autoconfigure"));

    /** Library package to the rooms that may use it. */
    private static final Map<String, List<String>> LIBRARIES = libraries();

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.github.cameldeliverability");

    private static Map<String, List<String>> libraries() {
        Map<String, List<String>> m = new LinkedHashMap<>();
        m.put("io.netty..", List.of("smtp"));
        m.put("org.xbill.DNS..", List.of("dns"));
        m.put("org.bouncycastle..", List.of("dkim"));
        m.put("com.amazon.corretto..", List.of("dkim"));
        m.put("org.apache.james.mime4j..", List.of("feedback"));
        m.put("org.snakeyaml..", List.of("verdict", "shaping"));
        m.put("java.sql..", List.of("store"));
        m.put("javax.sql..", List.of("store"));
        m.put("org.sqlite..", List.of("store"));
        m.put("com.zaxxer..", List.of("store"));
        m.put("org.flywaydb..", List.of("store"));
        m.put("jakarta.mail..", List.of("compose", "mailbox"));
        m.put("org.eclipse.angus..", List.of("mailbox"));
        m.put("jakarta.activation..", List.of("compose"));
        m.put("org.apache.camel..", FLOORS.get(3));
        m.put("io.micrometer..", List.of("suppression", "mx"));
        m.put("org.springframework..", List.of("autoconfigure"));
        return m;
    }

    @TestFactory
    List<DynamicTest> importsOnlyPointDownward() {
        List<DynamicTest> tests = new ArrayList<>();
        for (int floor = 0; floor < FLOORS.size(); floor++) {
            for (String room : FLOORS.get(floor)) {
                List<String> forbidden = new ArrayList<>();
                // The rooms of the roof may see each other: endpoints of one component family share their engine.
                if (floor < FLOORS.size() - 1) {
                    FLOORS.get(floor).stream().filter(r -> !r.equals(room)).forEach(forbidden::add);
                }
                FLOORS.subList(floor + 1, FLOORS.size()).forEach(forbidden::addAll);
                if (!forbidden.isEmpty()) {
                    ArchRule rule = noClasses()
                            .that()
                            .resideInAPackage(BASE + room + "..")
                            .should()
                            .dependOnClassesThat()
                            .resideInAnyPackage(
                                    forbidden.stream().map(r -> BASE + r + "..").toArray(String[]::new))
                            .allowEmptyShould(true);
                    tests.add(DynamicTest.dynamicTest(room, () -> rule.check(CLASSES)));
                }
            }
        }
        return tests;
    }

    @TestFactory
    List<DynamicTest> eachLibraryLivesInItsRoom() {
        List<DynamicTest> tests = new ArrayList<>();
        LIBRARIES.forEach((library, rooms) -> {
            ArchRule rule = noClasses()
                    .that()
                    .resideOutsideOfPackages(
                            rooms.stream().map(r -> BASE + r + "..").toArray(String[]::new))
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage(library)
                    .allowEmptyShould(true);
            tests.add(DynamicTest.dynamicTest(library + " only in " + rooms, () -> rule.check(CLASSES)));
        });
        return tests;
    }

    @Test
    void everyPackageIsARoomOfTheDrawing() {
        TreeSet<String> rooms = new TreeSet<>();
        FLOORS.forEach(rooms::addAll);
        TreeSet<String> found = new TreeSet<>();
        CLASSES.forEach(c -> {
            String rest = c.getPackageName().substring(BASE.length());
            found.add(rest.contains(".") ? rest.substring(0, rest.indexOf('.')) : rest);
        });
        found.removeAll(rooms);
        Assertions.assertThat(found).as("packages that are not in the drawing").isEmpty();
    }
}
