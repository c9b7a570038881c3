package io.github.cameldeliverability.shaping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.cameldeliverability.mail.EffectKind;
import java.time.Duration;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RulesThatCannotWorkAreRefusedTest {

    @Test
    void theBuiltInRulesPassTheirOwnChecks() {
        Reactions rules = Rules.builtIn();

        assertThat(rules.ids())
                .containsExactly(
                        "source-refused",
                        "domain-refused",
                        "content-refused",
                        "complaints",
                        "unknown-users",
                        "hard-bounces",
                        "deferrals");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "scope: {provider: gmail} | no provider is called \"gmail\", so it would never match; known are",
                "when: {rule: nosuch/rule} | no verdict rule is called \"nosuch/rule\"",
                "when: {reason: blokked} | when: reason \"blokked\" is unknown; known are",
                "when: {fault: receipient} | when: fault \"receipient\" is unknown",
                "when: {fault: recipient} | is about one address, not about the lane",
                "when: {reason: [userunknown, mailboxfull]} | are about one address",
                "by: [source, country] | by \"country\" is unknown",
                "by: [tag] | suspend can",
                "by: [provider] | switch-source needs \"source\" in by",
                "by: [stream, provider] | stop-stream needs by: [stream]",
                "trigger: {count: 0} | trigger: count must be a whole number from 1",
                "trigger: {ratio: 130%} | ratio must be a share",
                "trigger: {window: soon} | window must be a time such as 90s",
                "effect: {slow: 100%} | slow must be the share that is left",
                "effect: {cap: fast} | cap must be a rate",
                "effect: {suspend: 1h, longest: 5m} | longest must not be shorter",
                "effect: {} | must name one of slow, cap, suspend, switch-source, stop-stream",
                "effekt: {suspend: 1h} | unknown key \"effekt\"",
                "takes: ['550 5.1.1 user unknown'] | takes the sample",
                "leaves: ['554 5.7.1 Client host [192.0.2.1] blocked using zen.spamhaus.org'] | leaves the sample",
                "takes: ['no code'] | must begin with a reply code",
                "id: 'A B' | id must be small letters",
            })
    void aRuleThatCouldNeverDoAnythingIsRefusedWithItsPlace(String change, String message) {
        String effect = message.contains("suspend can")
                ? "{slow: 50%}"
                : message.contains("switch-source")
                        ? "{switch-source: 6h}"
                        : message.contains("stop-stream needs") ? "{stop-stream: until-revived}" : "{suspend: 1h}";
        String yaml = "reactions:\n  - id: mine\n    when: {reason: blocked}\n    effect: " + effect + "\n";
        String key = change.substring(0, change.indexOf(':'));
        String changed = yaml.contains(key + ": ")
                ? yaml.replaceFirst("(?m)" + key + ": .*$", java.util.regex.Matcher.quoteReplacement(change))
                : yaml + "    " + change + "\n";

        assertThatThrownBy(() -> Rules.of(changed))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("my.yaml: ")
                .hasMessageContaining(message);
    }

    @Test
    void twoRulesOfOneIdAndTwoThatReactAlikeAreRefused() {
        String one = "  - {id: a, when: {reason: blocked}, effect: {suspend: 1h}}\n";

        assertThatThrownBy(() -> Rules.of("reactions:\n" + one + one)).hasMessageContaining("two rules have the id a");
        assertThatThrownBy(() -> Rules.of("reactions:\n" + one + one.replace("id: a", "id: b")))
                .hasMessageContaining("rules a and b react alike");
    }

    @Test
    void guardsNeedABound() {
        assertThatThrownBy(() -> Rules.of("guard:\n  - {id: g, watch: complaints, effect: {suspend: 1h}}"))
                .hasMessageContaining("say what is too much");
        assertThatThrownBy(() -> Rules.of("guard:\n  - {id: g, watch: deferrals, factor: 4, effect: {suspend: 1h}}"))
                .hasMessageContaining("needs floor");
        assertThatThrownBy(
                        () -> Rules.of(
                                "guard:\n  - {id: g, watch: complaints, scope: {provider: gmail}, limit: 1%, effect: {slow: 50%}}"))
                .hasMessageContaining("no provider is called \"gmail\"");
    }

    @Test
    void usersRulesReplaceAndSwitchOffBuiltInOnes() {
        Reactions mine = Rules.builtIn()
                .with(
                        Rules.of(
                                """
                        off: [content-refused, deferrals]
                        reactions:
                          - id: source-refused
                            when: {reason: blocked, permanence: permanent}
                            scope: {provider: yahoo}
                            trigger: {count: 3, ratio: 50%, window: 5m}
                            effect: {switch-source: 6h, longest: 1d, step: 10s}
                        """));

        assertThat(mine.ids()).doesNotContain("content-refused", "deferrals").contains("source-refused", "complaints");
        ReactionRule rule = mine.rule("source-refused").orElseThrow();
        assertThat(rule.action().kind()).isEqualTo(EffectKind.SWITCH_SOURCE);
        assertThat(rule.action().length(0)).isEqualTo(Duration.ofHours(6));
        assertThat(rule.action().length(9)).isEqualTo(Duration.ofDays(1));
        assertThat(rule.trigger().sample()).isEqualTo(3);
    }

    @Property(tries = 300)
    void anyTextIsRulesOrARefusalInWords(@ForAll String text) {
        try {
            Rules.of(text);
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageStartingWith("my.yaml");
        }
    }

    @Example
    void anEmptyFileHoldsNoRules() {
        assertThat(Rules.of("").ids()).isEmpty();
    }
}
