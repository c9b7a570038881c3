package io.github.cameldeliverability.verdict;

import io.github.cameldeliverability.mail.Permanence;
import io.github.cameldeliverability.mail.ReplyEvidence;
import io.github.cameldeliverability.mail.Verdict;
import io.github.cameldeliverability.mail.spi.VerdictEngine;
import java.util.Optional;

/**
 * A verdict in the three words that scripts and other programs ask for.
 *
 * @param reason the reason's name in lower case
 * @param hard whether the address or its domain is dead
 * @param retry whether the same message may be tried again as it is
 */
public record ReplyJudgement(String reason, boolean hard, boolean retry) {

    public static ReplyJudgement of(Verdict verdict) {
        return new ReplyJudgement(
                verdict.reason().id(), verdict.isHard(), verdict.permanence() == Permanence.TRANSIENT);
    }

    /** Judges one line of text such as {@code 550 5.1.1 no such user}. */
    public static ReplyJudgement of(VerdictEngine engine, String reply, Optional<String> provider) {
        ReplyEvidence e = ReplyText.parse(reply);
        return of(engine.judge(new ReplyEvidence(e.code(), e.enhanced(), e.phase(), provider, e.text())));
    }
}
