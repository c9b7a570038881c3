package io.github.cameldeliverability.verdict;

import io.github.cameldeliverability.mail.ReplyEvidence;
import io.github.cameldeliverability.mail.SmtpPhase;
import io.github.cameldeliverability.mail.Verdict;
import java.util.Optional;

/** Short forms for tests: one engine, and verdicts of one-line replies. */
final class Replies {

    static final RulePackEngine ENGINE = RulePackEngine.builtIn();

    private Replies() {}

    static Verdict judge(String reply) {
        return ENGINE.judge(ReplyText.parse(reply));
    }

    static ReplyEvidence at(SmtpPhase phase, String reply) {
        ReplyEvidence e = ReplyText.parse(reply);
        return new ReplyEvidence(e.code(), e.enhanced(), Optional.of(phase), Optional.empty(), e.text());
    }

    static ReplyEvidence from(String provider, String reply) {
        ReplyEvidence e = ReplyText.parse(reply);
        return new ReplyEvidence(e.code(), e.enhanced(), e.phase(), Optional.of(provider), e.text());
    }
}
