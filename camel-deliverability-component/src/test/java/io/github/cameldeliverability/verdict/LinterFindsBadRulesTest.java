package io.github.cameldeliverability.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.verdict.LintFinding.Severity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinterFindsBadRulesTest {

    private static final PackLinter LINTER = new PackLinter(Set.of("corp"));

    private static String pack(String match, String verdict, String positive) {
        return """
                pack: ours
                rules:
                  - id: one
                    match: {%s}
                    verdict: {%s}
                    samples: {positive: ["%s"], negative: ["250 ok"]}
                """
                .formatted(match, verdict, positive);
    }

    private static void assertFound(String yaml, Severity severity, String message) {
        assertThat(LINTER.text(yaml)).anySatisfy(f -> {
            assertThat(f.severity()).isEqualTo(severity);
            assertThat(f.message()).contains(message);
        });
    }

    @Test
    void aGoodRuleIsPraisedBySilence() {
        assertThat(LINTER.text(pack("text: [\"frobnication of mail\"]", "reason: onhold", "550 frobnication of mail")))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"permanence: permanent, fault: receiver", "permanence: transient, fault: recipient"})
    void aRuleIsHiddenByOneWithItsReasonAndAnotherPermanenceOrFault(String other) {
        RulePack first = layered("first", "reason: mailboxfull, permanence: transient, fault: receiver");
        RulePack second = layered("second", "reason: mailboxfull, " + other);
        RulePack alike = layered("alike", "reason: mailboxfull, permanence: transient, fault: receiver");
        assertThat(PackCheck.hiddenRules(second, new CompiledRules(List.of(first, second))))
                .singleElement()
                .asString()
                .contains("first/one takes it first");
        assertThat(PackCheck.hiddenRules(alike, new CompiledRules(List.of(first, alike))))
                .isEmpty();
    }

    private static RulePack layered(String name, String verdict) {
        return new RulePackReader(name, Layer.GENERAL)
                .read(pack("text: [\"frobnication of mail\"]", verdict, "450 frobnication of mail")
                        .replace("pack: ours", "pack: " + name));
    }

    @Test
    void brokenSample() {
        assertFound(
                pack("text: [\"frobnication\"]", "reason: onhold", "550 nothing of the kind"),
                Severity.ERROR,
                "does not take its positive sample");
    }

    @Test
    void unreadablePack() {
        assertFound("pack: [", Severity.ERROR, "not valid YAML");
    }

    @Test
    void unknownProvider() {
        assertFound(
                pack("provider: [elsewhere], text: [\"frobnication\"]", "reason: onhold", "550 frobnication"),
                Severity.WARNING,
                "which nobody defines");
        assertThat(LINTER.text(
                        pack("provider: [corp], text: [\"frobnication\"]", "reason: onhold", "550 frobnication")))
                .noneMatch(f -> f.message().contains("nobody defines"));
    }

    @Test
    void suppressionByCodeAloneWithoutTheGuard() {
        assertFound(
                pack("code: [550]", "reason: userunknown", "550 whatever")
                        .replace("    verdict:", "    guarded: false\n    verdict:"),
                Severity.WARNING,
                "without the guard");
    }

    @Test
    void overlapInsideALayer() {
        String yaml = pack("text: [\"frobnication\"]", "reason: onhold", "550 frobnication of mail")
                + """
                  - id: two
                    match: {text: ["frobnication of mail"], code: [4xx]}
                    verdict: {reason: suspend}
                    samples: {positive: ["450 frobnication of mail"], negative: ["250 ok"]}
                """;
        assertFound(yaml, Severity.NOTE, "overlaps with ours/one (onhold)");
        assertFound(yaml, Severity.WARNING, "ours/one takes it first");
    }

    @Test
    void thePhraseOfAnotherRule() {
        String yaml = pack("text: [\"frobnication\", \"other words\"]", "reason: onhold", "550 other words")
                + """
                  - id: two
                    match: {text: ["Frobnication", "new words"]}
                    verdict: {reason: suspend}
                    samples: {positive: ["450 new words"], negative: ["250 ok"]}
                """
                        .replace("Frob", "frob");
        assertFound(yaml, Severity.WARNING, "a second time; rule one has it already");
    }

    @ParameterizedTest
    @ValueSource(strings = {"(a+)+b", "(a|aa)*b", "(a*){2,}", "(x)\\\\1", "a*b*c*d*e*", "((ab)*c)+"})
    void dangerousExpressions(String regex) {
        assertFound(
                pack("text: [\"frobnication\"], regex: \"" + regex + "\"", "reason: onhold", "550 frobnication ab"),
                Severity.WARNING,
                "the expression");
    }

    @ParameterizedTest
    @ValueSource(strings = {"frob.*ion", "[(+*]+x", "\\\\(a+\\\\)+", "(?:one|two) frob", "^frob[a-z]+$"})
    void harmlessExpressions(String regex) {
        assertThat(RegexRisk.of(regex.replace("\\\\", "\\"))).isEmpty();
    }

    @Test
    void filesAreNamed(@TempDir Path dir) throws Exception {
        Path file = dir.resolve("bad.yaml");
        Files.writeString(file, pack("text: [\"frobnication\"]", "reason: onhold", "550 no"));
        assertThat(LINTER.files(List.of(file))).singleElement().satisfies(f -> assertThat(f.toString())
                .startsWith("error: " + file + ": rule one: does not take its positive sample"));
    }
}
