package io.github.cameldeliverability.feedback;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.mail.EnhancedStatus;
import io.github.cameldeliverability.mail.ReplyEvidence;
import io.github.cameldeliverability.mail.SmtpPhase;
import io.github.cameldeliverability.mail.Verdict;
import io.github.cameldeliverability.verdict.RulePackEngine;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The replies of {@code wordings.txt}: one meaning in several wordings, and the sender's faults that are never hard. */
class WordingsOfThirteenLanguagesAreJudgedTest {

    private static final RulePackEngine ENGINE = RulePackEngine.builtIn();

    static List<String> wordings() {
        return new String(Samples.resource("wordings.txt"), StandardCharsets.UTF_8)
                .lines()
                .filter(l -> !l.isBlank() && !l.startsWith("#"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("wordings")
    void asWritten(String line) {
        String[] want = line.split(" \\| ", 3);
        int code = Integer.parseInt(want[2].substring(0, 3));
        String text = want[2].substring(4);
        Optional<EnhancedStatus> enhanced = EnhancedStatus.parse(text.split(" ", 2)[0]);
        String words = enhanced.isPresent() ? text.split(" ", 2)[1] : text;
        Verdict v = ENGINE.judge(
                new ReplyEvidence(Optional.of(code), enhanced, Optional.of(SmtpPhase.RCPT), Optional.empty(), words));
        if (!want[0].equals("*")) {
            assertThat(v.reason().id()).as(v.ruleId()).isEqualTo(want[0]);
        }
        assertThat(v.isHard()).as(v.ruleId()).isEqualTo(want[1].equals("hard"));
    }
}
