package io.github.cameldeliverability.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.mail.ReplyEvidence;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BuiltInRulesCanBeSwitchedOffTest {

    private static final ReplyEvidence FULL = new ReplyEvidence(
            Optional.of(552), Optional.empty(), Optional.empty(), Optional.empty(), "the mailbox is full");

    @Test
    void theNextRuleOrNoneDecides() {
        RulePackEngine engine = RulePackEngine.builtIn();
        String rule = engine.judge(FULL).ruleId();
        RulePackEngine less = engine.without(List.of(rule, "no/such-rule"));

        assertThat(less.ruleIds()).doesNotContain(rule).hasSize(engine.ruleIds().size() - 1);
        assertThat(less.judge(FULL).ruleId()).isNotEqualTo(rule);
        assertThat(engine.judge(FULL).ruleId()).isEqualTo(rule);
    }
}
