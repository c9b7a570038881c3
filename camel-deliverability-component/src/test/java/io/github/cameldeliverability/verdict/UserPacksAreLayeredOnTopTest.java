package io.github.cameldeliverability.verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.cameldeliverability.mail.Fault;
import io.github.cameldeliverability.mail.Permanence;
import io.github.cameldeliverability.mail.Reason;
import io.github.cameldeliverability.mail.Verdict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UserPacksAreLayeredOnTopTest {

    private static final String OURS =
            """
            pack: ours
            rules:
              - id: partner-full
                match: {code: [5xx], text: ["user unknown"], with: ["partner gateway"]}
                verdict: {reason: mailboxfull, permanence: transient}
                samples:
                  positive: ["550 User unknown at the partner gateway"]
                  negative: ["550 User unknown"]
            """;

    @Test
    void aUsersRuleBeatsTheBuiltInOnes() {
        RulePackEngine engine = Replies.ENGINE.withUserPackTexts(List.of(OURS));
        Verdict verdict = engine.judge(ReplyText.parse("550 5.1.1 User unknown, says partner gateway 7"));
        assertThat(verdict.ruleId()).isEqualTo("ours/partner-full");
        assertThat(verdict.reason()).isEqualTo(Reason.MAILBOXFULL);
        assertThat(verdict.permanence()).isEqualTo(Permanence.TRANSIENT);
        assertThat(verdict.fault()).isEqualTo(Fault.RECIPIENT);
        assertThat(engine.judge(ReplyText.parse("550 5.1.1 User unknown")).reason())
                .isEqualTo(Reason.USERUNKNOWN);
    }

    @Test
    void theOldEngineIsUnchangedAndTheNextReloadStartsFromTheBuiltInPacks() {
        RulePackEngine engine = Replies.ENGINE.withUserPackTexts(List.of(OURS));
        assertThat(Replies.ENGINE.ruleIds()).doesNotContain("ours/partner-full");
        assertThat(engine.withUserPackTexts(List.of()).ruleIds()).isEqualTo(Replies.ENGINE.ruleIds());
    }

    @Test
    void aLaterPackOverridesAnEarlierOne() {
        String theirs = OURS.replace("pack: ours", "pack: theirs").replace("mailboxfull", "suspend");
        RulePackEngine engine = Replies.ENGINE.withUserPackTexts(List.of(OURS, theirs));
        assertThat(engine.matching(ReplyText.parse("550 user unknown, partner gateway")))
                .startsWith("theirs/partner-full", "ours/partner-full");
    }

    @Test
    void aRuleOfHigherPriorityIsAskedFirst() {
        String pack =
                """
                pack: ours
                rules:
                  - id: second
                    match: {text: ["odd words"], with: ["b"]}
                    verdict: {reason: onhold}
                    samples: {positive: ["550 odd words b"], negative: ["550 words"]}
                  - id: first
                    priority: 5
                    match: {text: ["odd words"], with: ["a"]}
                    verdict: {reason: suspend}
                    samples: {positive: ["550 odd words a"], negative: ["550 words"]}
                """
                        .replace("[\"b\"]", "[\"bb\"]")
                        .replace("words b\"", "words bb\"")
                        .replace("[\"a\"]", "[\"aa\"]")
                        .replace("words a\"", "words aa\"");
        RulePackEngine engine = Replies.ENGINE.withUserPackTexts(List.of(pack));
        assertThat(engine.judge(ReplyText.parse("550 odd words aa bb")).ruleId())
                .isEqualTo("ours/first");
    }

    @Test
    void filesAndDirectoriesAreRead(@TempDir Path dir) throws Exception {
        Files.writeString(dir.resolve("b.yaml"), OURS);
        Files.writeString(dir.resolve("notes.txt"), "not a pack");
        assertThat(Replies.ENGINE.withUserPacks(List.of(dir)).ruleIds()).contains("ours/partner-full");
        assertThat(Replies.ENGINE.withUserPacks(List.of(dir.resolve("b.yaml"))).ruleIds())
                .contains("ours/partner-full");
        assertThatThrownBy(() -> Replies.ENGINE.withUserPacks(List.of(dir.resolve("missing.yaml"))))
                .isInstanceOf(RulePackException.class)
                .hasMessageContaining("missing.yaml");
    }

    /** What is replaced in a good pack, by what, and what the refusal must say. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            reason: mailboxfull      | reason: mailboxfool        | rule partner-full: verdict: reason is unknown: "mailboxfool"
            permanence: transient    | permanence: now            | rule partner-full: verdict: permanence is unknown: "now"
            permanence: transient    | fault: them                | rule partner-full: verdict: fault is unknown: "them"
            permanence: transient    | hard: true                 | unknown key "hard"
            code: [5xx]              | code: [6xx]                | rule partner-full: match: code is unknown: "6xx"
            code: [5xx]              | enhanced: ["5.1"]          | enhanced is unknown: "5.1"
            code: [5xx]              | phase: [reply]             | phase is unknown: "reply"
            code: [5xx]              | provider: [nobody.example] | names the provider "nobody.example", which no pack lists
            code: [5xx]              | codes: [5xx]               | unknown key "codes"
            code: [5xx]              | regex: "(unclosed"         | is no regular expression
            ["user unknown"]         | ["x"]                      | phrase "x" is too short
            pack: ours               | pack: general              | there is another pack named "general"
            pack: ours               | pack: Our Pack             | must be lower-case letters
            at the partner gateway   | at the gateway             | partner-full does not take its positive sample "550 User unknown at the gateway"
            ["550 User unknown"]     | ["550 user unknown partner gateway"] | partner-full takes its negative sample
            ["550 User unknown"]     | []                         | negative needs at least one sample
            rules:                   | rules: {                   | not valid YAML
            """)
    void isRefusedWithTheReason(String good, String bad, String message) {
        String yaml = OURS.replace(good, bad);
        assertThat(yaml).isNotEqualTo(OURS);
        assertThatThrownBy(() -> Replies.ENGINE.withUserPackTexts(List.of(yaml)))
                .isInstanceOf(RulePackException.class)
                .hasMessageContaining("user pack 1")
                .hasMessageContaining(message);
    }

    @Test
    void aUsersPackCannotPlaceItselfAmongTheBuiltInLayers() {
        assertThatThrownBy(() -> Replies.ENGINE.withUserPackTexts(List.of("layer: iana\n" + OURS)))
                .hasMessageContaining("layer must be user or left out");
    }

    @Test
    void aRuleThatWouldTakeEverythingIsRefused() {
        String yaml = OURS.replace("code: [5xx], text: [\"user unknown\"], with: [\"partner gateway\"]", "");
        assertThatThrownBy(() -> Replies.ENGINE.withUserPackTexts(List.of(yaml)))
                .hasMessageContaining("would take everything");
    }

    @Test
    void aRuleHiddenByAnEarlierOneIsRefused() {
        String yaml = OURS
                + """
                  - id: never
                    match: {text: ["user unknown at the partner gateway"]}
                    verdict: {reason: suspend}
                    samples: {positive: ["550 user unknown at the partner gateway"], negative: ["550 no"]}
                """;
        assertThatThrownBy(() -> Replies.ENGINE.withUserPackTexts(List.of(yaml)))
                .hasMessageContaining("rule never is not asked")
                .hasMessageContaining("ours/partner-full takes it first");
    }

    @Test
    void twoRulesOfOneIdAreRefused() {
        String rule = OURS.substring(OURS.indexOf("  - id"));
        assertThatThrownBy(() -> Replies.ENGINE.withUserPackTexts(List.of(OURS + rule)))
                .hasMessageContaining("two rules of this id");
    }

    @Test
    void aPackMayDeclareItsOwnProvider() {
        String yaml = OURS.replace("rules:", "providers: [corp]\nrules:")
                .replace("code: [5xx]", "provider: [corp]")
                .replace(
                        "[\"550 User unknown at the partner gateway\"]",
                        "[{reply: \"550 User unknown at the partner" + " gateway\", provider: corp}]");
        assertThat(Replies.ENGINE.withUserPackTexts(List.of(yaml)).ruleIds()).contains("ours/partner-full");
    }
}
