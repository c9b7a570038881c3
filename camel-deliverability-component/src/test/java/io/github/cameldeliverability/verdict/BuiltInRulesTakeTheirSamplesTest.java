package io.github.cameldeliverability.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.mail.Verdict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The samples of each rule of the built-in packs get its reason, asked in the whole engine. */
class BuiltInRulesTakeTheirSamplesTest {

    private static final RulePackEngine ENGINE = RulePackEngine.builtIn();

    @TestFactory
    List<DynamicTest> everyRule() {
        List<DynamicTest> tests = new ArrayList<>();
        for (RulePack pack : PackFiles.builtIn()) {
            for (Rule rule : pack.rules()) {
                tests.add(DynamicTest.dynamicTest(pack.name() + "/" + rule.id(), () -> check(pack, rule)));
            }
        }
        return tests;
    }

    private static void check(RulePack pack, Rule rule) {
        String id = pack.name() + "/" + rule.id();
        for (Sample sample : rule.positive()) {
            Verdict verdict = ENGINE.judge(sample.evidence());
            // Another pack may know the same wording, and be asked earlier, as long as it says the same.
            assertThat(verdict.reason()).as(sample.reply()).isEqualTo(rule.reason());
            assertThat(verdict.ruleId()).as(sample.reply()).isNotEqualTo(RulePackEngine.NO_RULE);
        }
        for (Sample sample : rule.negative()) {
            assertThat(ENGINE.judge(sample.evidence()).ruleId())
                    .as(sample.reply())
                    .isNotEqualTo(id);
        }
    }

    @Test
    void everyRuleHasSamplesThatItTakesAndSamplesThatItLeaves() {
        assertThat(PackFiles.builtIn()).flatExtracting(RulePack::rules).allSatisfy(rule -> {
            assertThat(rule.positive()).as(rule.id()).isNotEmpty();
            assertThat(rule.negative()).as(rule.id()).isNotEmpty();
        });
    }

    @Test
    void thereAreNoFewerRulesThanPromised() {
        assertThat(ENGINE.ruleIds()).hasSizeGreaterThanOrEqualTo(300).doesNotHaveDuplicates();
    }

    @Test
    void theIndexNamesEveryPackFile() throws Exception {
        Path folder = Path.of("src/main/resources/io/github/cameldeliverability/verdict/packs");
        try (Stream<Path> files = Files.list(folder)) {
            TreeSet<String> yaml = files.map(f -> f.getFileName().toString())
                    .filter(f -> f.endsWith(".yaml"))
                    .collect(Collectors.toCollection(TreeSet::new));
            TreeSet<String> read =
                    PackFiles.builtIn().stream().map(RulePack::file).collect(Collectors.toCollection(TreeSet::new));
            assertThat(read).isEqualTo(yaml);
        }
    }

    @Test
    void noTwoPacksShareAName() {
        Map<String, Long> names =
                PackFiles.builtIn().stream().collect(Collectors.groupingBy(RulePack::name, Collectors.counting()));
        assertThat(names.values()).containsOnly(1L);
    }

    @Test
    void theLinterHasNothingToSay() {
        assertThat(new PackLinter(Set.of()).builtIn())
                .filteredOn(f -> f.severity() != LintFinding.Severity.NOTE)
                .isEmpty();
    }
}
