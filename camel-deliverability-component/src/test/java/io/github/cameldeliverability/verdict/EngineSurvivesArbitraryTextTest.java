package io.github.cameldeliverability.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.mail.EnhancedStatus;
import io.github.cameldeliverability.mail.Permanence;
import io.github.cameldeliverability.mail.Reason;
import io.github.cameldeliverability.mail.ReplyEvidence;
import io.github.cameldeliverability.mail.SmtpReply;
import io.github.cameldeliverability.mail.Verdict;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** Remote bytes decide nothing but the verdict: no text makes the engine throw, hang or suppress without a reason. */
class EngineSurvivesArbitraryTextTest {

    private static final List<String> WORDS = List.of(
            "550",
            "5.1.1",
            "4.2.2",
            "user",
            "unknown",
            "mailbox",
            "full",
            "@",
            "<a@b.example>",
            "spam",
            "blocked",
            "192.0.2.1",
            "550-5.7.1",
            "\u0000",
            "\ud800",
            "пользователь",
            "не",
            "найден",
            "不存在",
            "*",
            "(#5.1.1)",
            "....",
            "2001:db8::1",
            "\"",
            "'@'",
            "e\u0301",
            "said:",
            "\t");

    @Property(tries = 3000)
    void anyStringIsJudged(@ForAll String text) {
        check(ReplyText.parse(text));
    }

    @Property(tries = 3000)
    void anySentenceIsJudged(@ForAll("sentences") String text) {
        check(ReplyText.parse(text));
        assertThat(Normaliser.normalise(text)).doesNotContain("  ");
    }

    @Property(tries = 1000)
    void anyCodesAreJudged(@ForAll("codes") int code, @ForAll("subjects") int subject, @ForAll("subjects") int detail) {
        EnhancedStatus status = new EnhancedStatus(code / 100, subject, detail);
        Verdict verdict = Replies.ENGINE.judge(
                new ReplyEvidence(Optional.of(code), Optional.of(status), Optional.empty(), Optional.empty(), ""));
        if (code < 500) {
            assertThat(verdict.isHard()).isFalse();
        }
    }

    @Provide
    Arbitrary<String> sentences() {
        return Arbitraries.of(WORDS).list().ofMaxSize(40).map(l -> String.join(" ", l));
    }

    @Provide
    Arbitrary<Integer> codes() {
        return Arbitraries.integers().between(400, 599);
    }

    @Provide
    Arbitrary<Integer> subjects() {
        return Arbitraries.integers().between(0, 999);
    }

    private static void check(ReplyEvidence evidence) {
        Verdict verdict = Replies.ENGINE.judge(evidence);
        assertThat(verdict.evidence().length()).isLessThanOrEqualTo(300);
        if (verdict.reason() == Reason.UNDEFINED) {
            assertThat(verdict.isHard()).isFalse();
        }
        if (evidence.code().filter(c -> c >= 400 && c < 500).isPresent()) {
            assertThat(verdict.permanence()).isEqualTo(Permanence.TRANSIENT);
        }
    }

    @Test
    void aHugeTextCostsNoMoreThanItsBound() {
        Random random = new Random(7);
        StringBuilder text = new StringBuilder("550 ");
        while (text.length() < 3_000_000) {
            text.append(WORDS.get(random.nextInt(WORDS.size()))).append(random.nextBoolean() ? " " : "");
        }
        String huge = text.toString();
        long start = System.nanoTime();
        for (int i = 0; i < 50; i++) {
            check(ReplyText.parse(huge));
        }
        assertThat(System.nanoTime() - start).isLessThan(5_000_000_000L);
        assertThat(Normaliser.normalise(huge).length()).isLessThanOrEqualTo(2 * Normaliser.MAX_INPUT);
    }

    @Test
    void aReplyOfTheSessionIsJudgedAsItsLine() {
        SmtpReply reply = SmtpReply.of(550, EnhancedStatus.parse("5.1.1"), List.of("No such", "user here"));
        Verdict verdict = Replies.ENGINE.judge(new ReplyEvidence(
                Optional.of(reply.code()), reply.enhanced(), Optional.empty(), Optional.empty(), reply.text()));
        assertThat(verdict.reason()).isEqualTo(Reason.USERUNKNOWN);
    }

    @Test
    void aPositiveReplyIsNoFailure() {
        assertThat(Replies.judge("250 2.0.0 user unknown to me, but fine").reason())
                .isEqualTo(Reason.DELIVERED);
    }
}
